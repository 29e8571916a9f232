"""Changing a password: held back like signing in, and it ends every other sign-in."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from labelhub.domain.accounts import PER_ACCOUNT
from labelhub.domain.audiences import Visitor
from labelhub.domain.vocabulary import PersonId
from labelhub.services import sign_ins, throttling
from labelhub.store import accounts as store
from labelhub.store import resets


def begin_change(session: Session, person_id: PersonId, now: datetime) -> str | None:
    """Return the present hash to compare with; None if too many were tried, or there is none."""
    if not throttling.take(session, _throttle_key(person_id), PER_ACCOUNT, now):
        return None
    return store.find_password_hash(session, person_id)


def give_back(session: Session, person_id: PersonId, now: datetime) -> None:
    """Return an attempt at which no password was looked at: it was no guess."""
    throttling.give_back(session, _throttle_key(person_id), PER_ACCOUNT, now)


def change(
    session: Session, visitor: Visitor, password_hash: str, keys: Sequence[str], now: datetime
) -> str:
    """Store the new hash, end the other sign-ins, and return a new token for this one."""
    throttling.clear(session, _throttle_key(visitor.person_id))
    store.set_password_hash(session, visitor.person_id, password_hash, now)
    resets.withdraw_open(session, visitor.person_id, now)
    sign_ins.end_all(session, visitor.person_id, now, but=visitor.sign_in_id)
    return sign_ins.rotate(session, visitor.sign_in_id, visitor.second_factor_at, keys)


def _throttle_key(person_id: PersonId) -> str:
    return f"password-change:{person_id}"
