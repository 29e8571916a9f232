"""Organisations: labs and vendors."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from labelhub.domain.vocabulary import OrganisationId, OrganisationKind
from labelhub.identifiers import new_id
from labelhub.tables.organisations import Membership, Organisation


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    id: OrganisationId
    slug: str
    name: str
    kind: OrganisationKind
    created_at: datetime


def add(
    session: Session, slug: str, name: str, kind: OrganisationKind, now: datetime
) -> OrganisationId:
    organisation_id = OrganisationId(new_id())
    session.add(Organisation(id=organisation_id, slug=slug, name=name, kind=kind, created_at=now))
    session.flush()
    return organisation_id


def find(session: Session, organisation_id: OrganisationId) -> OrganisationFacts | None:
    row = session.get(Organisation, organisation_id)
    return None if row is None else _facts(row)


def find_by_slug(session: Session, slug: str) -> OrganisationFacts | None:
    row = session.exec(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    return None if row is None else _facts(row)


def every(session: Session) -> list[OrganisationFacts]:
    statement = select(Organisation).order_by(col(Organisation.name), col(Organisation.slug))
    return [_facts(row) for row in session.exec(statement)]


def sizes(session: Session) -> dict[OrganisationId, int]:
    """Return how many persons hold a role in each organisation that has any."""
    statement = (
        sa.select(
            col(Membership.organisation_id),
            sa.func.count(sa.distinct(col(Membership.person_id))),
        )
        .where(col(Membership.ended_at).is_(None))
        .group_by(col(Membership.organisation_id))
    )
    return {OrganisationId(key): n for key, n in session.connection().execute(statement)}


def _facts(row: Organisation) -> OrganisationFacts:
    return OrganisationFacts(OrganisationId(row.id), row.slug, row.name, row.kind, row.created_at)
