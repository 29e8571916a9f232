"""Sign-ins: server-side sessions of browsers, and the visitor behind one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from labelhub.domain.audiences import RoleIn, Visitor
from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_id
from labelhub.store.prepared import Prepared
from labelhub.tables.accounts import SecondFactor, SignIn
from labelhub.tables.installation import Installation
from labelhub.tables.organisations import Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class OwnSignIn:
    """One place where a person is signed in, as they see it."""

    id: UUID
    browser: str
    started_at: datetime
    seen_at: datetime


_VISITOR = Prepared(
    sa.select(
        col(SignIn.id).label("sign_in_id"),
        col(SignIn.started_at),
        col(SignIn.seen_at),
        col(SignIn.second_factor_at),
        col(Person.id).label("person_id"),
        col(Person.name),
        col(Person.email),
        col(Person.country),
        col(Person.zone),
        col(Person.locale),
        col(SecondFactor.confirmed_at),
        col(Installation.demonstration),
        col(Membership.role),
        col(Organisation.id).label("organisation_id"),
        col(Organisation.slug),
        col(Organisation.name).label("organisation_name"),
        col(Organisation.kind),
    )
    .select_from(SignIn)
    .join(Person, col(Person.id) == col(SignIn.person_id))
    .outerjoin(SecondFactor, col(SecondFactor.person_id) == col(Person.id))
    .outerjoin(Installation, col(Installation.id) == 1)
    .outerjoin(
        Membership,
        sa.and_(col(Membership.person_id) == col(Person.id), col(Membership.ended_at).is_(None)),
    )
    .outerjoin(Organisation, col(Organisation.id) == col(Membership.organisation_id))
    .where(
        col(SignIn.token_hash) == sa.bindparam("token"),
        col(SignIn.ended_at).is_(None),
        col(Person.suspended_at).is_(None),
    )
)
"""One statement a request: the sign-in, the person, and every role they have at this moment."""


def find_visitor(session: Session, token_hashes: Sequence[str]) -> Visitor | None:
    """Return who holds the sign-in with one of these hashes; None if ended or suspended."""
    rows: list[Any] = []
    for token in token_hashes:  # one, except while keys are being rotated
        rows = rows or _VISITOR.all(session, {"token": token})
    if not rows:
        return None
    first = rows[0]
    roles = sorted((row for row in rows if row.role is not None), key=_by_organisation)
    return Visitor(
        person_id=PersonId(first.person_id),
        name=first.name,
        email=first.email,
        country=first.country,
        zone=first.zone,
        locale=first.locale,
        sign_in_id=first.sign_in_id,
        started_at=first.started_at,
        seen_at=first.seen_at,
        second_factor_at=first.second_factor_at,
        has_second_factor=first.confirmed_at is not None,
        demonstration=bool(first.demonstration),
        memberships=tuple(_role_in(row) for row in roles),
    )


def _by_organisation(row: Any) -> tuple[str, str]:
    return row.organisation_name, row.role.value


def _role_in(row: Any) -> RoleIn:
    return RoleIn(
        role=row.role,
        organisation_id=OrganisationId(row.organisation_id),
        organisation_slug=row.slug,
        organisation_name=row.organisation_name,
        organisation_kind=row.kind,
    )


def add(
    session: Session,
    person_id: PersonId,
    token_hash: str,
    browser: str,
    second_factor_at: datetime | None,
    now: datetime,
) -> UUID:
    sign_in_id = new_id()
    session.add(
        SignIn(
            id=sign_in_id,
            person_id=person_id,
            token_hash=token_hash,
            second_factor_at=second_factor_at,
            started_at=now,
            seen_at=now,
            browser=browser,
        )
    )
    session.flush()
    return sign_in_id


def touch(session: Session, sign_in_id: UUID, now: datetime) -> None:
    _update(session, col(SignIn.id) == sign_in_id, seen_at=now)


def replace_token(
    session: Session, sign_in_id: UUID, token_hash: str, second_factor_at: datetime | None
) -> bool:
    """Give an open sign-in a new token, as at every change of privilege."""
    return bool(
        _update(
            session,
            col(SignIn.id) == sign_in_id,
            token_hash=token_hash,
            second_factor_at=second_factor_at,
        )
    )


def end(session: Session, sign_in_id: UUID, person_id: PersonId, now: datetime) -> bool:
    """End one sign-in of this person; False if it is not theirs or has ended."""
    mine = sa.and_(col(SignIn.id) == sign_in_id, col(SignIn.person_id) == person_id)
    return bool(_update(session, mine, ended_at=now))


def end_all(session: Session, person_id: PersonId, now: datetime, but: UUID | None = None) -> int:
    """End every sign-in of this person except *but*; return how many."""
    mine = col(SignIn.person_id) == person_id
    return _update(session, sa.and_(mine, col(SignIn.id) != but) if but else mine, ended_at=now)


def _update(session: Session, where: sa.ColumnElement[bool], **values: Any) -> int:
    statement = sa.update(SignIn).where(where, col(SignIn.ended_at).is_(None)).values(**values)
    return session.connection().execute(statement).rowcount


def of_person(session: Session, person_id: PersonId) -> list[OwnSignIn]:
    """Return the open sign-ins of a person, the last used first."""
    statement = (
        select(SignIn)
        .where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None))
        .order_by(col(SignIn.seen_at).desc(), col(SignIn.id))
    )
    return [
        OwnSignIn(row.id, row.browser, row.started_at, row.seen_at)
        for row in session.exec(statement)
    ]


def delete_older(session: Session, before: datetime) -> int:
    """Forget sign-ins that were last used, or ended, before that moment."""
    statement = sa.delete(SignIn).where(
        sa.or_(col(SignIn.seen_at) < before, col(SignIn.ended_at) < before)
    )
    return session.connection().execute(statement).rowcount
