"""When labelers were last asked how they are; whether they answered is not kept here (P-4)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.tables import metadata

_PROMPT = metadata.tables["check_in_prompt"]


def find(session: Session, person_id: PersonId) -> datetime | None:
    """Return the gate time of the last prompt; None where there was none."""
    statement = sa.select(_PROMPT.c.prompted_at).where(_PROMPT.c.person_id == person_id)
    return session.connection().execute(statement).scalar_one_or_none()


def keep(session: Session, person_id: PersonId, now: datetime) -> None:
    """Keep that the labeler is asked now; only under the person's turn."""
    connection = session.connection()
    statement = sa.update(_PROMPT).where(_PROMPT.c.person_id == person_id)
    if connection.execute(statement.values(prompted_at=now)).rowcount == 0:
        connection.execute(sa.insert(_PROMPT), {"person_id": person_id, "prompted_at": now})
