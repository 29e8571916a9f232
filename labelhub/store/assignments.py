"""Assignments: items leased to labelers, and the slots they hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import (
    AssignmentId,
    ExposureId,
    InstrumentName,
    ItemId,
    OrganisationId,
    PersonId,
    ProjectId,
    RaterId,
    Severity,
    SeveritySource,
)
from labelhub.identifiers import new_id
from labelhub.store import record
from labelhub.store.prepared import Prepared, inserting
from labelhub.tables import metadata

_ASSIGNMENT = metadata.tables["assignment"]
_ITEM = metadata.tables["item"]
_PROJECT = metadata.tables["project"]
_EXPOSURE = metadata.tables["exposure"]
_RATER = metadata.tables["rater"]
_DRAFT = metadata.tables["draft"]
_CAME_BACK = ("expired", "released")


@dataclass(frozen=True, slots=True)
class Assignment:
    """An item leased to one labeler, with what showing and rating it needs."""

    id: AssignmentId
    person_id: PersonId
    organisation_id: OrganisationId
    vendor_organisation_id: OrganisationId
    project_id: ProjectId
    slug: str
    item_id: ItemId
    instrument: InstrumentName
    severity: Severity
    item_state: str
    item_severity: Severity | None
    item_severity_source: SeveritySource | None
    hazards: tuple[str, ...]
    project_hazards: tuple[str, ...]
    completions: int
    words: int
    swapped: bool
    guidelines_version: int
    instrument_version: int
    opened_at: datetime
    lease_until: datetime
    closed_at: datetime | None
    outcome: str | None
    exposure_id: ExposureId | None
    shown_at: datetime | None
    granted_s: int
    rater_id: RaterId | None  # who the person is towards the lab, once they have rated for it
    drafted: bool
    tip: record.Tip | None = None  # the end of the person's chain of events at their employer

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """What an assignment is opened with."""

    person_id: PersonId
    organisation_id: OrganisationId
    vendor_organisation_id: OrganisationId
    project_id: ProjectId
    item_id: ItemId
    severity: Severity
    words: int
    swapped: bool
    guidelines_version: int
    instrument_version: int
    opened_at: datetime
    lease_until: datetime


def open_one(session: Session, new: NewAssignment) -> AssignmentId:
    """Insert an assignment; the caller holds the slot and the person's turn."""
    values = {field: getattr(new, field) for field in new.__dataclass_fields__}
    values |= {"id": new_id(), "severity": int(new.severity)}
    _insert(session, values)
    return AssignmentId(values["id"])


def find_open(session: Session, person_id: PersonId) -> Assignment | None:
    """Return the person's one open assignment, whatever its project."""
    row = _OPEN.one(session, {"person": person_id})
    return None if row.id is None else find(session, person_id, row.id)


def find(session: Session, person_id: PersonId, assignment_id: UUID) -> Assignment | None:
    """Return an assignment of this person, open or closed; somebody else's is not found."""
    asked = {"person": person_id, "assignment": assignment_id}
    rows = _ONE.all(session, asked)  # one for each time it was shown
    return _assignment(max(rows, key=_last_shown)) if rows else None


def close(session: Session, assignment_id: AssignmentId, outcome: str, at: datetime) -> bool:
    """Close an open assignment; False when it was closed already."""
    asked = {"assignment": assignment_id, "new_outcome": outcome, "at": at}
    return _CLOSE.run(session, asked) == 1


def reopen(session: Session, assignment_id: AssignmentId, lease_until: datetime) -> None:
    """Open a completed assignment again, for an undo."""
    session.connection().execute(
        sa.update(_ASSIGNMENT)
        .where(_ASSIGNMENT.c.id == assignment_id, _ASSIGNMENT.c.outcome == "completed")
        .values(closed_at=None, outcome=None, lease_until=lease_until)
    )


def renew(session: Session, assignment_id: AssignmentId, lease_until: datetime) -> None:
    """Lengthen a lease; never shorten it."""
    _RENEW.run(session, {"assignment": assignment_id, "until": lease_until})


def reclaim(session: Session, assignment: Assignment, outcome: str, at: datetime) -> bool:
    """Settle an assignment that came back to the queue: its labeler answered or declined it.

    False where it did not, or where the same labeler has the item in another assignment.
    """
    other = _ASSIGNMENT.alias("other")
    again = sa.exists().where(
        other.c.person_id == assignment.person_id,
        other.c.item_id == assignment.item_id,
        other.c.id != assignment.id,
        sa.or_(other.c.outcome.is_(None), other.c.outcome.not_in(_CAME_BACK)),
    )
    reclaimed = session.connection().execute(
        sa.update(_ASSIGNMENT)
        .where(_ASSIGNMENT.c.id == assignment.id, _ASSIGNMENT.c.outcome.in_(_CAME_BACK), ~again)
        .values(outcome=outcome, closed_at=at)
    )
    return reclaimed.rowcount == 1


def give_up(session: Session, assignment_id: AssignmentId) -> None:
    """Let a reclaimed assignment go again: its slot had gone to somebody else."""
    session.connection().execute(
        sa.update(_ASSIGNMENT).where(_ASSIGNMENT.c.id == assignment_id).values(outcome="expired")
    )


def run_out(session: Session, now: datetime, most: int) -> list[tuple[PersonId, AssignmentId]]:
    """Return open assignments whose lease has run out, in the order of their persons."""
    late = (
        sa.select(_ASSIGNMENT.c.person_id, _ASSIGNMENT.c.id)
        .where(_ASSIGNMENT.c.closed_at.is_(None), _ASSIGNMENT.c.lease_until <= now)
        .order_by(_ASSIGNMENT.c.person_id)
        .limit(most)
    )
    rows = session.connection().execute(late).all()
    return [(PersonId(row.person_id), AssignmentId(row.id)) for row in rows]


_JOINED = (
    sa.select(
        _ASSIGNMENT,
        _PROJECT.c.slug,
        _PROJECT.c.instrument,
        _PROJECT.c.hazards.label("project_hazards"),
        _ITEM.c.state.label("item_state"),
        _ITEM.c.severity.label("item_severity"),
        _ITEM.c.severity_source.label("item_severity_source"),
        _ITEM.c.hazards,
        _ITEM.c.models,
        _EXPOSURE.c.id.label("exposure_id"),
        _EXPOSURE.c.shown_at,
        _EXPOSURE.c.granted_s,
        _RATER.c.id.label("rater_id"),
        _DRAFT.c.assignment_id.label("drafted"),
        *record.TIP,
    )
    .join(_ITEM, _ITEM.c.id == _ASSIGNMENT.c.item_id)
    .join(_PROJECT, _PROJECT.c.id == _ASSIGNMENT.c.project_id)
    .outerjoin(_EXPOSURE, _EXPOSURE.c.assignment_id == _ASSIGNMENT.c.id)
    .outerjoin(
        _RATER,
        sa.and_(
            _RATER.c.organisation_id == _ASSIGNMENT.c.organisation_id,
            _RATER.c.person_id == _ASSIGNMENT.c.person_id,
        ),
    )
    .outerjoin(_DRAFT, _DRAFT.c.assignment_id == _ASSIGNMENT.c.id)
    .outerjoin(
        record.CHAIN,
        record.of_person(_ASSIGNMENT.c.vendor_organisation_id, _ASSIGNMENT.c.person_id),
    )
    .where(_ASSIGNMENT.c.person_id == sa.bindparam("person"))
)
_MINE = _ASSIGNMENT.c.person_id == sa.bindparam("person")
OPEN = sa.select(_ASSIGNMENT.c.id).where(_MINE, _ASSIGNMENT.c.closed_at.is_(None)).scalar_subquery()
"""The person's one open assignment, for statements that ask for more."""
_OPEN = Prepared(sa.select(OPEN.label("id")))
_ONE = Prepared(_JOINED.where(_ASSIGNMENT.c.id == sa.bindparam("assignment")))

_CLOSE = Prepared(
    sa.update(_ASSIGNMENT)
    .where(_ASSIGNMENT.c.id == sa.bindparam("assignment"), _ASSIGNMENT.c.closed_at.is_(None))
    .values(closed_at=sa.bindparam("at"), outcome=sa.bindparam("new_outcome"))
)
_RENEW = Prepared(
    sa.update(_ASSIGNMENT)
    .where(
        _ASSIGNMENT.c.id == sa.bindparam("assignment"),
        _ASSIGNMENT.c.closed_at.is_(None),
        _ASSIGNMENT.c.lease_until < sa.bindparam("until"),
    )
    .values(lease_until=sa.bindparam("until"))
)
_insert = inserting(_ASSIGNMENT)


_AS_STORED = (
    "id", "person_id", "organisation_id", "vendor_organisation_id", "project_id", "slug", "item_id",
    "item_state", "item_severity_source", "words", "swapped", "guidelines_version",
    "instrument_version", "opened_at", "lease_until", "closed_at", "outcome", "exposure_id",
    "shown_at", "rater_id",
)  # fmt: skip


def _last_shown(row: Any) -> Any:
    return (row.shown_at is not None, row.shown_at, row.exposure_id)


def _assignment(row: Any) -> Assignment:
    return Assignment(
        **{name: getattr(row, name) for name in _AS_STORED},
        instrument=InstrumentName(row.instrument),
        severity=Severity(row.severity),
        item_severity=None if row.item_severity is None else Severity(row.item_severity),
        hazards=tuple(orjson.loads(row.hazards)),
        project_hazards=tuple(one["id"] for one in orjson.loads(row.project_hazards)),
        completions=len(orjson.loads(row.models)),
        granted_s=row.granted_s or 0,
        drafted=row.drafted is not None,
        tip=record.tip_of(row),
    )
