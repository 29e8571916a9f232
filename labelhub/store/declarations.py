"""What labelers answer at half of the daily dose: go on, or stop hard content today (L-06)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_DECLARATION = metadata.tables["declaration"]
_PERSON = metadata.tables["person"]

LAST_CONTINUED = (
    sa.select(sa.func.max(_DECLARATION.c.declared_at))
    .where(_DECLARATION.c.person_id == _PERSON.c.id, _DECLARATION.c.choice == "continue")
    .scalar_subquery()
)
"""When the person of the row last chose to go on."""


def declare(session: Session, person_id: PersonId, choice: str, now: datetime) -> None:
    """Record a choice: *continue* or *stop*. Nothing else is asked or kept."""
    session.connection().execute(
        sa.insert(_DECLARATION),
        {"id": new_id(), "person_id": person_id, "choice": choice, "declared_at": now},
    )
