"""What a manager may know of the people on the roster: their paid time as one sum each."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.tables.work import PaidTime


def paid_seconds(
    session: Session, organisation_id: OrganisationId, since: datetime, until: datetime
) -> dict[PersonId, int]:
    """Return each person's paid seconds for one organisation, all kinds together."""
    statement = (
        sa.select(col(PaidTime.person_id), sa.func.sum(col(PaidTime.seconds)))
        .where(
            col(PaidTime.organisation_id) == organisation_id,
            col(PaidTime.recorded_at) >= since,
            col(PaidTime.recorded_at) < until,
        )
        .group_by(col(PaidTime.person_id))
    )
    return {PersonId(key): int(total) for key, total in session.connection().execute(statement)}
