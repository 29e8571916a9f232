"""What a labeler does at the desk, each as one intention: look, go on, answer, decline."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.outlook import Pause
from labelhub.services import (
    check_in_prompts,
    elsewhere,
    mixing,
    rating,
    safeguarding,
    serving,
    today,
)
from labelhub.services.elsewhere import Elsewhere
from labelhub.services.showing import NotThere, Offered, Refused, Served, Shown
from labelhub.services.today import Today
from labelhub.store import assignments, labelers, replays
from labelhub.store.labelers import Place


@dataclass(frozen=True, slots=True)
class Ready:
    """Nothing is shown; the labeler continues by asking. `resuming`: an item is open."""

    place: Place
    resuming: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """An outcome and the small line about the day; after a refusal, where there is work."""

    outcome: Served | Ready
    today: Today | None
    elsewhere: tuple[Elsewhere, ...] = ()
    stands: bool = False  # the answer that was to be taken back was not
    home: str = ""  # the project the labeler works in, where a mild item of another came between
    check_in: bool = False  # the labeler is asked how they are (L-22)


_EVERYWHERE = frozenset({Pause.SUSPENDED, Pause.OWN_BREAK, Pause.SHOWING, Pause.BREAK, Pause.REST})
"""What holds in every project alike; after these nothing else is looked for."""


def look(session: Session, person_id: PersonId, slug: str, clock: Clock) -> Desk:
    """Return the desk without any text: what GET shows. Changes nothing."""
    glance = labelers.glance(session, person_id, slug, clock)
    if glance is None:
        return Desk(NotThere(), None)
    open_now = assignments.find_open(session, person_id)
    resuming = open_now is not None and open_now.slug == slug
    return Desk(Ready(glance.place, resuming), today.of(session, glance))


def go_on(session: Session, person_id: PersonId, slug: str, clock: Clock) -> Desk:
    """Serve what is open or next; asking to go on ends the labeler's own break."""
    safeguarding.come_back(session, person_id, slug, clock)
    return _from(slug, _with_today(session, mixing.serve(session, person_id, slug, clock)))


def serve(session: Session, person_id: PersonId, slug: str, clock: Clock) -> Desk:
    """Serve what is open or next, a break of the labeler's own still holding."""
    return _from(slug, _with_today(session, mixing.serve(session, person_id, slug, clock)))


def next_after(
    session: Session,
    person_id: PersonId,
    slug: str,
    clock: Clock,
    *,
    key: str,
    repeated: bool,
    accepted: rating.Accepted | None = None,
) -> Desk:
    """Serve the next item after an answer; a retry gets the same item or none, never another.

    *accepted* is the answer that was just given, so that it need not be read again.
    """
    if repeated:
        earlier = replays.find(session, person_id, key, "next")
        open_now = assignments.find_open(session, person_id)
        told = None if earlier is None else earlier.outcome.get("assignment")
        if earlier is not None and (open_now is None or open_now.id.hex != told):
            return look(session, person_id, slug, clock)
        there = slug if open_now is None else open_now.slug  # it may have been one in between
        again = serving.serve_next(session, person_id, there, clock)
        return _from(slug, _with_today(session, again, accepted))
    outcome = mixing.serve(session, person_id, slug, clock, key)
    seen = _from(slug, _with_today(session, outcome, accepted))
    if isinstance(outcome, NotThere):
        return seen
    return replace(seen, check_in=check_in_prompts.prompt(session, outcome.locked))


def reveal(
    session: Session, person_id: PersonId, slug: str, assignment_id: UUID, clock: Clock
) -> Desk:
    outcome = serving.reveal(session, person_id, slug, assignment_id, clock)
    return _with_today(session, outcome)


def undo(
    session: Session, person_id: PersonId, slug: str, clock: Clock, rating_id: UUID | None = None
) -> Desk:
    """Take back the answer that was meant, or say that it stands and change nothing."""
    outcome = rating.undo(session, person_id, slug, clock, rating_id)
    if isinstance(outcome, rating.Stands):
        return replace(look(session, person_id, slug, clock), stands=True)
    seen = _with_today(session, outcome)
    return replace(seen, stands=isinstance(outcome, Refused))


def _from(slug: str, seen: Desk) -> Desk:
    """Say where the labeler goes back to, if what they see is of another project."""
    outcome = seen.outcome
    between = isinstance(outcome, Shown | Offered) and outcome.locked.place.slug != slug
    return replace(seen, home=slug) if between else seen


def _with_today(session: Session, outcome: Served, accepted: rating.Accepted | None = None) -> Desk:
    if isinstance(outcome, NotThere):
        return Desk(outcome, None)
    others: tuple[Elsewhere, ...] = ()
    if isinstance(outcome, Refused) and outcome.standstill.pause not in _EVERYWHERE:
        others = elsewhere.for_labeler(session, outcome.locked)
    return Desk(outcome, today.of(session, outcome.locked, accepted), others)
