"""Invitations: a link that gives one role in one organisation to one person, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.accounts import normalised_email
from labelhub.domain.vocabulary import SEES_OTHERS, OrganisationId, PersonId, Role
from labelhub.services import people, tokens
from labelhub.store import accounts
from labelhub.store import invitations as store
from labelhub.store import people as person_store

InvitationFacts = store.InvitationFacts

LASTS = timedelta(days=7)
_PURPOSE = "invitation"
_LONGEST_TOKEN = 64


class InvitationError(ValueError):
    """An invitation cannot be made or used; the message says why."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person gives when they accept: who they are, and the hash of their password."""

    email: str
    name: str
    country: str
    zone: str
    locale: str
    password_hash: str = field(repr=False)


def invite(
    session: Session,
    organisation_id: OrganisationId,
    role: Role,
    email: str,
    invited_by: PersonId | None,
    keys: Sequence[str],
    now: datetime,
) -> str:
    """Make an invitation and return the token of its link, which is kept nowhere.

    An empty *email* lets whoever holds the link choose one; only the first administrator's does.

    Raises:
        InvitationError: the person holds that role there already.

    """
    address = normalised_email(email)
    known = person_store.find_by_email(session, address) if address else None
    if known is not None and people.holds(session, known.id, organisation_id, role):
        raise InvitationError(f"{address} is {role.value} there already")
    token = tokens.new_token()
    token_hash = tokens.keyed_hash(_PURPOSE, token, keys[0])
    times = (now, now + LASTS)
    store.add(session, organisation_id, role, address, token_hash, invited_by, times)
    return token


def find(
    session: Session, token: str, keys: Sequence[str], now: datetime
) -> InvitationFacts | None:
    """Return the invitation of a link; None if unknown, used, withdrawn or expired."""
    if len(token) > _LONGEST_TOKEN:
        return None
    for token_hash in tokens.keyed_hashes(_PURPOSE, token, keys):
        found = store.find_open(session, token_hash, now)
        if found is not None:
            return found
    return None


def needs_second_factor(invitation: InvitationFacts) -> bool:
    return invitation.role in SEES_OTHERS


def accept_as_new(
    session: Session, invitation: InvitationFacts, account: NewAccount, clock: Clock
) -> PersonId:
    """Make the account and give it the role.

    Raises:
        InvitationError: someone was faster, or the address has an account.

    """
    address = invitation.email or normalised_email(account.email)
    if person_store.find_by_email(session, address) is not None:
        raise InvitationError("there is an account with this address already")
    _use_up(session, invitation, clock.now())
    if not invitation.email:
        store.withdraw_unaddressed(session, invitation.organisation_id, clock.now())
    person_id = person_store.add(session, address, account.name.strip(), clock.now())
    person_store.set_place(session, person_id, account.zone, account.locale)
    person_store.set_country(session, person_id, account.country)
    accounts.set_password_hash(session, person_id, account.password_hash, clock.now())
    people.give_role(session, person_id, invitation.organisation_id, invitation.role, None, clock)
    return person_id


def accept_as_known(
    session: Session, invitation: InvitationFacts, person_id: PersonId, clock: Clock
) -> None:
    """Give the role to the person who is signed in, if the invitation is theirs.

    Raises:
        InvitationError: it is for someone else, or was used meanwhile.

    """
    person = person_store.find(session, person_id)
    if person is None or person.email != invitation.email:
        raise InvitationError("this invitation is for another address")
    _use_up(session, invitation, clock.now())
    people.give_role(session, person_id, invitation.organisation_id, invitation.role, None, clock)


def withdraw_unaddressed(session: Session, organisation_id: OrganisationId, now: datetime) -> int:
    """Withdraw the links of an organisation that whoever holds them may use; return how many."""
    return store.withdraw_unaddressed(session, organisation_id, now)


def withdraw(
    session: Session, invitation_id: UUID, organisation_id: OrganisationId | None, now: datetime
) -> bool:
    return store.withdraw(session, invitation_id, organisation_id, now)


def open_in(
    session: Session, organisation_id: OrganisationId, now: datetime
) -> list[InvitationFacts]:
    return store.open_in(session, organisation_id, now)


def open_everywhere(session: Session, now: datetime) -> list[InvitationFacts]:
    return store.open_everywhere(session, now)


def _use_up(session: Session, invitation: InvitationFacts, now: datetime) -> None:
    if not store.take(session, invitation.id, now):
        raise InvitationError("this invitation was used, withdrawn, or has expired")
