"""Rules of accounts: how long a sign-in lasts, what a password must be, how attempts are held."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from labelhub.domain.vocabulary import SEES_OTHERS, Role


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """A sign-in ends when it was unused for `idle`, and `absolute` after it began."""

    idle: timedelta
    absolute: timedelta


STAFF_LIMITS = SignInLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
"""For roles that see others' data (safety-case.md, R10)."""

LABELER_LIMITS = SignInLimits(idle=timedelta(hours=4), absolute=timedelta(hours=16))
"""Longer than NIST SP 800-63B asks: a mandatory break must not end in a lost sign-in, and a
labeler sees nobody's data but their own (safety-case.md, section 7, ASVS 7.1.1)."""


def sign_in_limits(roles: AbstractSet[Role]) -> SignInLimits:
    """Return the strictest limits of the roles."""
    return STAFF_LIMITS if roles & SEES_OTHERS else LABELER_LIMITS


def sign_in_over(
    started_at: datetime, seen_at: datetime, limits: SignInLimits, now: datetime
) -> bool:
    """Whether a sign-in has ended by itself. A limit binds when reached."""
    return now - seen_at >= limits.idle or now - started_at >= limits.absolute


SHORTEST_ALONE = 15
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 256
"""More than the 64 that must be allowed, few enough that hashing stays bounded (R10)."""


class PasswordFault(StrEnum):
    """Why a password is not taken. Pages translate it."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WELL_KNOWN = "well_known"
    ABOUT_YOU = "about_you"
    EASY_TO_GUESS = "easy_to_guess"


def length_fault(password: str, *, alone: bool) -> PasswordFault | None:
    shortest = SHORTEST_ALONE if alone else SHORTEST_WITH_SECOND_FACTOR
    if len(password) < shortest:
        return PasswordFault.TOO_SHORT
    return PasswordFault.TOO_LONG if len(password) > LONGEST else None


def mostly_context(password: str, words: AbstractSet[str]) -> bool:
    """Whether little is left of *password* without the words anyone could connect with it.

    Little is less than half, or fewer than the shortest password's characters.
    """
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= len("abcd"):
            rest = rest.replace(word.casefold(), "")
    if len(rest) == len(password):
        return False
    return len(rest) < max(len(password) / 2, SHORTEST_WITH_SECOND_FACTOR)


def normalised_email(text: str) -> str:
    """Return the form in which an address is stored and compared."""
    return text.strip().casefold()


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `attempts` in any `window`, for one key."""

    attempts: int
    window: timedelta


PER_ACCOUNT = Allowance(10, timedelta(minutes=15))
"""Failed sign-ins at one account from browsers it does not know: 960 guesses a day at most."""
PER_KNOWN_BROWSER = Allowance(10, timedelta(minutes=15))
"""The same from a browser that signed in before: strangers cannot use up its attempts."""
PER_SOURCE = Allowance(60, timedelta(minutes=15))
"""Failed sign-ins from one address, which may be a whole office."""
PER_SECOND_FACTOR = Allowance(6, timedelta(hours=1))
"""Wrong codes of one person: of 10⁶ codes three are valid at a time (RFC 6238), so a thief of the
password who tries for a whole year hits one with a probability of 15 %."""
PER_CARRIER = Allowance(20, timedelta(hours=1))
"""Records of other installations that one labeler may bring: reading each takes a second."""
PER_INVITATION_SOURCE = Allowance(60, timedelta(minutes=15))


def window_start(allowance: Allowance, now: datetime) -> datetime:
    """Return the start of the fixed window in which attempts at *now* are counted."""
    seconds = int(allowance.window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, now.tzinfo)


def estimated(previous: int, current: int, allowance: Allowance, now: datetime) -> float:
    """Return the attempts in the window that ends now, from two fixed windows.

    The previous window counts by the share of it that still lies inside (a sliding window
    counter), so that no burst of twice the allowance fits around a boundary.
    """
    elapsed = (now - window_start(allowance, now)) / allowance.window
    return previous * (1 - elapsed) + current


def throttled(previous: int, current: int, allowance: Allowance, now: datetime) -> bool:
    """Whether no further attempt is taken. The allowance binds when reached."""
    return estimated(previous, current, allowance, now) >= allowance.attempts
