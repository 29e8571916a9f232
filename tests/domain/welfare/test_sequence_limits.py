"""Runs, mixes, declarations and cool-downs just under, at and just over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.verdicts import Admission, Reason, Refusal
from tests.domain.welfare.world import (
    DAY,
    EXPERIENCED,
    S0,
    S1,
    S2,
    S3,
    S4,
    SHIPPED,
    TICK,
    ZERO,
    held,
    hours,
    minutes,
    only,
    spent,
    verdict,
)


@pytest.mark.parametrize(
    ("candidate", "before", "length", "refused"),
    [
        (S3, S3, 1, False),
        (S3, S3, 2, True),
        (S3, S3, 3, True),
        (S4, S4, 2, True),
        (S2, S2, 3, False),
        (S2, S2, 4, True),
        (S2, S2, 5, True),
        (S2, S3, 2, False),
        (S1, S3, 6, False),
    ],
)
def test_a_run_binds_when_reached(
    candidate: Severity, before: Severity, length: int, *, refused: bool
) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, recent=(before,) * length, unbroken=length)

    assert held(verdict(only(LimitId.L_08), candidate, work), Reason.CONSECUTIVE) is refused


@pytest.mark.parametrize(
    ("recent", "refused"),
    [
        ((S3, S0, S3), True),
        ((S3, S0, S3, S0), True),
        ((S3, S1, S0, S3), False),
        ((S3, S3, S0, S0), False),
        ((S3, S2, S3), True),
        ((S3, S0, S2, S0, S3), True),
    ],
)
def test_two_benign_items_in_a_row_end_a_run_and_one_does_not(
    recent: tuple[Severity, ...], *, refused: bool
) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, recent=recent, unbroken=len(recent))

    assert held(verdict(only(LimitId.L_08), S3, work), Reason.CONSECUTIVE) is refused


@pytest.mark.parametrize(("hard", "refused"), [(5, False), (6, True), (7, True)])
def test_a_mix_counts_the_last_nine_and_the_candidate(hard: int, *, refused: bool) -> None:
    nine = (S2,) * hard + (S1,) * (9 - hard)
    work = replace(EXPERIENCED, recent=(S4, *nine), unbroken=0)

    assert held(verdict(only(LimitId.L_09), S2, work), Reason.MIX) is refused
    assert isinstance(verdict(only(LimitId.L_09), S1, work), Admission)


@pytest.mark.parametrize(("over_ps", "refused"), [(-1, False), (0, True), (1, True)])
def test_from_a_quarter_of_the_daily_dose_the_mix_is_tighter_by_one(
    over_ps: int, *, refused: bool
) -> None:
    work = replace(EXPERIENCED, recent=(S2,) * 5 + (S0,) * 4)
    policy = replace(only(LimitId.L_06, LimitId.L_09), dose_day=SHIPPED.dose_day)

    charges = (spent(240 * 60 + over_ps, ago=hours(2)),)

    assert held(verdict(policy, S2, work, charges), Reason.MIX) is refused


@pytest.mark.parametrize(("over_ps", "refused"), [(-1, False), (0, True), (1, True)])
def test_from_half_of_the_daily_dose_hard_content_waits_for_a_declaration(
    over_ps: int, *, refused: bool
) -> None:
    policy = replace(only(LimitId.L_06), dose_day=SHIPPED.dose_day)
    charges = (spent(480 * 60 + over_ps, ago=hours(2)),)

    assert held(verdict(policy, S2, charges=charges), Reason.DECLARATION_DUE) is refused
    assert isinstance(verdict(policy, S1, charges=charges), Admission)


@pytest.mark.parametrize(("ago", "refused"), [(DAY - TICK, False), (DAY, True), (DAY + TICK, True)])
def test_a_declaration_answers_for_a_day(ago: timedelta, *, refused: bool) -> None:
    policy = replace(only(LimitId.L_06), dose_day=SHIPPED.dose_day)
    charges = (spent(480 * 60, ago=hours(2)),)

    decision = verdict(policy, S2, charges=charges, continued_at=ZERO - ago)

    assert held(decision, Reason.DECLARATION_DUE) is refused


@pytest.mark.parametrize("further", [False, True])
@pytest.mark.parametrize(("over", "refused"), [(-TICK, True), (0 * TICK, False), (TICK, False)])
def test_a_cool_down_ends_on_its_last_minute(
    over: timedelta, *, further: bool, refused: bool
) -> None:
    before = ZERO - DAY + TICK if further else ZERO - DAY
    work = replace(EXPERIENCED, last_severe_at=ZERO, severe_before=before)
    ends = ZERO + minutes(30 if further else 15)

    decision = verdict(only(LimitId.L_16), S2, work, now=ends + over)

    assert held(decision, Reason.COOLING_DOWN) is refused
    if isinstance(decision, Refusal):
        assert decision.until == ends
    assert isinstance(verdict(only(LimitId.L_16), S1, work, now=ends + over), Admission)
