"""Leases: an item that is not answered goes back to the queue, and its time is paid."""

from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.services import hiding
from labelhub.store import assignments, gate_clock, paid_time, slots
from labelhub.store.assignments import Assignment

VEIL_PAID = timedelta(minutes=30)
"""Looking at a veiled offer is paid up to this long; its text was never shown."""


def give_back(
    session: Session, assignment: Assignment, outcome: str, kind: str, now: datetime
) -> bool:
    """Close an open assignment unanswered; False where it was closed already.

    The caller holds the person's turn and has ended the exposure, so that its time is known.
    """
    if not assignments.close(session, assignment.id, outcome, now):
        return False
    slots.give_back(session, assignment.item_id)
    unseen = now - assignment.opened_at if assignment.exposure_id is None else timedelta()
    paid_time.for_assignment(session, assignment, kind, now, at_least=min(unseen, VEIL_PAID))
    return True


def expire(session: Session, clock: Clock, most: int = 100) -> int:
    """End leases that have run out; return how many. Doing it late, twice or never is harmless.

    Each person's turn is taken first, in one order, so that their own submit decides if it came
    before (D-7), and two such jobs do not wait for each other in a circle.
    """
    now = gate_clock.peek(session, clock).gate_time
    ended = 0
    for person_id, assignment_id in assignments.run_out(session, now, most):
        turn = hiding.settled_turn(session, person_id, clock)
        assignment = assignments.find(session, person_id, assignment_id)
        if assignment is not None and assignment.lease_until <= turn.now:
            ended += give_back(session, assignment, "expired", "expired", turn.now)
    return ended
