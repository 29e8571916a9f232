"""The dose: exposure weighted by severity, in integer point-seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.policy import Policy

LEAST_CHARGED = timedelta(seconds=60)
"""A charge is for one minute at least: working faster makes no room for more (A.2)."""

WORDS_PER_MINUTE = 200
"""Reading speed by which a display must be long enough to read the text (MGT-04 uses it too)."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a hidden exposure cost. It belongs to windows by the time of hiding."""

    hidden_at: datetime
    severity: Severity
    active_s: int
    charge_ps: int


def charge_ps(policy: Policy, severity: Severity, active: timedelta) -> int:
    """Return `weight * max(60, active seconds)`; a begun second counts whole."""
    return int(policy.weights[severity]) * max(seconds_up(LEAST_CHARGED), seconds_up(active))


def reading_time(words: int) -> timedelta:
    """Return how long the text takes to read, in whole seconds, rounded up."""
    return timedelta(seconds=-(-words * 60 // WORDS_PER_MINUTE))


def least_display(words: int) -> timedelta:
    """Return the shortest display worth granting: a minute, or the time to read the text."""
    return max(LEAST_CHARGED, reading_time(words))


def words_readable(granted: timedelta) -> int:
    """Return the longest text that may be served with *granted* (inverse of `reading_time`)."""
    return seconds_down(granted) * WORDS_PER_MINUTE // 60


def seconds_up(span: timedelta) -> int:
    return -(-span // _SECOND)


def seconds_down(span: timedelta) -> int:
    return span // _SECOND
