"""Persons and their roles in organisations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.identifiers import new_id
from labelhub.tables.accounts import SecondFactor
from labelhub.tables.gate import PersonGate
from labelhub.tables.organisations import Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as administrators and services see them."""

    id: PersonId
    email: str
    name: str
    country: str
    zone: str
    locale: str
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """One role of one person, still held."""

    id: UUID
    person: PersonFacts
    role: Role
    organisation_id: OrganisationId
    organisation_slug: str
    organisation_name: str
    started_at: datetime


def add(session: Session, email: str, name: str, now: datetime) -> PersonId:
    """Add a person with their turn at the gate; they have no role and no password yet."""
    person_id = PersonId(new_id())
    session.add(Person(id=person_id, email=email, name=name, created_at=now))
    session.flush()
    session.add(PersonGate(person_id=person_id))
    session.flush()
    return person_id


def find(session: Session, person_id: PersonId) -> PersonFacts | None:
    row = session.get(Person, person_id, populate_existing=True)
    return None if row is None else _facts(row)


def get(session: Session, person_id: PersonId) -> PersonFacts:
    return _facts(session.get_one(Person, person_id, populate_existing=True))


def find_by_email(session: Session, email: str) -> PersonFacts | None:
    row = session.exec(select(Person).where(Person.email == email)).one_or_none()
    return None if row is None else _facts(row)


def page(session: Session, after: str, size: int) -> list[PersonFacts]:
    """Return up to *size* persons by address, those after *after*."""
    statement = select(Person).where(Person.email > after).order_by(col(Person.email)).limit(size)
    return [_facts(row) for row in session.exec(statement)]


def set_place(session: Session, person_id: PersonId, zone: str, locale: str) -> None:
    """Store where a person is and which language they read."""
    statement = (
        sa.update(Person).where(col(Person.id) == person_id).values(zone=zone, locale=locale)
    )
    session.connection().execute(statement)


def set_country(session: Session, person_id: PersonId, country: str) -> None:
    """Store where a person lives (ISO 3166), so that help named to them is near."""
    statement = sa.update(Person).where(col(Person.id) == person_id).values(country=country)
    session.connection().execute(statement)


def set_suspended(session: Session, person_id: PersonId, moment: datetime | None) -> bool:
    """Suspend a person, or with None let them back in; False if nothing changed."""
    was = col(Person.suspended_at).is_(None) if moment else col(Person.suspended_at).is_not(None)
    statement = (
        sa.update(Person).where(col(Person.id) == person_id, was).values(suspended_at=moment)
    )
    return bool(session.connection().execute(statement).rowcount)


def memberships(session: Session, *where: sa.ColumnElement[bool]) -> list[MembershipFacts]:
    statement = (
        select(Membership, Person, Organisation)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.ended_at).is_(None), *where)
        .order_by(col(Person.name), col(Person.email), col(Organisation.name), col(Membership.role))
    )
    return [
        MembershipFacts(
            id=membership.id,
            person=_facts(person),
            role=membership.role,
            organisation_id=OrganisationId(organisation.id),
            organisation_slug=organisation.slug,
            organisation_name=organisation.name,
            started_at=membership.started_at,
        )
        for membership, person, organisation in session.exec(statement)
    ]


def held_before(session: Session, person_id: PersonId, roles: Collection[Role]) -> bool:
    """Say whether a person once held one of these roles, which has ended."""
    statement = select(Membership.id).where(
        Membership.person_id == person_id,
        col(Membership.role).in_(sorted(roles)),
        col(Membership.ended_at).is_not(None),
    )
    return session.exec(statement.limit(1)).first() is not None


def roles_of(session: Session, person_id: PersonId) -> list[MembershipFacts]:
    return memberships(session, col(Membership.person_id) == person_id)


def roles_of_many(
    session: Session, person_ids: Sequence[PersonId]
) -> dict[PersonId, list[MembershipFacts]]:
    found: dict[PersonId, list[MembershipFacts]] = {}
    for held in memberships(session, col(Membership.person_id).in_(person_ids)):
        found.setdefault(held.person.id, []).append(held)
    return found


def with_second_factor(session: Session, person_ids: Sequence[PersonId]) -> set[PersonId]:
    statement = sa.select(col(SecondFactor.person_id)).where(
        col(SecondFactor.person_id).in_(person_ids), col(SecondFactor.confirmed_at).is_not(None)
    )
    return {PersonId(person_id) for person_id in session.connection().scalars(statement)}


def with_role(
    session: Session, organisation_id: OrganisationId, role: Role
) -> list[MembershipFacts]:
    """Return who holds *role* in one organisation."""
    return memberships(
        session, col(Membership.organisation_id) == organisation_id, col(Membership.role) == role
    )


def count_with_role(session: Session, role: Role) -> int:
    """Return how many persons who may sign in hold *role* anywhere."""
    statement = (
        sa.select(sa.func.count(sa.distinct(col(Membership.person_id))))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(
            col(Membership.ended_at).is_(None),
            col(Membership.role) == role,
            col(Person.suspended_at).is_(None),
        )
    )
    return int(session.connection().execute(statement).scalar_one())


def add_membership(
    session: Session,
    person_id: PersonId,
    organisation_id: OrganisationId,
    role: Role,
    now: datetime,
) -> bool:
    """Give a person a role; False if they hold it already."""
    held = memberships(
        session,
        col(Membership.person_id) == person_id,
        col(Membership.organisation_id) == organisation_id,
        col(Membership.role) == role,
    )
    if held:
        return False
    session.add(
        Membership(person_id=person_id, organisation_id=organisation_id, role=role, started_at=now)
    )
    session.flush()
    return True


def find_membership(session: Session, membership_id: UUID) -> MembershipFacts | None:
    found = memberships(session, col(Membership.id) == membership_id)
    return found[0] if found else None


def end_membership(session: Session, membership_id: UUID, now: datetime) -> bool:
    """End one role; False if it had ended already."""
    statement = (
        sa.update(Membership)
        .where(col(Membership.id) == membership_id, col(Membership.ended_at).is_(None))
        .values(ended_at=now)
    )
    return bool(session.connection().execute(statement).rowcount)


def _facts(row: Person) -> PersonFacts:
    return PersonFacts(
        PersonId(row.id), row.email, row.name, row.country, row.zone, row.locale, row.suspended_at
    )
