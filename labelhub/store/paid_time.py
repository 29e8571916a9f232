"""Paid time: seconds and what they were for, appended and never edited."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId
from labelhub.identifiers import new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.store.greatest import greatest
from labelhub.store.policies import shipped
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_PAID = metadata.tables["paid_time"]
_CHARGE = metadata.tables["charge"]
_EXPOSURE = metadata.tables["exposure"]


ANSWERING = "answering"
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
    of = {"person_id": person_id, "organisation_id": organisation_id}
    _append(session, kind, spent, now, **of)


def for_answering(
    session: Session, assignment: Assignment, spent: timedelta, now: datetime
) -> None:
    """Pay for writing an answer after its text was hidden; each draft ends a piece of it."""
    pieces = sa.select(sa.func.count()).where(
        _PAID.c.assignment_id == assignment.id, _PAID.c.kind == ANSWERING
    )
    so_far = session.connection().execute(pieces).scalar_one()
    _append(
        session, ANSWERING, spent, now, version=so_far + 1, assignment_id=assignment.id,
        person_id=assignment.person_id, organisation_id=assignment.vendor_organisation_id,
        project_id=assignment.project_id,
    )  # fmt: skip


def for_gap(
    session: Session,
    person_id: PersonId,
    organisation_id: OrganisationId,
    project_id: ProjectId,
    kind: str,
    spent: timedelta,
    now: datetime,
) -> None:
    """Pay a part of the time between two items."""
    of = {"person_id": person_id, "organisation_id": organisation_id, "project_id": project_id}
    _append(session, kind, spent, now, **of)


@dataclass(frozen=True, slots=True)
class InGap:
    """What is known already of a gap: the kinds of it that are paid, and time that is not gap.

    `taken` is breaks of the labeler's own, and looking at offers that were declined.
    """

    kinds: frozenset[str]
    taken: timedelta


def in_gap(session: Session, person_id: PersonId, start: datetime, now: datetime) -> InGap:
    """Return what was recorded in a gap that began at *start* and lasts until *now*."""
    connection = session.connection()
    paid = connection.execute(_IN_GAP, {"person": person_id, "start": start}).all()
    own = connection.execute(_OWN_BREAKS, {"person": person_id, "start": start}).all()
    looked = sum(row.seconds for row in paid if row.offered)
    rested = [max(timedelta(), (row.ended_at or now) - max(row.started_at, start)) for row in own]
    kinds = frozenset(row.kind for row in paid)
    return InGap(kinds, timedelta(seconds=looked) + sum(rested, timedelta()))


def since(session: Session, person_id: PersonId, start: datetime) -> tuple[int, timedelta]:
    """Return what was recorded since *start*: items rated, an undone one once, and paid time."""
    asked = {"person": person_id, "start": start}
    row = _SINCE.one(session, asked)
    return int(row.rated), timedelta(seconds=int(row.seconds))


def _append(session: Session, kind: str, spent: timedelta, now: datetime, **of: Any) -> None:
    """Insert a row; *of* is whose it is: `person_id`, `organisation_id` and what else is known."""
    row = {
        "id": new_ordered_id(), "kind": kind, "version": 1, "seconds": _whole_seconds(spent),
        "recorded_at": now, **of,
    }  # fmt: skip
    session.connection().execute(sa.insert(_PAID), row)


def _rested_since(session: Session, person_id: PersonId, kind: str, now: datetime) -> timedelta:
    paid = session.connection().execute(
        sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0)).where(
            _PAID.c.person_id == person_id,
            _PAID.c.recorded_at > now - BREAKS_WITHIN,
            _PAID.c.kind == kind,
        )
    )
    return timedelta(seconds=int(paid.scalar_one()))


_REST = metadata.tables["rest_break"]
_IN_GAP = sa.select(
    _PAID.c.kind,
    _PAID.c.seconds,
    sa.and_(
        _PAID.c.assignment_id.is_not(None),
        ~sa.exists().where(_EXPOSURE.c.assignment_id == _PAID.c.assignment_id),
    ).label("offered"),
).where(_PAID.c.person_id == sa.bindparam("person"), _PAID.c.recorded_at >= sa.bindparam("start"))
_OWN_BREAKS = sa.select(_REST.c.started_at, _REST.c.ended_at).where(
    _REST.c.person_id == sa.bindparam("person"),
    sa.or_(_REST.c.ended_at.is_(None), _REST.c.ended_at > sa.bindparam("start")),
)
_TAKEN = sa.select(
    sa.select(sa.func.coalesce(sa.func.sum(_CHARGE.c.active_s), 0))
    .join(_EXPOSURE, _EXPOSURE.c.id == _CHARGE.c.exposure_id)
    .where(_EXPOSURE.c.assignment_id == sa.bindparam("assignment"))
    .scalar_subquery()
    .label("active_s"),
    sa.select(sa.func.coalesce(sa.func.sum(_PAID.c.seconds), 0))
    .where(_PAID.c.assignment_id == sa.bindparam("assignment"), _PAID.c.kind != ANSWERING)
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
