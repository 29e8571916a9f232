"""Notes a change of somebody's role or standing in the record, in the same transaction (T-1)."""

from collections.abc import Mapping

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.store import gate_clock, record


def note(
    session: Session,
    organisation_id: OrganisationId,
    person_id: PersonId | None,
    kind: str,
    payload: Mapping[str, object],
    clock: Clock,
) -> None:
    """Append one event. For a person's chain the caller holds the person's turn."""
    gate_time = gate_clock.tick(session, clock).gate_time
    record.append(session, organisation_id, person_id, kind, payload, gate_time, clock.now())
