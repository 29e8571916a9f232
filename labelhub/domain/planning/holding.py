"""What held people up: which limit named the moment they had to wait for."""

from datetime import datetime

from labelhub.domain.welfare.timeline import RAMP_DAY, WorkState
from labelhub.domain.welfare.verdicts import Hold, Reason, Refusal

Cause = str
"""The id of a limit, or the reason where no limit stands behind it (an opt-out)."""

STEADY = frozenset(
    {
        Reason.HOURLY_DOSE,
        Reason.DAILY_DOSE,
        Reason.WEEKLY_DOSE,
        Reason.MONTHLY_DOSE,
        Reason.SEVERE_COUNT,
        Reason.COOLING_DOWN,
        Reason.NIGHT,
        Reason.OPTED_OUT_TODAY,
    }
)
"""Holds that work done meanwhile can only prolong: no need to ask again before they lift."""

LIFTED_BY_MILD = frozenset({Reason.CONSECUTIVE, Reason.MIX, Reason.PERIOD_START, Reason.RAMPING_UP})
"""Holds that a milder item lifts, or helps to."""


def causes(refusal: Refusal) -> tuple[Cause, ...]:
    """Return what lifts last in a refusal, or what waiting does not lift."""
    last = [hold for hold in refusal.holds if hold.until == refusal.until]
    return tuple(sorted({_cause(hold) for hold in last}))


def lifts_before(one: Refusal, other: Refusal) -> bool:
    """Say whether a refusal lifts before another; what waiting does not lift comes last."""
    if one.until is None or other.until is None:
        return one.until is not None and other.until is None
    return one.until < other.until


def milder_helps(refusal: Refusal, work: WorkState, now: datetime) -> bool:
    """Say whether a mild item of another project brings the end of a refusal nearer.

    It does where nothing else holds; and where waiting lifts the rest but not this, since then
    people go and work elsewhere. A ramp-up step comes with the next day with exposure, so one
    item that begins such a day is enough.
    """
    begun = work.ramp_day_start
    new_day = begun is None or now - begun >= RAMP_DAY
    wanted = LIFTED_BY_MILD if new_day else LIFTED_BY_MILD - {Reason.RAMPING_UP}
    others = [hold for hold in refusal.holds if hold.reason not in wanted]
    if len(others) == len(refusal.holds):
        return False
    return not others or (refusal.until is None and all(hold.until for hold in others))


def _cause(hold: Hold) -> Cause:
    return hold.limit.value if hold.limit is not None else hold.reason.value
