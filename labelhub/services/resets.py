"""Getting back in: a link that lets a person choose a new password, once, within an hour."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.accounts import normalised_email
from labelhub.domain.vocabulary import SEES_OTHERS, OrganisationId, PersonId
from labelhub.services import people, sign_ins, tokens
from labelhub.store import accounts, turns
from labelhub.store import people as person_store
from labelhub.store import resets as store

ResetFacts = store.ResetFacts

LASTS = timedelta(hours=1)
_PURPOSE = "password-reset"
_LONGEST_TOKEN = 64


class ResetError(ValueError):
    """A link cannot be made or used; the message says why."""


def make(
    session: Session,
    person_id: PersonId,
    by: PersonId | None,
    keys: Sequence[str],
    clock: Clock,
    *,
    second_factor: bool = False,
) -> str:
    """Make a link for a person and return its token, which is kept nowhere.

    Links made before stop working. With *second_factor* the present one goes when the link is
    used; only the operator, *by* None, asks for that.

    Raises:
        ResetError: the person is suspended.

    """
    turns.take(session, person_id)
    person = person_store.get(session, person_id)
    if person.suspended_at is not None:
        raise ResetError(f"{person.email} is suspended")
    now, token = clock.now(), tokens.new_token()
    store.withdraw_open(session, person_id, now)
    token_hash = tokens.keyed_hash(_PURPOSE, token, keys[0])
    store.add(session, person_id, token_hash, by, (now, now + LASTS), second_factor=second_factor)
    more = {"second_factor": second_factor}
    people.note_everywhere(session, person_id, "reset_link_made", by, clock, more)
    return token


def make_for_address(
    session: Session, email: str, keys: Sequence[str], clock: Clock, *, second_factor: bool
) -> str:
    """Make a link as the operator, by somebody's address.

    Raises:
        ResetError: there is no such person, or they are suspended.

    """
    person = person_store.find_by_email(session, normalised_email(email))
    if person is None:
        raise ResetError("there is no person with this address")
    return make(session, person.id, None, keys, clock, second_factor=second_factor)


def may_make(
    session: Session,
    administrator: PersonId,
    organisations: Collection[OrganisationId],
    person_id: PersonId,
) -> bool:
    """Whether an administrator of *organisations* may help this person.

    Only people of their own organisations, and never themselves: their account page asks for the
    present password, so that an unattended browser is not enough.
    """
    held = {role.organisation_id for role in person_store.roles_of(session, person_id)}
    return person_id != administrator and not held.isdisjoint(organisations)


def find(session: Session, token: str, keys: Sequence[str], now: datetime) -> ResetFacts | None:
    """Return the link with this token; None if unknown, used, withdrawn or expired."""
    if len(token) > _LONGEST_TOKEN:
        return None
    for token_hash in tokens.keyed_hashes(_PURPOSE, token, keys):
        found = store.find_open(session, token_hash, now)
        if found is not None:
            return found
    return None


def stands_alone(session: Session, reset: ResetFacts) -> bool:
    """Whether the new password will be all that protects the account."""
    roles = {held.role for held in person_store.roles_of(session, reset.person_id)}
    factor = accounts.find_second_factor(session, reset.person_id)
    keeps_one = factor is not None and factor.confirmed and not reset.second_factor
    return not keeps_one and not roles & SEES_OTHERS


def use(session: Session, reset: ResetFacts, password_hash: str, clock: Clock) -> None:
    """Store the new password and end every sign-in; it is an event that the person sees.

    Raises:
        ResetError: the link was used or withdrawn meanwhile.

    """
    turns.take(session, reset.person_id)
    if not store.take(session, reset.id, clock.now()):
        raise ResetError("this link was used, withdrawn, or has expired")
    accounts.set_password_hash(session, reset.person_id, password_hash, clock.now())
    if reset.second_factor:
        accounts.remove_second_factor(session, reset.person_id)
    sign_ins.end_all(session, reset.person_id, clock.now())
    more = {"second_factor": reset.second_factor}
    people.note_everywhere(session, reset.person_id, "password_reset", reset.person_id, clock, more)


def latest(session: Session, person_id: PersonId) -> list[ResetFacts]:
    """Return the links last made for a person, for themselves to see."""
    return store.latest(session, person_id)
