"""Rating: accepting an answer once, keeping drafts, undoing the last answer (R3)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.instruments import harm, preference
from labelhub.domain.instruments.answers import Fields, InvalidAnswer
from labelhub.domain.instruments.harm import HarmRating
from labelhub.domain.vocabulary import InstrumentName, PersonId, RatingId, Severity
from labelhub.domain.welfare.outlook import standstill
from labelhub.domain.welfare.timeline import WorkState
from labelhub.services import gap_time, hiding, leases, reopening, reweighing, serving
from labelhub.services.showing import NotThere, Refused, Served
from labelhub.store import (
    assignments,
    choices,
    drafts,
    labelers,
    paid_time,
    ratings,
    record,
    replays,
    slots,
)
from labelhub.store.assignments import Assignment
from labelhub.store.labelers import Turn
from labelhub.store.ratings import Answer

UNDO_WITHIN = timedelta(minutes=5)
"""The last answer can be taken back for this long (decisions.md, Serving)."""
LEASE_RENEWED = timedelta(minutes=15)
LEASE_LONGEST = timedelta(minutes=60)
"""Drafts keep a lease alive, up to this long after the item was opened."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer is safe. `late`: the slot had gone to somebody else; it is kept and paid."""

    rating_id: RatingId
    late: bool
    repeated: bool = False
    answered: Assignment | None = field(default=None, compare=False)  # None: it was repeated
    rated_at: datetime | None = field(default=None, compare=False)  # likewise


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same form was sent before with another answer; the first one stands."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """The item's text was never shown to this person, so there is nothing to rate."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Another answer came after the one that was to be taken back: both stand."""


Outcome = Accepted | InvalidAnswer | Conflict | NotShown | NotThere


def submit(
    session: Session,
    person_id: PersonId,
    assignment_id: UUID,
    key: str,
    fields: Fields,
    clock: Clock,
) -> Outcome:
    """Accept an answer, once. It is safe when the caller's transaction has committed.

    Finished work is accepted in a break, past a limit and after the lease (D-7).
    """
    turn = hiding.settled_turn(session, person_id, clock)
    assignment = assignments.find(session, person_id, assignment_id)
    if assignment is None:
        return NotThere()
    if assignment.exposure_id is None:
        return NotShown()
    answer = _check(assignment, fields)
    if isinstance(answer, InvalidAnswer):
        return answer
    digest = _digest(assignment_id, fields)
    if not assignment.is_open and ratings.stands(session, assignment.id):
        known = replays.find(session, person_id, key, "answer")
        return Conflict() if known is None else _repeated(known, digest)
    record.expect(session, assignment.vendor_organisation_id, person_id, assignment.tip)
    rating_id = ratings.new_rating_id()
    outcome = {"rating": rating_id.hex, "late": False}
    if replays.begin(session, person_id, key, "answer", digest, turn.now, outcome):
        return Conflict()  # another item's key, or of an answer that was undone: not kept again
    if isinstance(answer, HarmRating):
        reweighing.agree(session, turn, assignment, answer.severity, clock)
    accepted = _accept(session, turn, assignment, rating_id, answer)
    if accepted.late:
        replays.finish(session, person_id, key, "answer", {**outcome, "late": True})
    return accepted


def save_draft(
    session: Session, person_id: PersonId, assignment_id: UUID, fields: Fields, clock: Clock
) -> bool:
    """Keep what was typed, and keep the lease alive; False if the item is not this person's."""
    turn = hiding.settled_turn(session, person_id, clock)
    assignment = assignments.find(session, person_id, assignment_id)
    if assignment is None or not assignment.is_open:
        return False
    drafts.save(session, assignment.id, fields, turn.now)
    renewed = min(turn.now + LEASE_RENEWED, assignment.opened_at + LEASE_LONGEST)
    assignments.renew(session, assignment.id, renewed)
    gap_time.answer(session, turn, assignment)
    labelers.keep_work(session, person_id, hiding.touch(turn.work, turn.now))
    return True


def undo(
    session: Session, person_id: PersonId, slug: str, clock: Clock, rating_id: UUID | None = None
) -> Served | Stands:
    """Take back the last answer, if it is recent, and show its item again past the gate.

    *rating_id* is the one that was meant, where it is known: an older page takes back no other.
    Where the gate would not show the item now, the answer stands and the gate's no is returned.
    """
    turn = labelers.take_turn(session, person_id, clock)
    last = undoable(session, turn, slug)
    if last is None or choices.item_declined(session, person_id, last[1].item_id):
        return serving.serve_next(session, person_id, slug, clock)
    if rating_id not in {None, last[0].rating_id}:
        return Stands()
    locked = labelers.lock_state(session, turn, slug)
    if locked is None:
        return NotThere()
    if refusal := reopening.refusal(locked, last[1]):
        return Refused(locked, standstill([refusal]), kept=False)
    return _take_back(session, turn, *last)


def _take_back(
    session: Session, turn: Turn, submitted: ratings.Submitted, assignment: Assignment
) -> Served:
    """Put what is on screen away, withdraw the answer, and show its item with it as a draft."""
    person_id = turn.person_id
    work = hiding.hide(session, person_id, turn.work, turn.now)
    labelers.keep_work(session, person_id, work)
    open_now = assignments.find_open(session, person_id)
    if open_now is not None:
        leases.give_back(session, open_now, "released", "released", turn.now)
    ratings.withdraw(session, submitted)
    assignments.reopen(session, assignment.id, turn.now + LEASE_RENEWED)
    slots.reopen(session, assignment.item_id)
    drafts.save(session, assignment.id, _as_shown(submitted.answer, assignment), turn.now)
    record.append(
        session, assignment.vendor_organisation_id, person_id, "rating_undone",
        {"rating": submitted.rating_id.hex}, turn.now, turn.wall,
    )  # fmt: skip
    reopened = assignments.find(session, person_id, assignment.id)
    if reopened is None:
        return NotThere()
    return serving.show_again(session, replace(turn, work=work), reopened)


def undoable(
    session: Session, turn: Turn, slug: str
) -> tuple[ratings.Submitted, Assignment] | None:
    """Return the last answer while it can be taken back."""
    submitted = ratings.find_last(session, turn.person_id, turn.now - UNDO_WITHIN)
    if submitted is None:
        return None
    assignment = assignments.find(session, turn.person_id, submitted.assignment_id)
    if assignment is None or assignment.slug != slug or assignment.outcome != "completed":
        return None
    return submitted, assignment


def _accept(
    session: Session, turn: Turn, assignment: Assignment, rating_id: RatingId, answer: Answer
) -> Accepted:
    found = answer.severity if isinstance(answer, HarmRating) else None
    gap_time.answer(session, turn, assignment)
    labelers.keep_work(session, turn.person_id, _answered(session, turn, assignment, found))
    late = not _close(session, assignment, turn.now)
    spent = _spent(assignment, turn.now)
    ratings.append(
        session, assignment, answer,
        rating_id=rating_id, status="late" if late else "accepted",
        active_ms=spent // timedelta(milliseconds=1), now=turn.now,
    )  # fmt: skip
    _raise_item(session, assignment, found)
    paid_time.for_assignment(session, assignment, "work", turn.now)
    if assignment.drafted:
        drafts.drop(session, assignment.id)
    record.append(
        session, assignment.vendor_organisation_id, turn.person_id, "rating",
        {"rating": rating_id.hex, "item": assignment.item_id.hex, "late": late},
        turn.now, turn.wall,
    )  # fmt: skip
    answered = assignment
    if found is not None and found > (assignment.item_severity or Severity.S0):
        answered = replace(assignment, item_severity=found)
    return Accepted(rating_id, late, answered=answered, rated_at=turn.now)


def _answered(
    session: Session, turn: Turn, assignment: Assignment, found: Severity | None
) -> WorkState:
    """End this item's exposure; the answer to another one leaves the screen as it is."""
    work = turn.work
    if assignment.is_open:
        work = hiding.hide(session, turn.person_id, work, turn.now, found)
    if found is not None and found > assignment.severity:
        work = hiding.regrade(session, assignment, work, found)
    return hiding.touch(work, turn.now)


def _close(session: Session, assignment: Assignment, now: datetime) -> bool:
    """Close the assignment as completed; False if its slot has gone to somebody else."""
    if assignments.close(session, assignment.id, "completed", now):
        slots.accept(session, assignment.item_id)
        return True
    if not assignments.reclaim(session, assignment, "completed", now):
        return False
    if slots.take(session, assignment.item_id):
        slots.accept(session, assignment.item_id)
        return True
    assignments.give_up(session, assignment.id)
    return False


def _raise_item(session: Session, assignment: Assignment, found: Severity | None) -> None:
    """One labeler's higher finding raises the tier the item is served at, at once (W-9)."""
    if found is not None and found > assignment.severity:
        slots.raise_tier(session, assignment.item_id, found)


def _check(assignment: Assignment, fields: Fields) -> Answer | InvalidAnswer:
    if assignment.instrument is InstrumentName.PREFERENCE:
        return preference.check(fields, swapped=assignment.swapped)
    return harm.check(
        fields,
        completions=assignment.completions,
        categories=assignment.project_hazards,
        swapped=assignment.swapped,
    )


def _as_shown(answer: Answer, assignment: Assignment) -> dict[str, list[str]]:
    if isinstance(answer, HarmRating):
        return harm.as_shown(answer, swapped=assignment.swapped)
    return preference.as_shown(answer, swapped=assignment.swapped)


def _spent(assignment: Assignment, now: datetime) -> timedelta:
    """Return the active time: from the showing to the answer, within what was granted."""
    if assignment.shown_at is None:
        return timedelta()
    return max(timedelta(), min(now - assignment.shown_at, timedelta(seconds=assignment.granted_s)))


def _digest(assignment_id: UUID, fields: Fields) -> str:
    plain: dict[str, Sequence[str]] = {name: list(fields[name]) for name in sorted(fields)}
    return hashlib.sha256(assignment_id.bytes + orjson.dumps(plain)).hexdigest()


def _repeated(earlier: replays.Replay, digest: str) -> Accepted | Conflict:
    if earlier.request_hash != digest:
        return Conflict()
    rating_id = RatingId(UUID(earlier.outcome["rating"]))
    return Accepted(rating_id, bool(earlier.outcome["late"]), repeated=True)
