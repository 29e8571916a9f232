"""The time zones whose nights count for a person: where they are, and where they lately were."""

from datetime import datetime

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col

from labelhub.domain.vocabulary import PersonId
from labelhub.tables.organisations import Person

_NONE = "{}"


def counting(zone: str, earlier: str, now: datetime) -> list[str]:
    """Return the zone and those left not long ago; *earlier* is the column, `now` gate time."""
    if earlier == _NONE:
        return [zone]
    return [zone, *(left for left in _open(earlier, now) if left != zone)]


def move(
    session: Session, person_id: PersonId, zone: str, *, until: datetime, now: datetime
) -> None:
    """Store a new zone; the present one counts beside it *until* then. Under the person's turn."""
    statement = sa.select(col(Person.zone), col(Person.earlier_zones)).where(
        col(Person.id) == person_id
    )
    row = session.connection().execute(statement).one()
    earlier = {**_open(row.earlier_zones, now), row.zone: until}
    earlier.pop(zone, None)
    session.connection().execute(
        sa.update(Person)
        .where(col(Person.id) == person_id)
        .values(
            zone=zone,
            earlier_zones=orjson.dumps(
                {left: moment.isoformat() for left, moment in earlier.items()}
            ).decode(),
        )
    )


def _open(earlier: str, now: datetime) -> dict[str, datetime]:
    left = ((zone, datetime.fromisoformat(until)) for zone, until in orjson.loads(earlier).items())
    return {zone: until for zone, until in left if now < until}
