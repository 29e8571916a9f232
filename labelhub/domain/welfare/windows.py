"""Rolling windows `(t - W, t]` over gate time: what was spent, and when there is room again.

A store answers each question from one row a charge, with running totals:
`charge(person, seq, hidden_at, charge_ps, cumulative_ps, active_s, cumulative_active_s,
severity, cumulative_s4)`. Spent is the newest total less the total of the last row hidden at
or before `t - W`. Room for tier `s` is at `hidden_at + W` of the first row whose total is at
least `newest total - admits[s]`. `windows_from_charges` is the same by plain summing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import LEAST_CHARGED, Charge, seconds_down, seconds_up
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD, WorkState, resumed

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
WEEK = timedelta(hours=168)
MONTH = timedelta(hours=672)

_ALL = 100


class Measure(StrEnum):
    """What a window adds up."""

    POINTS = "points"  # charge_ps
    WORK = "work"  # active_s
    SEVERE = "severe"  # exposures of S4


@dataclass(frozen=True, slots=True)
class WindowQuestion:
    """What the gate wants to know of one window.

    `admits` holds, for each tier, the most that may be spent with room left for the least
    display. A tier that is never bound, or for which there is never room, is absent.
    """

    measure: Measure
    window: timedelta
    admits: Mapping[Severity, int]


@dataclass(frozen=True, slots=True)
class WindowDose:
    """The answer: what lies in the window now, charges only (an open exposure is none yet).

    `room_at` holds the tiers that lack room for the least display, and when they have it
    again if nothing is added.
    """

    measure: Measure
    window: timedelta
    spent: int
    room_at: Mapping[Severity, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DoseLimit:
    """One of L-02 to L-05."""

    limit: LimitId
    window: timedelta
    of: Callable[[Policy], int]


DOSE_LIMITS = (
    DoseLimit(LimitId.L_02, HOUR, lambda policy: policy.dose_hour),
    DoseLimit(LimitId.L_03, DAY, lambda policy: policy.dose_day),
    DoseLimit(LimitId.L_04, WEEK, lambda policy: policy.dose_week),
    DoseLimit(LimitId.L_05, MONTH, lambda policy: policy.dose_month),
)


def severe_limits(policy: Policy) -> tuple[tuple[timedelta, int], ...]:
    """Return the windows of L-07 and the S4 items allowed in each."""
    return (HOUR, policy.severe_hour), (DAY, policy.severe_day), (WEEK, policy.severe_week)


def budget_percent(policy: Policy, work: WorkState, severity: Severity, now: datetime) -> int:
    """Return the part of L-02 to L-05 that is open to a tier (L-18).

    The return after a long pause without S2+ narrows the budget of S2+ only. *work* is
    resumed.
    """
    percent = policy.ramp_up.on(work.ramp_days).percent
    if severity < HARD:
        return percent
    calm_since = work.last_hard_at or work.first_at or now
    away = now - calm_since >= policy.return_gap
    back = work.return_day is not None and work.ramp_days - work.return_day < policy.return_days
    return min(percent, policy.return_percent) if away or back else percent


def budget_ps(
    limit: DoseLimit, policy: Policy, work: WorkState, severity: Severity, now: datetime
) -> int:
    """Return the dose allowed in one window for a candidate of *severity*, in point-seconds."""
    return limit.of(policy) * budget_percent(policy, work, severity, now) // _ALL


def working_day(policy: Policy, work: WorkState, severity: Severity, now: datetime) -> timedelta:
    """Return the work allowed in 24 h: less if any S2+ is in the window or is asked for (L-13)."""
    hard_lately = work.last_hard_at is not None and work.last_hard_at > now - DAY
    return policy.work_day_hard if severity >= HARD or hard_lately else policy.work_day


def questions(policy: Policy, work: WorkState, now: datetime) -> tuple[WindowQuestion, ...]:
    """Return what to ask the store before a decision: seven windows of three measures."""
    ready = resumed(work, policy, now)
    least = seconds_up(LEAST_CHARGED)
    weighty = [
        (severity, budget_percent(policy, ready, severity, now), weight * least)
        for severity in Severity
        if (weight := policy.weights[severity])
    ]
    points = (
        _question(
            Measure.POINTS,
            limit.window,
            {tier: limit.of(policy) * percent // _ALL - cost for tier, percent, cost in weighty},
        )
        for limit in DOSE_LIMITS
    )
    day = {s: seconds_down(working_day(policy, ready, s, now)) - least for s in Severity}
    week = dict.fromkeys(Severity, seconds_down(policy.work_week) - least)
    hours = (_question(Measure.WORK, DAY, day), _question(Measure.WORK, WEEK, week))
    severe = (
        _question(Measure.SEVERE, length, {Severity.S4: most - 1})
        for length, most in severe_limits(policy)
    )
    return (*points, *hours, *severe)


def windows_from_charges(
    charges: Sequence[Charge], asked: Iterable[WindowQuestion], now: datetime
) -> tuple[WindowDose, ...]:
    """Answer the questions from a whole history, oldest first: the reference for stores."""
    return tuple(_answer(charges, question, now) for question in asked)


def amount(charge: Charge, measure: Measure) -> int:
    """Return what one charge adds to a measure."""
    match measure:
        case Measure.POINTS:
            return charge.charge_ps
        case Measure.WORK:
            return charge.active_s
        case Measure.SEVERE:
            return int(charge.severity == Severity.S4)


def _question(
    measure: Measure, window: timedelta, admits: Mapping[Severity, int]
) -> WindowQuestion:
    return WindowQuestion(
        measure, window, {severity: most for severity, most in admits.items() if most >= 0}
    )


def _answer(charges: Sequence[Charge], question: WindowQuestion, now: datetime) -> WindowDose:
    inside = [charge for charge in charges if charge.hidden_at > now - question.window]
    spent = sum(amount(charge, question.measure) for charge in inside)
    room_at: dict[Severity, datetime] = {}
    for severity, most in question.admits.items():
        left = spent
        for charge in inside:
            if left <= most:
                break
            left -= amount(charge, question.measure)
            room_at[severity] = charge.hidden_at + question.window
    return WindowDose(question.measure, question.window, spent, room_at)
