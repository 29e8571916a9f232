"""Invitations: links that make one account, or one role, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.identifiers import new_id
from labelhub.tables.organisations import Invitation, Organisation


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation that can still be used."""

    id: UUID
    organisation_id: OrganisationId
    organisation_slug: str
    organisation_name: str
    role: Role
    email: str
    created_at: datetime
    expires_at: datetime


def add(
    session: Session,
    organisation_id: OrganisationId,
    role: Role,
    email: str,
    token_hash: str,
    invited_by: PersonId | None,
    times: tuple[datetime, datetime],
) -> UUID:
    """Store an invitation made at `times[0]` that can be used before `times[1]`."""
    invitation_id = new_id()
    session.add(
        Invitation(
            id=invitation_id,
            organisation_id=organisation_id,
            role=role,
            email=email,
            token_hash=token_hash,
            invited_by=invited_by,
            created_at=times[0],
            expires_at=times[1],
        )
    )
    session.flush()
    return invitation_id


def find_open(session: Session, token_hash: str, now: datetime) -> InvitationFacts | None:
    """Return the invitation with this token if nothing stands against using it now."""
    found = _open(session, now, col(Invitation.token_hash) == token_hash)
    return found[0] if found else None


def open_in(
    session: Session, organisation_id: OrganisationId, now: datetime
) -> list[InvitationFacts]:
    return _open(session, now, col(Invitation.organisation_id) == organisation_id)


def open_everywhere(session: Session, now: datetime) -> list[InvitationFacts]:
    return _open(session, now)


def take(session: Session, invitation_id: UUID, now: datetime) -> bool:
    """Use an invitation up; False if someone else did so first."""
    statement = (
        sa.update(Invitation)
        .where(
            col(Invitation.id) == invitation_id,
            col(Invitation.used_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .values(used_at=now)
    )
    return bool(session.connection().execute(statement).rowcount)


def withdraw(
    session: Session,
    invitation_id: UUID,
    organisation_id: OrganisationId | None,
    now: datetime,
) -> bool:
    """Withdraw an open invitation, if given only of one organisation; False if there is none."""
    statement = sa.update(Invitation).where(
        col(Invitation.id) == invitation_id,
        col(Invitation.used_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    if organisation_id is not None:
        statement = statement.where(col(Invitation.organisation_id) == organisation_id)
    return bool(session.connection().execute(statement.values(withdrawn_at=now)).rowcount)


def withdraw_unaddressed(session: Session, organisation_id: OrganisationId, now: datetime) -> int:
    """Withdraw an organisation's open invitations that name no address."""
    statement = sa.update(Invitation).where(
        col(Invitation.organisation_id) == organisation_id,
        col(Invitation.email) == "",
        col(Invitation.used_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )
    return int(session.connection().execute(statement.values(withdrawn_at=now)).rowcount)


def _open(session: Session, now: datetime, *where: sa.ColumnElement[bool]) -> list[InvitationFacts]:
    statement = (
        select(Invitation, Organisation)
        .join(Organisation, col(Organisation.id) == col(Invitation.organisation_id))
        .where(
            col(Invitation.used_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > now,
            *where,
        )
        .order_by(col(Invitation.created_at).desc(), col(Invitation.id))
    )
    return [
        InvitationFacts(
            id=row.id,
            organisation_id=OrganisationId(row.organisation_id),
            organisation_slug=organisation.slug,
            organisation_name=organisation.name,
            role=row.role,
            email=row.email,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row, organisation in session.exec(statement)
    ]
