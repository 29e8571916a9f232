"""Sign-ins: who holds a browser's token, where a person is signed in, and ending that."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.accounts import sign_in_limits, sign_in_over
from labelhub.domain.audiences import Visitor
from labelhub.domain.vocabulary import PersonId
from labelhub.services import tokens
from labelhub.store import sign_ins as store

KEPT = timedelta(days=30)
"""How long an ended sign-in is remembered before a job forgets it."""
_PURPOSE = "sign-in"
_SHARE_OF_IDLE = 30  # staff: noted once a minute; labelers: once in eight

OwnSignIn = store.OwnSignIn


def find_visitor(
    session: Session, token: str, keys: Sequence[str], now: datetime
) -> Visitor | None:
    """Return who holds *token*, with their roles as of now; None if the sign-in is over."""
    visitor = store.find_visitor(session, tokens.keyed_hashes(_PURPOSE, token, keys))
    if visitor is None:
        return None
    limits = sign_in_limits(visitor.roles)
    return None if sign_in_over(visitor.started_at, visitor.seen_at, limits, now) else visitor


def worth_noting(visitor: Visitor, now: datetime) -> bool:
    """Whether the last use on record is old enough to be written again.

    Noting each request would make every page a write.
    """
    idle = sign_in_limits(visitor.roles).idle
    return now - visitor.seen_at >= idle / _SHARE_OF_IDLE


def note_use(session: Session, sign_in_id: UUID, now: datetime) -> None:
    store.touch(session, sign_in_id, now)


def start(
    session: Session,
    person_id: PersonId,
    browser: str,
    keys: Sequence[str],
    now: datetime,
    *,
    second_factor_at: datetime | None = None,
) -> str:
    """Sign a browser in and return its token, which nothing else ever holds."""
    token = tokens.new_token()
    token_hash = tokens.keyed_hash(_PURPOSE, token, keys[0])
    store.add(session, person_id, token_hash, browser, second_factor_at, now)
    return token


def rotate(
    session: Session, sign_in_id: UUID, second_factor_at: datetime | None, keys: Sequence[str]
) -> str:
    """Give a sign-in a new token at a change of privilege; the old one is void at once."""
    token = tokens.new_token()
    token_hash = tokens.keyed_hash(_PURPOSE, token, keys[0])
    store.replace_token(session, sign_in_id, token_hash, second_factor_at)
    return token


def end(session: Session, sign_in_id: UUID, person_id: PersonId, now: datetime) -> bool:
    """End one of the person's own sign-ins; False if there is no such one."""
    return store.end(session, sign_in_id, person_id, now)


def end_all(session: Session, person_id: PersonId, now: datetime, but: UUID | None = None) -> int:
    """End the person's sign-ins everywhere, except *but*."""
    return store.end_all(session, person_id, now, but)


def of_person(session: Session, visitor: Visitor, now: datetime) -> list[OwnSignIn]:
    """Return where the visitor is signed in at this moment."""
    limits = sign_in_limits(visitor.roles)
    return [
        one
        for one in store.of_person(session, visitor.person_id)
        if not sign_in_over(one.started_at, one.seen_at, limits, now)
    ]


def forget_old(session: Session, now: datetime) -> int:
    """Delete sign-ins that have been over for long; a job, safe to repeat."""
    return store.delete_older(session, now - KEPT)
