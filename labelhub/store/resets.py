"""Links that let a person choose a new password, once. Only a hash of each is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from labelhub.domain.vocabulary import PersonId
from labelhub.tables.accounts import PasswordReset
from labelhub.tables.organisations import Person

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """A link and whose it is; `made_by` is a name, empty for the operator."""

    id: UUID
    person_id: PersonId
    email: str
    name: str
    made_by: str
    second_factor: bool
    created_at: datetime
    used_at: datetime | None


def add(
    session: Session,
    person_id: PersonId,
    token_hash: str,
    made_by: PersonId | None,
    times: tuple[datetime, datetime],
    *,
    second_factor: bool,
) -> None:
    """Store a link made at `times[0]` that can be used before `times[1]`."""
    session.add(
        PasswordReset(
            person_id=person_id,
            token_hash=token_hash,
            made_by=made_by,
            second_factor=second_factor,
            created_at=times[0],
            expires_at=times[1],
        )
    )
    session.flush()


def find_open(session: Session, token_hash: str, now: datetime) -> ResetFacts | None:
    """Return the link with this token if it can be used now, by somebody who may sign in."""
    found = _facts(
        session,
        sa.and_(
            col(PasswordReset.token_hash) == token_hash,
            _unused(now),
            col(Person.suspended_at).is_(None),
        ),
    )
    return found[0] if found else None


def latest(session: Session, person_id: PersonId) -> list[ResetFacts]:
    """Return the person's last links, newest first."""
    return _facts(session, col(PasswordReset.person_id) == person_id)


def take(session: Session, reset_id: UUID, now: datetime) -> bool:
    """Use a link up; False if someone else did so first."""
    statement = (
        sa.update(PasswordReset)
        .where(col(PasswordReset.id) == reset_id, _unused(now))
        .values(used_at=now)
    )
    return bool(session.connection().execute(statement).rowcount)


def withdraw_open(session: Session, person_id: PersonId, now: datetime) -> None:
    statement = sa.update(PasswordReset).where(
        col(PasswordReset.person_id) == person_id, _unused(now)
    )
    session.connection().execute(statement.values(withdrawn_at=now))


def _unused(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(PasswordReset.used_at).is_(None),
        col(PasswordReset.withdrawn_at).is_(None),
        col(PasswordReset.expires_at) > now,
    )


def _facts(session: Session, where: sa.ColumnElement[bool]) -> list[ResetFacts]:
    maker = aliased(Person)
    statement = (
        select(PasswordReset, Person, maker)
        .join(Person, col(Person.id) == col(PasswordReset.person_id))
        .outerjoin(maker, col(maker.id) == col(PasswordReset.made_by))
        .where(where)
        .order_by(col(PasswordReset.created_at).desc(), col(PasswordReset.id))
        .limit(_SHOWN)
    )
    return [
        ResetFacts(
            id=row.id,
            person_id=PersonId(row.person_id),
            email=person.email,
            name=person.name,
            made_by="" if by is None else by.name,
            second_factor=row.second_factor,
            created_at=row.created_at,
            used_at=row.used_at,
        )
        for row, person, by in session.exec(statement)
    ]
