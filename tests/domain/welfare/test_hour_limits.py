"""Breaks, working hours and rests just under, at and just over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.verdicts import Admission, Hold, Reason, Refusal
from tests.domain.welfare.world import (
    DAY,
    EXPERIENCED,
    OPEN,
    S0,
    S1,
    S2,
    SECOND,
    SHIPPED,
    TICK,
    WEEK,
    ZERO,
    held,
    hours,
    minutes,
    only,
    verdict,
)

WORKED = [
    (LimitId.L_10, Reason.BREAK_DUE, "continuous", minutes(50), minutes(10)),
    (LimitId.L_11, Reason.HARD_BREAK_DUE, "hard", minutes(20), minutes(15)),
    (LimitId.L_12, Reason.LONG_BREAK_DUE, "long", hours(4), minutes(30)),
]


@pytest.mark.parametrize(("limit", "reason", "name", "most", "rest"), WORKED)
@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_break_is_due_when_less_than_a_minute_is_left(
    limit: LimitId,
    reason: Reason,
    name: str,
    most: timedelta,
    rest: timedelta,
    over: int,
    *,
    refused: bool,
) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, **{name: most - minutes(1) + over * SECOND})

    assert held(verdict(only(limit), S2, work), reason) is refused


@pytest.mark.parametrize(("limit", "reason", "name", "most", "rest"), WORKED)
@pytest.mark.parametrize(("over", "refused"), [(-TICK, True), (0 * TICK, False), (TICK, False)])
def test_a_break_lasts_its_full_length(
    limit: LimitId,
    reason: Reason,
    name: str,
    most: timedelta,
    rest: timedelta,
    over: timedelta,
    *,
    refused: bool,
) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, **{name: most})

    decision = verdict(only(limit), S2, work, now=ZERO + rest + over)

    assert held(decision, reason) is refused
    if isinstance(decision, Refusal):
        assert decision.holds == (Hold(reason, ZERO + rest, limit),)


def test_mild_work_goes_on_while_a_break_from_hard_content_is_due() -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, hard=minutes(20))

    assert isinstance(verdict(only(LimitId.L_11), S1, work), Admission)


@pytest.mark.parametrize(
    ("candidate", "last_hard", "most"),
    [
        (S2, None, hours(6)),
        (S1, None, hours(8)),
        (S0, DAY, hours(8)),
        (S0, DAY - TICK, hours(6)),
    ],
)
@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_working_day_is_shorter_with_hard_content(
    candidate: Severity, last_hard: timedelta | None, most: timedelta, over: int, *, refused: bool
) -> None:
    when = None if last_hard is None else ZERO - last_hard
    work = replace(EXPERIENCED, last_hard_at=when)
    worked = (most - minutes(1)) // SECOND + over
    charges = (Charge(ZERO - minutes(5), S0, worked, 0),)
    policy = replace(OPEN, work_day_hard=SHIPPED.work_day_hard, work_day=SHIPPED.work_day)

    assert held(verdict(policy, candidate, work, charges), Reason.WORKING_DAY) is refused


@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_week_has_forty_hours_of_work(over: int, *, refused: bool) -> None:
    charges = (Charge(ZERO - DAY, S0, 40 * 3_600 - 60 + over, 0),)
    policy = replace(OPEN, work_week=SHIPPED.work_week)

    decision = verdict(policy, S0, charges=charges)

    assert held(decision, Reason.WORKING_WEEK) is refused
    if isinstance(decision, Refusal):
        assert decision.until == ZERO - DAY + WEEK


RESTS = [
    ("work_span", Reason.WORKING_SPAN, "day_start", hours(10), hours(11)),
    ("daily_rest", Reason.DAILY_REST, "day_start", hours(13), hours(11)),
    ("weekly_rest", Reason.WEEKLY_REST, "week_start", hours(133), hours(35)),
    ("hard_rest", Reason.HARD_REST, "hard_week_start", hours(108), hours(60)),
]


def resting(name: str) -> Policy:
    """Return a policy in which one rest binds; a span ends with the daily rest."""
    policy = replace(OPEN, **{name: getattr(SHIPPED, name)})
    return replace(policy, daily_rest=SHIPPED.daily_rest) if name == "work_span" else policy


@pytest.mark.parametrize(("name", "reason", "since", "most", "rest"), RESTS)
@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_rest_is_due_before_its_period_is_over(
    name: str,
    reason: Reason,
    since: str,
    most: timedelta,
    rest: timedelta,
    over: int,
    *,
    refused: bool,
) -> None:
    began = ZERO - most + minutes(1) - over * SECOND
    work = replace(
        EXPERIENCED, idle_since=ZERO - SECOND, last_hard_at=ZERO - SECOND, **{since: began}
    )

    assert held(verdict(resting(name), S2, work), reason) is refused


@pytest.mark.parametrize(("name", "reason", "since", "most", "rest"), RESTS)
@pytest.mark.parametrize(("over", "refused"), [(-TICK, True), (0 * TICK, False), (TICK, False)])
def test_a_rest_lasts_its_full_length(
    name: str,
    reason: Reason,
    since: str,
    most: timedelta,
    rest: timedelta,
    over: timedelta,
    *,
    refused: bool,
) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, last_hard_at=ZERO, **{since: ZERO - most})

    decision = verdict(resting(name), S2, work, now=ZERO + rest + over)

    assert isinstance(decision, Refusal) is refused
    if isinstance(decision, Refusal):
        assert reason in {hold.reason for hold in decision.holds}
        assert decision.until == ZERO + rest
