"""Passwords: one hasher for all, bounded in memory and time, and what makes a good one."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from labelhub.domain.accounts import PasswordFault, length_fault, mostly_context

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id with 19 MiB (decisions.md, Mechanics): the OWASP minimum, 40–120 ms a hash."""

AT_ONCE = 2
_PATIENCE_S = 5
_turns = threading.BoundedSemaphore(AT_ONCE)

_GUESSABLE = 3
"""zxcvbn's score for fewer than 10¹⁰ guesses is below this."""
_ZXCVBN_READS = 72  # it raises on more
_CONTEXT = frozenset(
    {"labelhub", "label", "labeler", "rating", "dataset", "annotation", "password"}
)
_WELL_KNOWN = frozenset(
    {
        "correcthorsebatterystaple", "iloveyouiloveyou", "letmeinletmein", "passwordpassword",
        "thequickbrownfox", "thequickbrownfoxjumpsoverthelazydog", "tobeornottobe",
        "tobeornottobethatisthequestion", "loremipsumdolorsitamet", "onceuponatime",
        "maytheforcebewithyou", "qwertyuiopasdfghjkl", "changemechangeme", "abcdefghijklmnop",
        "abcdefghijklmnopqrstuvwxyz", "openthedoorplease", "administrator", "trustno1trustno1",
    }
)  # fmt: skip
"""Long ones that everybody tries first; short ones zxcvbn knows by rank."""

_DUMMY = (
    "$argon2id$v=19$m=19456,t=2,p=1$LHjAfEW27exFZspFhq6Oaw"
    "$Zz0j67O44Q4bRlveGgkpsLXTvkjYvxtXULLGToYQUoo"
)
"""What an unknown account is checked against, at the same cost: the hash of 512 random bits."""


class HashingBusyError(RuntimeError):
    """Too many people sign in at this moment; the work is bounded, so this one waits."""


@contextmanager
def _turn() -> Iterator[None]:
    """Hold one of the process's two places: 19 MiB each, whatever is thrown at sign-in (S-7)."""
    if not _turns.acquire(timeout=_PATIENCE_S):
        raise HashingBusyError
    try:
        yield
    finally:
        _turns.release()


def hashed(password: str) -> str:
    with _turn():
        return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether *password* is the one. No hash costs the same time as a wrong password."""
    with _turn():
        try:
            HASHER.verify(password_hash or _DUMMY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)


def fault(password: str, about: list[str], *, alone: bool) -> PasswordFault | None:
    """Return why *password* is not good enough; None if it is.

    *about*: words that others connect with the person: name, address, organisation.
    """
    wrong = length_fault(password, alone=alone)
    if wrong is not None:
        return wrong
    if re.sub(r"[^a-z0-9]", "", password.casefold()) in _WELL_KNOWN:
        return PasswordFault.WELL_KNOWN
    words = {word for text in about for word in re.split(r"\W+", text.casefold()) if word}
    if mostly_context(password, words | _CONTEXT):
        return PasswordFault.ABOUT_YOU
    from zxcvbn import zxcvbn  # noqa: PLC0415 its word lists; only whoever chooses a password waits

    estimate = zxcvbn(password[:_ZXCVBN_READS], user_inputs=sorted(words | _CONTEXT))
    return PasswordFault.EASY_TO_GUESS if estimate["score"] < _GUESSABLE else None
