"""When a check-in is offered: at half of a dose, after S4, at most hourly (L-22)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labelhub.domain.welfare.check_in import prompt_due
from labelhub.domain.welfare.facts import LabelerState
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import WorkState
from labelhub.domain.welfare.windows import DOSE_LIMITS, DoseLimit
from tests.domain.welfare.world import (
    EXPERIENCED,
    FIVE_MINUTES,
    HOUR,
    S1,
    SHIPPED,
    TICK,
    ZERO,
    hours,
    labeler_at,
    minutes,
    spent,
)

_POINT = 60
LITTLE = spent(1, ago=minutes(1), severity=S1)
"""Something of weight within the hour, of next to no dose."""


def after(*charges: int, ago: timedelta = FIVE_MINUTES, policy: Policy = SHIPPED) -> LabelerState:
    """Return Amina after charges of so many point-seconds."""
    return labeler_at(ZERO, policy, charges=[spent(each, ago) for each in charges])


def severe(at: datetime) -> LabelerState:
    return labeler_at(ZERO, SHIPPED, replace(EXPERIENCED, last_severe_at=at))


@pytest.mark.parametrize(("short_of", "due"), [(1, False), (0, True), (-1, True)])
@pytest.mark.parametrize("limit", DOSE_LIMITS, ids=lambda limit: limit.limit.value)
def test_half_of_any_dose_asks(limit: DoseLimit, short_of: int, *, due: bool) -> None:
    """Each window is tried alone: the shorter ones are moved out of the way."""
    policy = replace(SHIPPED, dose_hour=10**9, dose_day=10**9, dose_week=10**9, dose_month=10**9)
    field = {each.limit: name for each, name in zip(
        DOSE_LIMITS, ("dose_hour", "dose_day", "dose_week", "dose_month"), strict=True
    )}[limit.limit]  # fmt: skip
    policy = replace(policy, **{field: limit.of(SHIPPED)})
    half = limit.of(SHIPPED) // 2
    older = spent(half - short_of - LITTLE.charge_ps, ago=limit.window - TICK)

    assert prompt_due(labeler_at(ZERO, policy, charges=[older, LITTLE]), None, ZERO) is due


def test_what_has_left_the_window_does_not_count() -> None:
    half = SHIPPED.dose_hour // 2

    assert prompt_due(after(half, ago=HOUR - TICK), None, ZERO)
    assert not prompt_due(after(half, ago=HOUR), None, ZERO)


def test_the_budget_is_that_of_the_labelers_own_step_of_the_ramp_up() -> None:
    quarter = SHIPPED.dose_hour // 4
    new = replace(EXPERIENCED, ramp_days=8, ramp_day_start=ZERO - hours(1))  # 50 percent

    assert not prompt_due(after(quarter), None, ZERO)
    assert prompt_due(labeler_at(ZERO, SHIPPED, new, [spent(quarter)]), None, ZERO)


def test_a_tighter_limit_asks_sooner() -> None:
    quarter = SHIPPED.dose_hour // 4

    assert prompt_due(
        after(quarter, policy=replace(SHIPPED, dose_hour=SHIPPED.dose_hour // 2)), None, ZERO
    )
    assert prompt_due(after(quarter, policy=replace(SHIPPED, declaration_action=25)), None, ZERO)


@pytest.mark.parametrize("policy", [SHIPPED, replace(SHIPPED, dose_hour=0, declaration_action=0)])
def test_who_was_shown_nothing_of_weight_is_not_asked(policy: Policy) -> None:
    assert not prompt_due(after(policy=policy), None, ZERO)
    assert not prompt_due(after(0, 0, policy=policy), None, ZERO)


def test_benign_work_with_a_long_window_half_full_asks_nothing() -> None:
    week = SHIPPED.dose_week // 2

    assert not prompt_due(after(week, ago=hours(30)), None, ZERO)
    assert prompt_due(
        labeler_at(ZERO, SHIPPED, charges=[spent(week, ago=hours(30)), LITTLE]), None, ZERO
    )


@pytest.mark.parametrize(
    ("since", "due"), [(HOUR - TICK, False), (HOUR, True), (HOUR + TICK, True)]
)
def test_nobody_is_asked_twice_within_the_hour(since: timedelta, *, due: bool) -> None:
    assert prompt_due(after(SHIPPED.dose_hour), ZERO - since, ZERO) is due
    assert prompt_due(severe(ZERO), ZERO - since, ZERO) is due


def test_a_longer_interval_holds() -> None:
    policy = replace(SHIPPED, check_in_interval=hours(2))

    assert not prompt_due(after(SHIPPED.dose_hour, policy=policy), ZERO - hours(1), ZERO)
    assert prompt_due(after(SHIPPED.dose_hour, policy=policy), ZERO - hours(2), ZERO)


def test_each_of_the_most_severe_items_asks_once() -> None:
    asked = ZERO - hours(3)

    assert prompt_due(severe(ZERO - hours(9)), None, ZERO)
    assert prompt_due(severe(asked + TICK), asked, ZERO)
    assert not prompt_due(severe(asked), asked, ZERO)
    assert not prompt_due(severe(asked - TICK), asked, ZERO)


def test_a_clock_that_ran_behind_the_last_prompt_asks_nothing() -> None:
    assert not prompt_due(after(SHIPPED.dose_hour), ZERO + TICK, ZERO)


def test_what_is_due_after_a_prompt_is_due_without_one() -> None:
    """So that the store need not be asked where the rule says no already."""
    works: list[WorkState] = [EXPERIENCED, replace(EXPERIENCED, last_severe_at=ZERO - hours(2))]
    for work in works:
        for charge in (0, SHIPPED.dose_hour // 2 - 1, SHIPPED.dose_hour // 2):
            labeler = labeler_at(ZERO, SHIPPED, work, [spent(charge)])
            for since in (HOUR, hours(2), hours(30)):
                assert prompt_due(labeler, None, ZERO) >= prompt_due(labeler, ZERO - since, ZERO)
