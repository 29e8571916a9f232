"""A record brought from another installation: what may count here, and what is refused.

What is carried only adds to windows, so it can only lower what remains (working-standards.md, D.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import LEAST_CHARGED, seconds_up
from labelhub.domain.welfare.limits import SLACK
from labelhub.domain.welfare.policy import ceiling
from labelhub.domain.welfare.windows import MONTH

SCHEMA = "labelhub-record-v1"
ALGORITHM = "Ed25519 over SHA-256"
MOST_EXPOSURES = 200_000
"""As many as one record may hold, and as many carried charges as may count for one person."""
CLOCKS_APART = timedelta(seconds=60)
"""How far the verified clocks of two installations may differ (safety-case.md, R4)."""
_OLDEST_YEAR = 2000
_LAST_YEAR = 9999


class Fault(StrEnum):
    """Why a record is refused. Pages say it in words."""

    NOT_A_RECORD = "not_a_record"
    OTHER_SCHEMA = "other_schema"
    TOO_MANY = "too_many"
    NOT_SIGNED = "not_signed"
    CHANGED = "changed"
    OTHER_PERSON = "other_person"
    OWN = "own"  # made by this very installation: it counts here already
    IN_THE_FUTURE = "in_the_future"
    WRONG_TIME = "wrong_time"
    WRONG_NUMBER = "wrong_number"
    TIME_UNVERIFIED = "time_unverified"


class CarriedError(ValueError):
    """A record is refused, whole: nothing of it is kept. `place` names the line or the member."""

    def __init__(self, fault: Fault, place: str = "") -> None:
        super().__init__(f"{fault.value}: {place}" if place else fault.value)
        self.fault = fault
        self.place = place


@dataclass(frozen=True, slots=True)
class CarriedCharge:
    """A charge from elsewhere; `hidden_at` is gate time, the issuer's until `aged`.

    `counted_at` is since when it counts at the issuer: what was brought there came later than
    it was hidden.
    """

    hidden_at: datetime
    severity: Severity
    active_s: int
    charge_ps: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """When a record was made, by the two clocks of the installation that made it."""

    gate_time: datetime
    wall_time: datetime
    verified: bool = True  # whether its wall clock could be believed


def signed_text(schema: str, digest: str) -> bytes:
    """Return the bytes under a signature: they name what kind of document it is."""
    return f"{schema}\n{digest}".encode()


def issue_of(member: Any) -> Issue:
    """Read the times of issue.

    Raises:
        CarriedError: they are missing or no times.

    """
    if not isinstance(member, dict):
        raise CarriedError(Fault.WRONG_TIME, "issued")
    return Issue(
        moment(member.get("gate_time"), "issued.gate_time"),
        moment(member.get("wall_time"), "issued.wall_time"),
        verified=member.get("time_verified") is True,
    )


def charge_of(entry: Any, issue: Issue, place: str) -> CarriedCharge | None:
    """Read one exposure of a record; None where it was still on screen and had no charge.

    Raises:
        CarriedError: a time lies after the issue, or a number is negative or absurd.

    """
    if not isinstance(entry, dict):
        raise CarriedError(Fault.NOT_A_RECORD, place)
    if entry.get("hidden") is None:
        return None
    hidden_at = moment(entry["hidden"], f"{place}, hidden")
    if hidden_at > issue.gate_time:
        raise CarriedError(Fault.IN_THE_FUTURE, f"{place}, hidden")
    severity = Severity(_whole(entry, "severity", 0, int(Severity.S4), place))
    longest = max(seconds_up(span) for span in ceiling().longest_display)
    active_s = _whole(entry, "seconds", 0, longest, place)
    least = ceiling().weights[severity] * max(seconds_up(LEAST_CHARGED), active_s)
    charge_ps = _whole(entry, "point_seconds", least, least * SLACK, place)
    counted_at = hidden_at
    if entry.get("counted") is not None:
        counted_at = moment(entry["counted"], f"{place}, counted")
    return CarriedCharge(hidden_at, severity, active_s, charge_ps, counted_at)


def checked_issue(issue: Issue, wall: datetime) -> Issue:
    """Return the times of issue if they can be true by the verified *wall* clock here.

    Raises:
        CarriedError: the record says that it was made in the future.

    """
    if issue.wall_time > wall + CLOCKS_APART:
        raise CarriedError(Fault.IN_THE_FUTURE, "issued.wall_time")
    return issue


def aged(
    charge: CarriedCharge, issue: Issue, wall: datetime, now: datetime
) -> CarriedCharge | None:
    """Return the charge in this installation's gate time; None where no window reaches it.

    It is as old as the issuer's gate time says, and older by what the wall clocks say went by
    since; a gate clock credits at most the time that passed, so that is never too old. Where the
    issuer's wall clock was not verified, nothing went by. It is never later than *now* (gate time
    here).
    """
    since = wall - issue.wall_time if issue.verified else timedelta()
    age = issue.gate_time - charge.hidden_at + since
    hidden_at = min(now, now - age)
    if hidden_at <= now - MONTH:
        return None
    return CarriedCharge(hidden_at, charge.severity, charge.active_s, charge.charge_ps, now)


def moment(value: Any, place: str) -> datetime:
    """Return the time that a record's text names.

    Raises:
        CarriedError: it is none, has no zone, or lies before there were such records.

    """
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise CarriedError(Fault.WRONG_TIME, place) from error
    if found.tzinfo is None or not _OLDEST_YEAR <= found.year < _LAST_YEAR:
        raise CarriedError(Fault.WRONG_TIME, place)
    return found


def _whole(entry: Mapping[str, Any], name: str, low: int, high: int, place: str) -> int:
    value = entry.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise CarriedError(Fault.WRONG_NUMBER, f"{place}, {name}")
    return value
