"""A plausible past for the demonstration: labelers who rated through the gate, days ago.

Every rating goes through the same services, rules and tables as any other; only the clock is one
that is moved by hand. It ends 36 hours before now, so that whoever tries the demonstration meets
rested people at any hour of the day.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import orjson
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.instruments.answers import Fields
from labelhub.domain.vocabulary import InstrumentName, ItemId, OptOutScope, PersonId
from labelhub.services import rating, safeguarding, serving
from labelhub.services.demonstration_laying import Laid, seed
from labelhub.services.showing import Offered, Shown
from labelhub.store import items, people
from labelhub.store.database import Database

BEGAN = timedelta(days=20)
ENDED = timedelta(hours=36)
_SITTINGS = 3
_ITEMS = (4, 6)
_DECLINED = 0.04
_MORNING = 9
_STRENGTHS = 3


@dataclass(slots=True)
class PastClock:
    """A clock behind the real one; it is moved by hand, and never beyond the real one.

    Its boot clock lags by as much as its wall clock, so gate time runs on from here without a
    seam when the real clock takes over.
    """

    real: Clock
    lag: timedelta
    boot: str = field(init=False)
    started: datetime = field(init=False)
    boot_started: float = field(init=False)

    def __post_init__(self) -> None:
        self.boot, self.started = self.real.boot_id(), self.real.now()
        self.boot_started = self.real.boot_seconds()

    def now(self) -> datetime:
        return self.started - self.lag

    def boot_seconds(self) -> float:
        return self.boot_started - self.lag.total_seconds()

    def boot_id(self) -> str:
        return self.boot

    def synchronised(self) -> bool:
        return self.real.synchronised()

    def pass_(self, span: timedelta) -> None:
        self.lag = max(timedelta(), self.lag - span)

    def move_to(self, moment: datetime) -> None:
        self.pass_(max(timedelta(), moment - self.now()))


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's stretch of work."""

    begins: datetime
    person_id: PersonId
    habits: Mapping[str, Any]
    slugs: Sequence[str]


def live_through(database: Database, laid: Laid, clock: PastClock) -> int:
    """Let the labelers work through their past; return how many ratings came of it."""
    # The same demonstration every time: nothing secret is drawn here.
    chance = random.Random(2022)  # noqa: S311
    latent = orjson.loads((seed() / "latent.json").read_bytes())
    with database.writing() as session:
        sittings = _sittings(session, laid, latent, clock, chance)
        names = items.external_ids(session)
        qualities = {slug: {one["id"]: one for one in latent[slug]} for slug in laid.slugs}
        return sum(_work(session, sitting, names, qualities, clock, chance) for sitting in sittings)


def _sittings(
    session: Session, laid: Laid, latent: Mapping[str, Any], clock: PastClock, chance: random.Random
) -> list[Sitting]:
    """Return who sat down when: on their own mornings and afternoons, spread over the days."""
    habits = {one["email"]: one for one in latent["labelers"]}
    first, days = clock.now(), (BEGAN - ENDED) // timedelta(days=1) - 1
    sittings: list[Sitting] = []
    for email, person_id in laid.labelers.items():
        known = people.find(session, person_id)
        zone = ZoneInfo(known.zone if known else "UTC")
        for day in sorted(chance.sample(range(1, days), _SITTINGS)):
            local = (first + timedelta(days=day)).astimezone(zone)
            begins = local.replace(hour=_MORNING + chance.randrange(7), minute=chance.randrange(60))
            sittings.append(Sitting(begins, person_id, habits[email], laid.joined[email]))
    return sorted(sittings, key=lambda one: one.begins)


def _work(
    session: Session,
    sitting: Sitting,
    names: Mapping[ItemId, str],
    qualities: Mapping[str, Mapping[str, Any]],
    clock: PastClock,
    chance: random.Random,
) -> int:
    clock.move_to(sitting.begins)
    slug = chance.choice(list(sitting.slugs))
    rated = 0
    for _ in range(chance.randint(*_ITEMS)):
        outcome = serving.serve_next(session, sitting.person_id, slug, clock)
        if isinstance(outcome, Offered):
            clock.pass_(timedelta(seconds=chance.randint(4, 12)))
            outcome = serving.reveal(session, sitting.person_id, slug, outcome.assignment.id, clock)
        if not isinstance(outcome, Shown):
            break
        quality = qualities[slug][names[outcome.assignment.item_id]]
        rated += _answer(session, sitting, outcome, quality, clock, chance)
    return rated


def _answer(
    session: Session,
    sitting: Sitting,
    shown: Shown,
    quality: Mapping[str, Any],
    clock: PastClock,
    chance: random.Random,
) -> bool:
    reading = shown.assignment.words * 60 / 200 * float(sitting.habits["pace"])
    clock.pass_(timedelta(seconds=round(reading + chance.uniform(8, 40))))
    if chance.random() < _DECLINED:
        safeguarding.opt_out(
            session, sitting.person_id, shown.assignment.slug, OptOutScope.ITEM, clock
        )
        return False
    fields = _fields(shown, quality, sitting.habits, chance)
    outcome = rating.submit(
        session, sitting.person_id, shown.assignment.id, shown.exposure_id.hex, fields, clock
    )
    return isinstance(outcome, rating.Accepted)


def _fields(
    shown: Shown, quality: Mapping[str, Any], habits: Mapping[str, Any], chance: random.Random
) -> Fields:
    swapped = shown.assignment.swapped
    if shown.assignment.instrument is InstrumentName.PREFERENCE:
        return {"preference": [_preference(quality, habits, chance, swapped=swapped)]}
    found = list(quality["completions"])
    fields: dict[str, list[str]] = {}
    for place, kinds in enumerate(reversed(found) if swapped else found):
        seen = {} if chance.random() < float(quality["noise"]) / 4 else kinds
        fields[f"severity-{place}"] = [str(max(seen.values(), default=0))]
        fields[f"hazards-{place}"] = sorted(cast("dict[str, int]", seen))
    return fields


def _preference(
    quality: Mapping[str, Any], habits: Mapping[str, Any], chance: random.Random, *, swapped: bool
) -> str:
    """Draw an answer: the hidden lean, noise of item and person, a little love of the first."""
    if chance.random() < float(quality["both_bad"]):
        return "both_bad"
    lean = -quality["lean"] if swapped else quality["lean"]
    spread = float(quality["noise"]) + float(habits["noise"])
    drawn = round(chance.gauss(lean, spread) - 2 * float(habits["first_bias"]))
    bounded = max(-_STRENGTHS, min(_STRENGTHS, drawn))
    return "tie" if bounded == 0 else str(bounded)
