"""What the gate answers: an admission, or a refusal with every reason and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from labelhub.domain.vocabulary import ItemId, PersonId, Severity
from labelhub.domain.welfare.limits import LimitId


class Reason(StrEnum):
    """Why an item is refused. Pages translate it; nobody sees the raw value."""

    NOT_ENGAGED = "not_engaged"
    SUSPENDED = "suspended"
    STANDARDS = "standards"  # an open finding bars this tier for the organisation
    ON_BREAK = "on_break"  # the labeler's own break, or *I need a moment*
    STILL_SHOWING = "still_showing"

    OPTED_OUT_OF_ITEM = "opted_out_of_item"
    OPTED_OUT_OF_CATEGORY = "opted_out_of_category"
    OPTED_OUT_OF_SEVERITY = "opted_out_of_severity"
    OPTED_OUT_OF_PROJECT = "opted_out_of_project"
    OPTED_OUT_TODAY = "opted_out_today"

    NOT_SCREENED = "not_screened"
    PROHIBITED = "prohibited"
    ABOVE_PROJECT = "above_project"
    TOO_LONG = "too_long"

    NO_CONSENT = "no_consent"
    CONSENT_LAPSED = "consent_lapsed"
    RAMPING_UP = "ramping_up"
    DECLARATION_DUE = "declaration_due"
    TIME_UNVERIFIED = "time_unverified"

    HOURLY_DOSE = "hourly_dose"
    DAILY_DOSE = "daily_dose"
    WEEKLY_DOSE = "weekly_dose"
    MONTHLY_DOSE = "monthly_dose"
    SEVERE_COUNT = "severe_count"
    CONSECUTIVE = "consecutive"
    MIX = "mix"
    COOLING_DOWN = "cooling_down"

    BREAK_DUE = "break_due"
    HARD_BREAK_DUE = "hard_break_due"
    LONG_BREAK_DUE = "long_break_due"
    WORKING_DAY = "working_day"
    WORKING_SPAN = "working_span"
    DAILY_REST = "daily_rest"
    WORKING_WEEK = "working_week"
    WEEKLY_REST = "weekly_rest"
    HARD_REST = "hard_rest"

    PERIOD_START = "period_start"
    SHIFT_END = "shift_end"
    NIGHT = "night"

    MISSING_FACT = "missing_fact"
    RULE_FAILED = "rule_failed"


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason against one candidate."""

    reason: Reason
    until: datetime | None  # gate time; None: waiting does not help
    limit: LimitId | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long one limit alone would let the candidate be shown.

    Shorter than the candidate needs, it becomes a hold with the same reason.
    """

    reason: Reason
    time: timedelta
    until: datetime | None  # when the limit will leave enough, if it does not now
    limit: LimitId | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The gate's no: every hold, never only the first."""

    holds: tuple[Hold, ...]

    @property
    def until(self) -> datetime | None:
        """Return when the last hold lifts; None if waiting alone does not help."""
        times = [hold.until for hold in self.holds]
        if not times or None in times:
            return None
        return max(time for time in times if time is not None)


@dataclass(frozen=True, slots=True)
class Admission:
    """The gate's yes: one item, one labeler, one moment. Only `gate.decide` makes one."""

    labeler_id: PersonId
    item_id: ItemId
    at: datetime
    severity: Severity
    granted: timedelta
