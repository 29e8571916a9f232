"""Paying what passes between items: due breaks, cool-downs, waiting, writing on (W-13)."""

from datetime import timedelta

from sqlmodel import Session

from labelhub.domain.welfare.dose import reading_time
from labelhub.domain.welfare.gaps import GapKind, Spent, answering, break_due, gap_parts
from labelhub.store import guidelines, paid_time
from labelhub.store.assignments import Assignment
from labelhub.store.joinings import Joinable
from labelhub.store.labelers import Locked, Turn

TRAINING = "training"
_SECOND = timedelta(seconds=1)
WHOLE = frozenset({GapKind.DUE_BREAK, GapKind.LONG_BREAK})
"""Breaks in which nothing can be served: paid whole, as soon as they are due."""


def end_gap(session: Session, locked: Locked) -> None:
    """Pay the gap that ends now, because an item is about to be shown. The caller holds the turn.

    An ordinary label leaves no gap, and costs nothing here.
    """
    work = locked.state.work
    if work.idle_since is None or locked.now - work.idle_since < _SECOND:
        return
    known = paid_time.in_gap(session, locked.state.labeler_id, work.idle_since, locked.now)
    for part in gap_parts(work, locked.state.policy, locked.now, known.taken):
        if part.kind.value not in known.kinds:
            _pay(session, locked, part)


def begin_break(session: Session, locked: Locked) -> None:
    """Pay a whole break when nothing can be served because of it; asking again pays nothing."""
    work = locked.state.work
    due = break_due(work, locked.state.policy)
    if due is None or work.showing is not None or work.idle_since is None:
        return
    known = paid_time.in_gap(session, locked.state.labeler_id, work.idle_since, locked.now)
    if due.kind.value not in known.kinds:
        _pay(session, locked, due)


def answer(session: Session, turn: Turn, assignment: Assignment) -> None:
    """Pay for writing on after the text was hidden, up to the draft or answer that came now."""
    spent = answering(turn.work, assignment.shown_at, turn.now)
    if spent >= _SECOND:
        paid_time.for_answering(session, assignment, spent, turn.now)


def read_guidelines(session: Session, turn: Turn, joinable: Joinable) -> None:
    """Pay for reading a version of the guidelines that the labeler accepts for the first time.

    Nobody is watched while they read: it is paid by its length, as texts are shown by theirs.
    """
    if joinable.accepted_version == joinable.guidelines_version:
        return
    words = guidelines.words(session, joinable.project_id, joinable.guidelines_version)
    paid_time.for_gap(
        session, turn.person_id, joinable.organisation_id, joinable.project_id,
        TRAINING, reading_time(words), turn.now,
    )  # fmt: skip


def _pay(session: Session, locked: Locked, part: Spent) -> None:
    place = locked.place
    paid_time.for_gap(
        session, locked.state.labeler_id, place.vendor_organisation_id, place.project_id,
        part.kind.value, part.time, locked.now,
    )  # fmt: skip
