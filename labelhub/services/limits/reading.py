"""Limits as pages show them: what holds, which layer set it, and what is going to loosen."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Effective, Layer, effective
from labelhub.domain.welfare.loosening import Request, delay_of
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.services.limits import holding
from labelhub.services.limits.whose import Whose, of_labeler
from labelhub.store import gate_clock, joined, limit_requests, main_sleeps, people, policies


@dataclass(frozen=True, slots=True)
class Waiting:
    """A loosening that was asked for, with times as clocks on the wall show them.

    `asked_by` is a name, for colleagues alone; empty for the operator. `where` names the team or
    the project it is about, for a labeler.
    """

    request: Request
    asked_at: datetime
    ripe_at: datetime
    ripe: bool
    asked_by: str = ""
    mine: bool = False  # the reader asked for it
    where: str = ""


@dataclass(frozen=True, slots=True)
class Layered:
    """One layer's limits for whoever speaks for them."""

    layer: Layer
    own: Policy
    outer: Policy
    in_force: Policy
    set_here: tuple[str, ...]  # what the layer holds tighter than what holds outside it
    waiting: tuple[Waiting, ...]
    delay: timedelta


@dataclass(frozen=True, slots=True)
class InProject:
    """What holds for a labeler's work in one project; `title` is empty where they joined none."""

    title: str
    team: str
    limits: Effective


@dataclass(frozen=True, slots=True)
class Sleep:
    """The main sleep that counts, and the one that will; `waits_until` None: none waits."""

    now: MainSleep | None
    then: MainSleep | None = None
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """A labeler's limits, for their own eyes."""

    own: Layered
    places: tuple[InProject, ...]
    elsewhere: tuple[Waiting, ...]  # what others asked to loosen, and the labeler works under
    sleep: Sleep


def of_layer(session: Session, whose: Whose, reader: PersonId | None, clock: Clock) -> Layered:
    """Return one layer's limits, and what is asked for of them."""
    now = gate_clock.peek(session, clock).gate_time
    own, outer = holding.standing(session, whose, now)
    strictest = holding.strictest(session, whose, now)
    delay = delay_of(whose.layer, strictest)
    ahead = clock.now() - now
    requests = limit_requests.open_of(session, whose.layer, whose.subject)
    return Layered(
        layer=whose.layer,
        own=own,
        outer=outer,
        in_force=outer.tightened_by(own),
        set_here=tuple(name for name in bounds() if _tighter(own, outer, name)),
        waiting=tuple(_waiting(session, one, delay, now, ahead, reader) for one in requests),
        delay=delay,
    )


def of_labeler_self(session: Session, person_id: PersonId, clock: Clock) -> Mine:
    """Return all limits of a labeler, with the layer that each comes from."""
    now = gate_clock.peek(session, clock).gate_time
    ahead = clock.now() - now
    mine = joined.of_person(session, person_id)
    places = [
        InProject(
            one.title, one.team,
            policies.in_force(session, one.team_id, one.project_id, person_id, now),
        )
        for one in mine
    ]  # fmt: skip
    own = of_layer(session, of_labeler(session, person_id), person_id, clock)
    if not places:
        alone = {Layer.INSTALLATION: own.outer, Layer.LABELER: own.own}
        places = [InProject("", "", effective(alone))]
    return Mine(own, tuple(places), _elsewhere(session, mine, now, ahead), _sleep(
        session, person_id, now, ahead
    ))  # fmt: skip


def _tighter(own: Policy, outer: Policy, name: str) -> bool:
    """Whether the layer itself makes the limit stricter than it is outside."""
    mine, around = getattr(own, name), getattr(outer, name)
    return bool(bounds()[name].stricter(mine, around) != around)


def _waiting(
    session: Session,
    request: Request,
    delay: timedelta,
    now: datetime,
    ahead: timedelta,
    reader: PersonId | None,
) -> Waiting:
    asker = None if request.asked_by is None else people.find(session, request.asked_by)
    ripe_at = request.ripe_from(delay)
    return Waiting(
        request, request.asked_at + ahead, ripe_at + ahead,
        ripe=ripe_at <= now,
        asked_by="" if asker is None else asker.name,
        mine=request.asked_by is not None and request.asked_by == reader,
    )  # fmt: skip


def _elsewhere(
    session: Session, mine: list[joined.Joined], now: datetime, ahead: timedelta
) -> tuple[Waiting, ...]:
    """Return what is going to loosen around a labeler: when, and not who asked."""
    names = {(Layer.INSTALLATION, ""): ""}
    for one in mine:
        names[Layer.VENDOR, one.team_id.hex] = one.team
        names[Layer.PROJECT, one.project_id.hex] = one.title
    return tuple(
        replace(
            _waiting(session, one, _delay(session, one, now), now, ahead, None),
            asked_by="",
            where=names[one.layer, one.subject],
        )
        for one in limit_requests.open_of_many(session, list(names))
    )


def _delay(session: Session, request: Request, now: datetime) -> timedelta:
    layer = Whose(request.layer, request.subject, None)
    return delay_of(request.layer, holding.strictest(session, layer, now))


def _sleep(session: Session, person_id: PersonId, now: datetime, ahead: timedelta) -> Sleep:
    counts = main_sleeps.in_force(session, person_id, now)
    waits = main_sleeps.waiting(session, person_id, now)
    if waits is None:
        return Sleep(counts)
    return Sleep(counts, waits.sleep, waits.ripe_at + ahead)
