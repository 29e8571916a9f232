"""Exposures: content shown once to one labeler, on record before it is sent (W-4)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ExposureId, PersonId, ProjectId
from labelhub.domain.welfare.dose import seconds_down
from labelhub.domain.welfare.verdicts import Admission
from labelhub.identifiers import new_ordered_id
from labelhub.store.assignments import Assignment
from labelhub.store.prepared import Prepared, at_most, inserting
from labelhub.tables import metadata

_EXPOSURE = metadata.tables["exposure"]
_SHOWING = metadata.tables["showing"]
_CHARGE = metadata.tables["charge"]


def append(session: Session, assignment: Assignment, admission: Admission) -> ExposureId:
    """Record the exposure that an admission allows."""
    exposure_id = ExposureId(new_ordered_id())
    _insert(
        session,
        {
            "id": exposure_id, "person_id": assignment.person_id,
            "organisation_id": assignment.organisation_id,
            "vendor_organisation_id": assignment.vendor_organisation_id,
            "project_id": assignment.project_id, "item_id": assignment.item_id,
            "assignment_id": assignment.id, "severity": int(admission.severity),
            "granted_s": seconds_down(admission.granted), "shown_at": admission.at,
        },
    )  # fmt: skip
    return exposure_id


def count_again(session: Session, exposure_id: ExposureId, now: datetime) -> int:
    """Record that the same exposure is sent once more; return how often it has been."""
    connection = session.connection()
    sent = connection.execute(
        sa.select(sa.func.count()).where(_SHOWING.c.exposure_id == exposure_id)
    ).scalar_one()
    number = int(sent) + 1
    connection.execute(
        sa.insert(_SHOWING), {"exposure_id": exposure_id, "number": number, "sent_at": now}
    )
    return number


def times_sent_again(session: Session, exposure_id: ExposureId) -> int:
    statement = sa.select(sa.func.count()).where(_SHOWING.c.exposure_id == exposure_id)
    return int(session.connection().execute(statement).scalar_one())


@dataclass(frozen=True, slots=True)
class Open:
    """The exposure on screen."""

    exposure_id: ExposureId
    project_id: ProjectId


def uncharged(session: Session, person_id: PersonId, shown_at: datetime) -> Open:
    """Return the person's open exposure; there is one whenever something is on screen.

    Found by its missing charge, not by its time alone: while gate time stands still, two have the
    same, and neither times nor identifiers tell which of them came last.
    """
    row = _UNCHARGED.one(session, {"person": person_id, "shown_at": shown_at})
    return Open(ExposureId(row.id), ProjectId(row.project_id))


_insert = inserting(_EXPOSURE)
UNCHARGED = at_most(
    1,
    sa.select(_EXPOSURE.c.id, _EXPOSURE.c.project_id).where(
        _EXPOSURE.c.person_id == sa.bindparam("person"),
        _EXPOSURE.c.shown_at == sa.bindparam("shown_at"),
        ~sa.exists().where(_CHARGE.c.exposure_id == _EXPOSURE.c.id),
    ),
)
_UNCHARGED = Prepared(UNCHARGED)
