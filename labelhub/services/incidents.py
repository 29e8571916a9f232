"""Incidents: what a labeler stopped stays stopped until an auditor of the lab has decided."""

from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.projects import Scope
from labelhub.domain.vocabulary import PersonId
from labelhub.services import recording
from labelhub.store import gate_clock, incidents, slots
from labelhub.store.assignments import Assignment
from labelhub.store.incidents import PROHIBITED, SERVED_AGAIN, Incident

__all__ = [
    "OUTCOMES",
    "PROHIBITED",
    "SERVED_AGAIN",
    "Incident",
    "close",
    "find",
    "listing",
    "open_one",
]

OUTCOMES = (PROHIBITED, SERVED_AGAIN)


def open_one(session: Session, assignment: Assignment, clock: Clock) -> None:
    """Open the incident of a stopped item in the same transaction.

    The lab's event names the item and not who found it (P-5).
    """
    now = gate_clock.peek(session, clock).gate_time
    if incidents.open_one(session, assignment, now):
        said = {"item": assignment.item_id.hex, "project": assignment.project_id.hex}
        recording.note(
            session, assignment.organisation_id, None, "incident", {**said, "state": "open"}, clock
        )


def listing(session: Session, scope: Scope) -> list[Incident]:
    return incidents.of_labs(session, scope)


def find(session: Session, scope: Scope, incident_id: UUID) -> Incident | None:
    return incidents.find(session, scope, incident_id)


def close(
    session: Session,
    scope: Scope,
    incident_id: UUID,
    outcome: str,
    reason: str,
    by: PersonId,
    clock: Clock,
) -> bool:
    """Close an incident with one of `OUTCOMES`; False where none of this lab is open.

    Only *served_again* lets the item be served, to people who have not had it.
    """
    found = incidents.find(session, scope, incident_id)
    if found is None:
        return False
    now = gate_clock.peek(session, clock).gate_time
    if not incidents.close(session, found, outcome, reason, by, now):
        return False
    if outcome == SERVED_AGAIN:
        slots.serve_again(session, found.item_id)
    said = {"item": found.item_id.hex, "state": "closed", "outcome": outcome, "by": str(by)}
    recording.note(session, found.organisation_id, None, "incident", said, clock)
    return True
