"""Paid time: seconds and what they were for, appended and never edited."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.tables import metadata

_PAID = metadata.tables["paid_time"]


def for_assignment(
    session: Session, assignment: Assignment, kind: str, spent: timedelta, now: datetime
) -> None:
    """Pay the time an assignment took: rated, declined or run out alike."""
    versions = sa.select(sa.func.coalesce(sa.func.max(_PAID.c.version), 0)).where(
        _PAID.c.assignment_id == assignment.id, _PAID.c.kind == kind
    )
    version = session.connection().execute(versions).scalar_one()
    session.connection().execute(
        sa.insert(_PAID),
        {
            "id": new_ordered_id(), "person_id": assignment.person_id,
            "organisation_id": assignment.vendor_organisation_id,
            "project_id": assignment.project_id, "assignment_id": assignment.id, "kind": kind,
            "version": version + 1, "seconds": _whole_seconds(spent), "recorded_at": now,
        },
    )  # fmt: skip


def for_break(
    session: Session,
    person_id: PersonId,
    organisation_id: OrganisationId,
    kind: str,
    spent: timedelta,
    now: datetime,
) -> None:
    """Pay a break that the labeler took themselves."""
    session.connection().execute(
        sa.insert(_PAID),
        {
            "id": new_ordered_id(), "person_id": person_id, "organisation_id": organisation_id,
            "kind": kind, "version": 1, "seconds": _whole_seconds(spent), "recorded_at": now,
        },
    )  # fmt: skip


def total_since(session: Session, person_id: PersonId, since: datetime) -> timedelta:
    """Return the paid time recorded since *since*."""
    total = session.connection().execute(
        sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0)).where(
            _PAID.c.person_id == person_id, _PAID.c.recorded_at >= since
        )
    )
    return timedelta(seconds=int(total.scalar_one()))


def rated_since(session: Session, person_id: PersonId, since: datetime) -> int:
    """Return how many items the person has rated since *since*, an undone one once."""
    rated = session.connection().execute(
        sa.select(sa.func.count(sa.distinct(_PAID.c.assignment_id))).where(
            _PAID.c.person_id == person_id,
            _PAID.c.recorded_at >= since,
            _PAID.c.kind == "work",
        )
    )
    return int(rated.scalar_one())


def _whole_seconds(spent: timedelta) -> int:
    """Round up: no second of work is lost to rounding."""
    return max(0, -(-spent // timedelta(seconds=1)))
