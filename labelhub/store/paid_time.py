"""Paid time: seconds and what they were for, appended and never edited."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.store.greatest import greatest
from labelhub.store.policies import shipped
from labelhub.store.prepared import Prepared
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
    _PAY.later(
        session,
        {
            "new_id": new_ordered_id(), "person": assignment.person_id,
            "organisation": assignment.vendor_organisation_id, "project": assignment.project_id,
            "assignment": assignment.id, "kind": kind, "at_least": _whole_seconds(at_least),
            "now": now,
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


def since(session: Session, person_id: PersonId, start: datetime) -> tuple[int, timedelta]:
    """Return what was recorded since *start*: items rated, an undone one once, and paid time."""
    asked = {"person": person_id, "start": start}
    row = _SINCE.one(session, asked)
    return int(row.rated), timedelta(seconds=int(row.seconds))


def _rested_since(session: Session, person_id: PersonId, kind: str, now: datetime) -> timedelta:
    paid = session.connection().execute(
        sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0)).where(
            _PAID.c.person_id == person_id,
            _PAID.c.recorded_at > now - BREAKS_WITHIN,
            _PAID.c.kind == kind,
        )
    )
    return timedelta(seconds=int(paid.scalar_one()))


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
).subquery("taken")
_took = greatest(_TAKEN.c.active_s, sa.bindparam("at_least", type_=sa.Integer))
_PAY = Prepared(sa.insert(_PAID).from_select(
    [
        "id", "person_id", "organisation_id", "project_id", "assignment_id", "kind",
        "version", "seconds", "recorded_at",
    ],
    sa.select(
        sa.bindparam("new_id", type_=_PAID.c.id.type),
        sa.bindparam("person", type_=_PAID.c.person_id.type),
        sa.bindparam("organisation", type_=_PAID.c.organisation_id.type),
        sa.bindparam("project", type_=_PAID.c.project_id.type),
        sa.bindparam("assignment", type_=_PAID.c.assignment_id.type),
        sa.bindparam("kind", type_=_PAID.c.kind.type),
        _TAKEN.c.version + 1,
        greatest(_took - _TAKEN.c.paid_s, sa.literal_column("0")),
        sa.bindparam("now", type_=_PAID.c.recorded_at.type),
    ),
))  # fmt: skip
_first = _PAID.alias("first")
_again = sa.exists().where(
    _first.c.assignment_id == _PAID.c.assignment_id,
    _first.c.kind == "work",
    _first.c.version < _PAID.c.version,
    _first.c.recorded_at >= sa.bindparam("start"),
)
# Not COUNT(DISTINCT): SQLite would build a table of the day at every label.
_rated = sa.case(
    (sa.and_(_PAID.c.kind == "work", sa.or_(_PAID.c.version == 1, ~_again)), 1), else_=None
)
_SINCE = Prepared(
    sa.select(
        sa.func.count(_rated).label("rated"),
        sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0).label("seconds"),
    ).where(
        _PAID.c.person_id == sa.bindparam("person"), _PAID.c.recorded_at >= sa.bindparam("start")
    )
)


def _whole_seconds(spent: timedelta) -> int:
    """Round up: no second of work is lost to rounding."""
    return max(0, -(-spent // timedelta(seconds=1)))
