"""Work periods, shifts, nights, the ramp-up and consents just under, at and just over."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.verdicts import Admission, Reason, Refusal
from tests.domain.welfare.world import (
    EXPERIENCED,
    OPEN,
    S1,
    S2,
    S3,
    S4,
    SECOND,
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
    ("since", "refused"),
    [(minutes(10) - TICK, True), (minutes(10), False), (minutes(10) + TICK, False)],
)
def test_a_work_period_begins_mildly(since: timedelta, *, refused: bool) -> None:
    policy = replace(OPEN, period_start=SHIPPED.period_start)
    work = replace(EXPERIENCED, idle_since=ZERO, period_start=ZERO - since)

    assert held(verdict(policy, S3, work), Reason.PERIOD_START) is refused
    assert isinstance(verdict(policy, S2, work), Admission)


@pytest.mark.parametrize(
    ("gap", "refused"),
    [(minutes(30) - TICK, False), (minutes(30), True), (minutes(30) + TICK, True)],
)
def test_half_an_hour_without_work_ends_a_work_period(gap: timedelta, *, refused: bool) -> None:
    policy = replace(OPEN, period_start=SHIPPED.period_start)
    work = replace(EXPERIENCED, idle_since=ZERO - gap, period_start=ZERO - hours(2))

    assert held(verdict(policy, S3, work), Reason.PERIOD_START) is refused


@pytest.mark.parametrize(
    ("over", "refused"), [(-SECOND, True), (0 * SECOND, False), (SECOND, False)]
)
def test_the_end_of_a_planned_shift_is_mild(over: timedelta, *, refused: bool) -> None:
    policy = replace(OPEN, shift_end=SHIPPED.shift_end)
    ends = ZERO + minutes(31) + over  # a minute of display, and the thirty after it

    decision = verdict(policy, S3, shift_ends_at=ends)

    assert held(decision, Reason.SHIFT_END) is refused
    assert isinstance(verdict(policy, S2, shift_ends_at=ends), Admission)


NIGHT = replace(OPEN, night=SHIPPED.night)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("local", "refused"),
    [
        (datetime(2026, 6, 1, 19, 58, 59, tzinfo=BERLIN), False),
        (datetime(2026, 6, 1, 19, 59, 0, tzinfo=BERLIN), False),
        (datetime(2026, 6, 1, 19, 59, 1, tzinfo=BERLIN), True),
        (datetime(2026, 6, 1, 20, 0, tzinfo=BERLIN), True),
        (datetime(2026, 6, 2, 0, 0, tzinfo=BERLIN), True),
        (datetime(2026, 6, 2, 6, 59, 59, tzinfo=BERLIN), True),
        (datetime(2026, 6, 2, 7, 0, tzinfo=BERLIN), False),
        (datetime(2026, 6, 2, 7, 0, 1, tzinfo=BERLIN), False),
    ],
)
def test_the_night_is_the_persons_own(local: datetime, *, refused: bool) -> None:
    assert held(verdict(NIGHT, S3, local_now=local), Reason.NIGHT) is refused
    assert isinstance(verdict(NIGHT, S2, local_now=local), Admission)


@pytest.mark.parametrize(
    ("local", "wait"),
    [
        (datetime(2026, 6, 1, 20, 0, tzinfo=BERLIN), hours(11)),
        (datetime(2026, 6, 1, 19, 59, 30, tzinfo=BERLIN), hours(11) + timedelta(seconds=30)),
        (datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN), hours(10)),  # an hour is skipped
        (datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN), hours(12)),  # an hour comes twice
    ],
)
def test_the_morning_comes_at_the_local_hour(local: datetime, wait: timedelta) -> None:
    decision = verdict(NIGHT, S3, local_now=local)

    assert isinstance(decision, Refusal)
    assert decision.until == ZERO + wait


def test_a_display_ends_where_the_night_begins() -> None:
    local = datetime(2026, 6, 1, 19, 57, 30, tzinfo=BERLIN)

    decision = verdict(NIGHT, S3, local_now=local)

    assert isinstance(decision, Admission)
    assert decision.granted == timedelta(seconds=150)


@pytest.mark.parametrize(
    ("hour", "minute", "refused"),
    [(5, 58, False), (6, 0, True), (16, 59, True), (17, 0, False), (23, 0, False)],
)
def test_a_night_worker_has_the_block_around_their_sleep(
    hour: int, minute: int, *, refused: bool
) -> None:
    local = datetime(2026, 6, 1, hour, minute, tzinfo=BERLIN)
    sleep = MainSleep(time(8), time(15))

    decision = verdict(NIGHT, S3, local_now=local, main_sleep=sleep)

    assert held(decision, Reason.NIGHT) is refused


@pytest.mark.parametrize(
    ("day", "highest", "percent"),
    [
        (1, S1, 100),
        (3, S1, 100),
        (4, S2, 25),
        (6, S2, 25),
        (7, S3, 50),
        (10, S3, 50),
        (11, S3, 75),
        (20, S3, 75),
        (21, S4, 100),
        (400, S4, 100),
    ],
)
def test_the_ramp_up_goes_by_days_with_exposure(day: int, highest: Severity, percent: int) -> None:
    policy = replace(only(LimitId.L_18), dose_day=SHIPPED.dose_day)
    today = replace(EXPERIENCED, ramp_days=day, ramp_day_start=ZERO - hours(1))
    full = spent(960 * 60 * percent // 100 - 60, ago=hours(2))
    # the budget is tried with S1, which is open on every day and costs 60 a minute
    over = spent(full.charge_ps + 1, ago=hours(2))

    for severity in Severity:
        decision = verdict(policy, severity, today)
        assert held(decision, Reason.RAMPING_UP) is (severity > highest)
    assert isinstance(verdict(policy, S1, today, (full,)), Admission)
    assert held(verdict(policy, S1, today, (over,)), Reason.DAILY_DOSE)


@pytest.mark.parametrize(
    ("since", "day"), [(hours(20) - TICK, 3), (hours(20), 4), (hours(20) + TICK, 4)]
)
def test_a_ramp_up_day_begins_twenty_hours_after_the_last_began(since: timedelta, day: int) -> None:
    work = replace(EXPERIENCED, ramp_days=3, ramp_day_start=ZERO - since)

    assert held(verdict(only(LimitId.L_18), S2, work), Reason.RAMPING_UP) is (day < 4)


@pytest.mark.parametrize(
    ("away", "halved"),
    [(timedelta(days=14) - TICK, False), (timedelta(days=14), True)],
)
def test_a_return_to_hard_content_begins_with_half(away: timedelta, *, halved: bool) -> None:
    policy = replace(only(LimitId.L_18), dose_hour=SHIPPED.dose_hour)
    work = replace(EXPERIENCED, last_hard_at=ZERO - away)
    charges = (spent(120 * 60 - 360 + 1),)

    assert held(verdict(policy, S2, work, charges), Reason.HOURLY_DOSE) is halved
    assert isinstance(verdict(policy, S1, work, charges), Admission)


@pytest.mark.parametrize(("day", "halved"), [(59, True), (60, True), (61, True), (62, False)])
def test_a_return_lasts_three_days_with_exposure(day: int, *, halved: bool) -> None:
    policy = replace(only(LimitId.L_18), dose_hour=SHIPPED.dose_hour)
    work = replace(
        EXPERIENCED,
        ramp_days=day,
        ramp_day_start=ZERO - hours(1),
        return_day=59,
        last_hard_at=ZERO - hours(1),
    )
    charges = (spent(120 * 60),)

    assert held(verdict(policy, S2, work, charges), Reason.HOURLY_DOSE) is halved


@pytest.mark.parametrize(("severity", "days"), [(S2, 180), (S3, 90), (S4, 30)])
@pytest.mark.parametrize(("over", "refused"), [(-TICK, False), (0 * TICK, True), (TICK, True)])
def test_a_consent_lapses(severity: Severity, days: int, over: timedelta, *, refused: bool) -> None:
    given = ZERO - timedelta(days=days) - over

    decision = verdict(only(LimitId.L_19), severity, consents={severity: given})

    assert held(decision, Reason.CONSENT_LAPSED) is refused
