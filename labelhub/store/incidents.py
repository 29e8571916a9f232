"""Incidents: items that were stopped for everyone, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Scope
from labelhub.domain.vocabulary import ItemId, OrganisationId, PersonId
from labelhub.identifiers import new_id
from labelhub.store.assignments import Assignment
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_INCIDENT = metadata.tables["incident"]
_ITEM = metadata.tables["item"]
_PROJECT = metadata.tables["project"]

IncidentId = NewType("IncidentId", UUID)
PROHIBITED = "prohibited"
SERVED_AGAIN = "served_again"
_MOST = 500


@dataclass(frozen=True, slots=True)
class Incident:
    """One stopped item, as staff of its lab may read of it: never its text, never who found it."""

    id: IncidentId
    organisation_id: OrganisationId
    item_id: ItemId
    item_name: str  # the researcher's own id of it, or empty
    line: int
    file_name: str
    project_slug: str
    project_title: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    reason: str


def open_one(session: Session, assignment: Assignment, now: datetime) -> bool:
    """Open the incident of an item that was stopped; False where one is open already."""
    values = {
        "id": new_id(), "organisation_id": assignment.organisation_id,
        "project_id": assignment.project_id, "item_id": assignment.item_id,
        "kind": PROHIBITED, "opened_at": now, "reason": "",
    }  # fmt: skip
    return insert_unless_known(session, _INCIDENT, values)


def of_labs(session: Session, scope: Scope) -> list[Incident]:
    """Return the incidents of some labs: open ones first, then the latest."""
    statement = _LISTED.where(_INCIDENT.c.organisation_id.in_(list(scope)))
    newest = statement.order_by(
        _INCIDENT.c.closed_at.is_not(None), _INCIDENT.c.opened_at.desc(), _INCIDENT.c.id
    )
    return [_incident(row) for row in session.connection().execute(newest.limit(_MOST))]


def find(session: Session, scope: Scope, incident_id: UUID) -> Incident | None:
    row = session.connection().execute(
        _LISTED.where(_INCIDENT.c.id == incident_id, _INCIDENT.c.organisation_id.in_(list(scope)))
    )
    found = row.one_or_none()
    return None if found is None else _incident(found)


def close(
    session: Session, incident: Incident, outcome: str, reason: str, by: PersonId, now: datetime
) -> bool:
    """Close an incident; False where somebody else has closed it meanwhile."""
    closed = session.connection().execute(
        sa.update(_INCIDENT)
        .where(_INCIDENT.c.id == incident.id, _INCIDENT.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, outcome=outcome, reason=reason)
    )
    return closed.rowcount == 1


_BATCH = metadata.tables["import_batch"]
_LISTED = (
    sa.select(
        _INCIDENT,
        _ITEM.c.external_id,
        _ITEM.c.line,
        _BATCH.c.file_name,
        _PROJECT.c.slug,
        _PROJECT.c.title,
    )
    .join(_ITEM, _ITEM.c.id == _INCIDENT.c.item_id)
    .join(_PROJECT, _PROJECT.c.id == _INCIDENT.c.project_id)
    .outerjoin(_BATCH, _BATCH.c.id == _ITEM.c.batch_id)
)


def _incident(row: Any) -> Incident:
    return Incident(
        id=IncidentId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        item_id=ItemId(row.item_id),
        item_name=row.external_id,
        line=row.line,
        file_name=row.file_name or "",
        project_slug=row.slug,
        project_title=row.title,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        reason=row.reason,
    )
