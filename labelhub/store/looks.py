"""Who looked at what is held about a person: theirs to know (working-standards.md, D.7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_LOOK = metadata.tables["record_look"]
_PERSON = metadata.tables["person"]

MERGED = timedelta(hours=1)
"""The same look again within this time is one look."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `by` is the viewer's name, None for the operator at the command line."""

    by: str | None
    what: str
    looked_at: datetime


def note(
    session: Session,
    people: Iterable[PersonId],
    by: PersonId | None,
    what: str,
    now: datetime,
) -> int:
    """Write down that somebody looked at these people; return how many looks are new.

    A look at oneself is none, and one repeated within the hour is not written again.
    """
    asked = {person for person in people if person != by}
    if not asked:
        return 0
    fresh = asked - _lately(session, asked, by, what, now - MERGED)
    rows = [
        {"id": new_id(), "person_id": person, "by_person_id": by, "what": what, "looked_at": now}
        for person in sorted(fresh)
    ]
    if rows:
        session.connection().execute(sa.insert(_LOOK), rows)
    return len(rows)


def at(session: Session, person_id: PersonId, most: int | None = None) -> list[Look]:
    """Return the looks at a person's data, the newest first."""
    rows = session.connection().execute(_AT.limit(most), {"person": person_id})
    return [Look(row.name, row.what, row.looked_at) for row in rows]


def _lately(
    session: Session, people: set[PersonId], by: PersonId | None, what: str, since: datetime
) -> set[PersonId]:
    same = _LOOK.c.by_person_id.is_(None) if by is None else _LOOK.c.by_person_id == by
    statement = sa.select(_LOOK.c.person_id).where(
        _LOOK.c.person_id.in_(sorted(people)), _LOOK.c.looked_at > since, same,
        _LOOK.c.what == what,
    )  # fmt: skip
    return {PersonId(found) for found in session.connection().scalars(statement)}


_AT = (
    sa.select(_LOOK.c.what, _LOOK.c.looked_at, _PERSON.c.name)
    .outerjoin(_PERSON, _PERSON.c.id == _LOOK.c.by_person_id)
    .where(_LOOK.c.person_id == sa.bindparam("person"))
    .order_by(_LOOK.c.looked_at.desc(), _LOOK.c.id)
)
