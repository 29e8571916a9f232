"""What labelers found in an item, and who else was shown it: for raising what they were charged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import (
    ExposureId,
    ItemId,
    OrganisationId,
    PersonId,
    ProjectId,
    Severity,
)
from labelhub.store.prepared import Prepared, dialect_of
from labelhub.tables import metadata

_ASSIGNMENT = metadata.tables["assignment"]
_CHARGE = metadata.tables["charge"]
_EXPOSURE = metadata.tables["exposure"]
_RATER = metadata.tables["rater"]
_RATING = metadata.tables["rating"]
_LOW_BITS = (1 << 63) - 1  # of an item's id, where it is random: the key of its advisory lock


@dataclass(frozen=True, slots=True)
class Seen:
    """A past exposure of one labeler to an item, and what it was charged as."""

    exposure_id: ExposureId
    project_id: ProjectId
    vendor_organisation_id: OrganisationId
    shown_at: datetime
    severity: Severity
    active: timedelta
    charge_ps: int


def hold_item(session: Session, item_id: ItemId) -> None:
    """Let one finding at a time be compared with the others of an item.

    The caller holds their own turn and is about to take others', against the order of persons.
    So nobody waits long: whoever does not get a lock soon starts the whole transaction again. It
    cannot become a circle. SQLite has one writer at a time.
    """
    if dialect_of(session) == "postgresql":
        _HURRY.all(session, {})
        _HOLD_ITEM.all(session, {"key": item_id.int & _LOW_BITS})


def take_time(session: Session) -> None:
    """Wait for locks as long as usual again: no other person's turn is wanted any more."""
    if dialect_of(session) == "postgresql":
        _TAKE_TIME.all(session, {})


def others_worst(session: Session, item_id: ItemId, person_id: PersonId) -> Severity:
    """Return the worst that any other labeler found in the item; S0 where nobody found more."""
    rows = session.connection().execute(_OTHERS, {"item": item_id, "person": person_id})
    found = (one["severity"] for row in rows for one in orjson.loads(row.harm)["completions"])
    return Severity(max(found, default=0))


def shown_to(
    session: Session, item_id: ItemId, person_id: PersonId, below: Severity, since: datetime
) -> list[PersonId]:
    """Return who else was shown the item as milder than *below*, in the order of persons."""
    asked = {"item": item_id, "person": person_id, "below": int(below), "since": since}
    found = session.connection().execute(_SHOWN_TO, asked).scalars()
    return sorted(PersonId(one) for one in found)


def seen_by(
    session: Session, item_id: ItemId, person_id: PersonId, below: Severity, since: datetime
) -> list[Seen]:
    """Return a labeler's charged exposures to the item as milder than *below*, oldest first."""
    asked = {"item": item_id, "person": person_id, "below": int(below), "since": since}
    return [
        Seen(
            ExposureId(row.id), ProjectId(row.project_id),
            OrganisationId(row.vendor_organisation_id), row.shown_at, Severity(row.severity),
            timedelta(seconds=row.active_s), row.charge_ps,
        )
        for row in session.connection().execute(_SEEN_BY, asked)
    ]  # fmt: skip


def find_on_screen(session: Session, item_id: ItemId, person_id: PersonId) -> Seen | None:
    """Return the labeler's open exposure to the item, if that is what is on their screen."""
    asked = {"item": item_id, "person": person_id}
    row = session.connection().execute(_ON_SCREEN, asked).first()
    if row is None:
        return None
    return Seen(
        ExposureId(row.id), ProjectId(row.project_id), OrganisationId(row.vendor_organisation_id),
        row.shown_at, Severity(row.severity), timedelta(), 0,
    )  # fmt: skip


_OTHERS = (
    sa.select(_RATING.c.harm)
    .join(_RATER, _RATER.c.id == _RATING.c.rater_id)
    .where(
        _RATING.c.item_id == sa.bindparam("item"),
        _RATING.c.current,
        _RATING.c.status.in_(("accepted", "late")),
        _RATING.c.harm != "",
        _RATER.c.person_id.is_not(None),
        _RATER.c.person_id != sa.bindparam("person"),
    )
)
# By the item's assignments: exposures are indexed by person and by assignment.
_OF_ITEM = (
    sa.select(
        _EXPOSURE.c.id,
        _EXPOSURE.c.project_id,
        _EXPOSURE.c.vendor_organisation_id,
        _EXPOSURE.c.shown_at,
        sa.func.coalesce(_CHARGE.c.severity, _EXPOSURE.c.severity).label("severity"),
        _CHARGE.c.active_s,
        _CHARGE.c.charge_ps,
    )
    .select_from(_ASSIGNMENT)
    .join(_EXPOSURE, _EXPOSURE.c.assignment_id == _ASSIGNMENT.c.id)
    .outerjoin(_CHARGE, _CHARGE.c.exposure_id == _EXPOSURE.c.id)
    .where(_ASSIGNMENT.c.item_id == sa.bindparam("item"))
)
_MILDER = sa.and_(
    sa.func.coalesce(_CHARGE.c.severity, _EXPOSURE.c.severity) < sa.bindparam("below"),
    sa.func.coalesce(_CHARGE.c.hidden_at, _EXPOSURE.c.shown_at) > sa.bindparam("since"),
)
_SHOWN_TO = (
    _OF_ITEM.with_only_columns(_EXPOSURE.c.person_id)
    .where(_MILDER, _EXPOSURE.c.person_id != sa.bindparam("person"))
    .distinct()
)
_SEEN_BY = _OF_ITEM.where(
    _MILDER, _EXPOSURE.c.person_id == sa.bindparam("person"), _CHARGE.c.exposure_id.is_not(None)
).order_by(_CHARGE.c.seq)
_ON_SCREEN = _OF_ITEM.where(
    _EXPOSURE.c.person_id == sa.bindparam("person"), _CHARGE.c.exposure_id.is_(None)
).order_by(_EXPOSURE.c.shown_at.desc())
_HURRY = Prepared(sa.select(sa.func.set_config("lock_timeout", "300ms", sa.true())))
_TAKE_TIME = Prepared(sa.select(sa.func.set_config("lock_timeout", "5s", sa.true())))
_HOLD_ITEM = Prepared(
    sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger)))
)
