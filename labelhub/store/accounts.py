"""What proves who someone is: password hashes, second factors, recovery codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from labelhub.domain.vocabulary import PersonId
from labelhub.tables.accounts import Credential, RecoveryCode, SecondFactor
from labelhub.tables.organisations import Person


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """Who an address belongs to and what their password hashes to."""

    person_id: PersonId
    password_hash: str = field(repr=False)
    suspended: bool


@dataclass(frozen=True, slots=True)
class SecondFactorFacts:
    secret: str = field(repr=False)
    confirmed: bool
    last_step: int


def find_credential(session: Session, email: str) -> CredentialFacts | None:
    statement = (
        select(Credential, Person)
        .join(Person, col(Person.id) == col(Credential.person_id))
        .where(Person.email == email)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        return None
    credential, person = found
    return CredentialFacts(
        PersonId(person.id), credential.password_hash, person.suspended_at is not None
    )


def find_password_hash(session: Session, person_id: PersonId) -> str | None:
    row = session.get(Credential, person_id, populate_existing=True)
    return None if row is None else row.password_hash


def set_password_hash(
    session: Session, person_id: PersonId, password_hash: str, now: datetime
) -> None:
    session.merge(Credential(person_id=person_id, password_hash=password_hash, changed_at=now))
    session.flush()


def find_second_factor(session: Session, person_id: PersonId) -> SecondFactorFacts | None:
    row = session.get(SecondFactor, person_id, populate_existing=True)
    if row is None:
        return None
    return SecondFactorFacts(row.secret, row.confirmed_at is not None, row.last_step)


def set_second_factor(
    session: Session, person_id: PersonId, secret: str, used_step: int, now: datetime
) -> None:
    """Store a person's factor, in place of an earlier one; the code just given is used up."""
    session.merge(
        SecondFactor(person_id=person_id, secret=secret, confirmed_at=now, last_step=used_step)
    )
    session.flush()


def remove_second_factor(session: Session, person_id: PersonId) -> None:
    """Delete a person's factor and the codes that stand in for it."""
    for table in (RecoveryCode, SecondFactor):
        session.connection().execute(sa.delete(table).where(col(table.person_id) == person_id))


def use_step(session: Session, person_id: PersonId, step: int) -> bool:
    """Use up the code of *step*; False if that code, or a later one, was used before."""
    statement = (
        sa.update(SecondFactor)
        .where(
            col(SecondFactor.person_id) == person_id,
            col(SecondFactor.confirmed_at).is_not(None),
            col(SecondFactor.last_step) < step,
        )
        .values(last_step=step)
    )
    return bool(session.connection().execute(statement).rowcount)


def replace_recovery_codes(session: Session, person_id: PersonId, hashes: Iterable[str]) -> None:
    session.connection().execute(
        sa.delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id)
    )
    session.add_all(RecoveryCode(person_id=person_id, code_hash=value) for value in hashes)
    session.flush()


def use_recovery_code(
    session: Session, person_id: PersonId, hashes: Sequence[str], now: datetime
) -> bool:
    """Use up a recovery code that has one of these hashes; False if there is none unused."""
    statement = (
        sa.update(RecoveryCode)
        .where(
            col(RecoveryCode.person_id) == person_id,
            col(RecoveryCode.code_hash).in_(hashes),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
    )
    return bool(session.connection().execute(statement).rowcount)
