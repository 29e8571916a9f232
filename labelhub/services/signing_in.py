"""Signing in with a password: held back, answered alike for unknown accounts, then a token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from labelhub.domain.accounts import (
    PER_ACCOUNT,
    PER_KNOWN_BROWSER,
    PER_SOURCE,
    Allowance,
    normalised_email,
)
from labelhub.domain.vocabulary import PersonId
from labelhub.services import sign_ins, throttling, tokens
from labelhub.store import accounts as store


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was let through, before the password is looked at."""

    person_id: PersonId | None
    password_hash: str | None = field(repr=False)
    source_key: str
    account_key: str
    allowance: Allowance
    at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """From where someone tries: an address, and a browser that may have signed in before."""

    source: str
    browser: str
    known_browser: str = ""


def begin(
    session: Session, email: str, caller: Caller, keys: Sequence[str], now: datetime
) -> Attempt | None:
    """Count the attempt and find the account, if any; None if too many were made.

    A browser that signed in to this account before has its own allowance, so that a stranger
    who uses up the account's cannot lock its owner out.
    """
    address = normalised_email(email)
    account = tokens.keyed_hash("throttle-account", address, keys[0])
    source_key = "source:" + tokens.keyed_hash("throttle-source", caller.source, keys[0])
    account_key, allowance = f"account:{account}", PER_ACCOUNT
    if caller.known_browser:
        account_key, allowance = f"browser:{caller.known_browser}:{account[:32]}", PER_KNOWN_BROWSER
    if not _taken(session, ((account_key, allowance), (source_key, PER_SOURCE)), now):
        return None
    found = store.find_credential(session, address)
    if found is None or found.suspended:
        return Attempt(None, None, source_key, account_key, allowance, now)
    return Attempt(found.person_id, found.password_hash, source_key, account_key, allowance, now)


def _taken(
    session: Session, held: tuple[tuple[str, Allowance], tuple[str, Allowance]], now: datetime
) -> bool:
    """Take an attempt of both allowances, or of none."""
    (first, first_allowance), (second, second_allowance) = held
    if not throttling.take(session, first, first_allowance, now):
        return False
    if throttling.take(session, second, second_allowance, now):
        return True
    throttling.give_back(session, first, first_allowance, now)
    return False


def give_back(session: Session, attempt: Attempt) -> None:
    """Return an attempt at which no password was looked at: it was no guess."""
    throttling.give_back(session, attempt.account_key, attempt.allowance, attempt.at)
    throttling.give_back(session, attempt.source_key, PER_SOURCE, attempt.at)


def finish(
    session: Session,
    attempt: Attempt,
    browser: str,
    new_hash: str | None,
    keys: Sequence[str],
    now: datetime,
) -> str:
    """Sign in after the password matched; return the browser's token.

    *new_hash* replaces one that was made with weaker settings.
    """
    if attempt.person_id is None:
        raise LookupError("no account was found for this attempt")
    throttling.clear(session, attempt.account_key)
    throttling.give_back(session, attempt.source_key, PER_SOURCE, now)
    if new_hash is not None:
        store.set_password_hash(session, attempt.person_id, new_hash, now)
    return sign_ins.start(session, attempt.person_id, browser, keys, now)
