"""Paid time: seconds and what they were for, appended and never edited."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.store.policies import shipped
from labelhub.tables import metadata

_PAID = metadata.tables["paid_time"]
_CHARGE = metadata.tables["charge"]
_EXPOSURE = metadata.tables["exposure"]


BREAKS_WITHIN = timedelta(hours=8)
"""L-21 grants paid breaks in any eight hours."""


def for_assignment(
    session: Session,
    assignment: Assignment,
    kind: str,
    now: datetime,
    *,
    at_least: timedelta = timedelta(),
) -> None:
    """Pay what an assignment took and is not paid yet: rated, declined or run out alike.

    What it took is the active time of all its charges: each second once, however often the item
    was put aside, undone or sent twice. *at_least* is for an offer whose text was never shown.
    """
    connection = session.connection()
    row = connection.execute(_TAKEN, {"assignment": assignment.id, "kind": kind}).one()
    owed = max(int(row.active_s), _whole_seconds(at_least)) - int(row.paid_s)
    connection.execute(
        sa.insert(_PAID),
        {
            "id": new_ordered_id(), "person_id": assignment.person_id,
            "organisation_id": assignment.vendor_organisation_id,
            "project_id": assignment.project_id, "assignment_id": assignment.id, "kind": kind,
            "version": row.version + 1, "seconds": max(0, owed), "recorded_at": now,
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
    """Pay a break that the labeler took themselves, up to what L-21 grants in eight hours.

    Without that bound a break forgotten overnight would be paid as work.
    """
    granted = shipped().discretionary_break - _rested_since(session, person_id, kind, now)
    spent = max(timedelta(), min(spent, granted))
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


def _rested_since(session: Session, person_id: PersonId, kind: str, now: datetime) -> timedelta:
    paid = session.connection().execute(
        sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0)).where(
            _PAID.c.person_id == person_id,
            _PAID.c.recorded_at > now - BREAKS_WITHIN,
            _PAID.c.kind == kind,
        )
    )
    return timedelta(seconds=int(paid.scalar_one()))


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


_TAKEN = sa.select(
    sa.select(sa.func.coalesce(sa.func.sum(_CHARGE.c.active_s), 0))
    .join(_EXPOSURE, _EXPOSURE.c.id == _CHARGE.c.exposure_id)
    .where(_EXPOSURE.c.assignment_id == sa.bindparam("assignment"))
    .scalar_subquery()
    .label("active_s"),
    sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0))
    .where(_PAID.c.assignment_id == sa.bindparam("assignment"))
    .scalar_subquery()
    .label("paid_s"),
    sa.select(sa.func.coalesce(sa.func.max(_PAID.c.version), 0))
    .where(
        _PAID.c.assignment_id == sa.bindparam("assignment"), _PAID.c.kind == sa.bindparam("kind")
    )
    .scalar_subquery()
    .label("version"),
)


def _whole_seconds(spent: timedelta) -> int:
    """Round up: no second of work is lost to rounding."""
    return max(0, -(-spent // timedelta(seconds=1)))
