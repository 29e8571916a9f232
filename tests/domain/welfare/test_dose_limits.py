"""Doses, counts and long texts just under, at and just over, with nothing else binding."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import Shown
from labelhub.domain.welfare.verdicts import Admission, Hold, Reason, Refusal
from tests.domain.welfare.world import (
    DAY,
    EXPERIENCED,
    HOUR,
    MONTH,
    NEVER,
    OPEN,
    S0,
    S1,
    S2,
    S3,
    S4,
    SECOND,
    SHIPPED,
    TICK,
    WEEK,
    ZERO,
    asked,
    at,
    held,
    labeler_at,
    minutes,
    only,
    spent,
    verdict,
)

WINDOWS = [
    (LimitId.L_02, Reason.HOURLY_DOSE, HOUR, 240),
    (LimitId.L_03, Reason.DAILY_DOSE, DAY, 960),
    (LimitId.L_04, Reason.WEEKLY_DOSE, WEEK, 3_840),
    (LimitId.L_05, Reason.MONTHLY_DOSE, MONTH, 11_520),
]


@pytest.mark.parametrize(("limit", "reason", "window", "points"), WINDOWS)
@pytest.mark.parametrize(("over_ps", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_dose_includes_the_candidate_itself(
    limit: LimitId, reason: Reason, window: timedelta, points: int, over_ps: int, *, refused: bool
) -> None:
    charges = (spent(points * 60 - 360 + over_ps),)  # one S2 minute is 360 point-seconds

    assert held(verdict(only(limit), S2, charges=charges), reason) is refused


@pytest.mark.parametrize(("limit", "reason", "window", "points"), WINDOWS)
@pytest.mark.parametrize(("inside", "refused"), [(-TICK, False), (0 * TICK, False), (TICK, True)])
def test_a_window_excludes_its_first_instant(
    limit: LimitId,
    reason: Reason,
    window: timedelta,
    points: int,
    inside: timedelta,
    *,
    refused: bool,
) -> None:
    charges = (spent(points * 60, ago=window - inside),)

    assert held(verdict(only(limit), S2, charges=charges), reason) is refused


@pytest.mark.parametrize(("limit", "reason", "window", "points"), WINDOWS)
def test_a_full_window_says_when_the_next_item_fits(
    limit: LimitId, reason: Reason, window: timedelta, points: int
) -> None:
    old = spent(points * 60 - 400, ago=window - minutes(1))
    young = spent(400, ago=window / 2)

    decision = verdict(only(limit), S2, charges=(old, young))

    assert decision == Refusal((Hold(reason, old.hidden_at + window, limit),))
    assert isinstance(
        verdict(only(limit), S2, charges=(old, young), now=old.hidden_at + window), Admission
    )


@pytest.mark.parametrize(("limit", "reason", "window", "points"), WINDOWS)
def test_midnight_resets_nothing(
    limit: LimitId, reason: Reason, window: timedelta, points: int
) -> None:
    just_before, just_after = ZERO.replace(hour=23, minute=59), ZERO.replace(hour=23, minute=59)
    just_after += minutes(2)
    charge = Charge(just_before, S2, 60, points * 60)

    assert held(verdict(only(limit), S2, charges=(charge,), now=just_after), reason)


@pytest.mark.parametrize(("limit", "reason", "window", "points"), WINDOWS)
def test_benign_items_are_never_held_by_points(
    limit: LimitId, reason: Reason, window: timedelta, points: int
) -> None:
    assert isinstance(verdict(only(limit), S0, charges=(spent(NEVER),)), Admission)


@pytest.mark.parametrize(
    ("window", "most"), [(HOUR, 1), (DAY, 4), (WEEK, 12)], ids=["hour", "day", "week"]
)
@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, True), (1, True)])
def test_severe_items_are_counted(
    window: timedelta, most: int, over: int, *, refused: bool
) -> None:
    policy = replace(OPEN, severe_hour=NEVER, severe_day=NEVER, severe_week=NEVER)
    name = {HOUR: "severe_hour", DAY: "severe_day", WEEK: "severe_week"}[window]
    policy = replace(policy, **{name: getattr(SHIPPED, name)})
    oldest = window - minutes(1)
    charges = tuple(
        spent(0, ago=oldest - SECOND * number, severity=S4) for number in range(most + over)
    )

    assert held(verdict(policy, S4, charges=charges), Reason.SEVERE_COUNT) is refused
    if refused:
        decision = verdict(policy, S4, charges=charges)
        assert isinstance(decision, Refusal)
        assert decision.until == charges[over].hidden_at + window


@pytest.mark.parametrize(("inside", "refused"), [(-TICK, False), (0 * TICK, False), (TICK, True)])
def test_a_severe_item_leaves_its_window_at_the_full_hour(
    inside: timedelta, *, refused: bool
) -> None:
    charges = (spent(0, ago=HOUR - inside, severity=S4),)

    decision = verdict(only(LimitId.L_07), S4, charges=charges)

    assert held(decision, Reason.SEVERE_COUNT) is refused


@pytest.mark.parametrize(
    ("severity", "words"), [(S0, 6_000), (S1, 2_000), (S2, 1_200), (S3, 800), (S4, 400)]
)
@pytest.mark.parametrize(("over", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_text_must_be_readable_within_its_longest_display(
    severity: Severity, words: int, over: int, *, refused: bool
) -> None:
    labeler = labeler_at(ZERO, only(LimitId.A_1))
    candidate = asked(severity, words=words + over)

    assert held(decide(labeler, candidate, ZERO), Reason.TOO_LONG) is refused


@pytest.mark.parametrize(("words", "refused"), [(200, False), (201, True)])
def test_a_minute_left_is_enough_for_two_hundred_words(words: int, *, refused: bool) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, continuous=minutes(49))
    labeler = labeler_at(ZERO, only(LimitId.L_10), work)

    decision = decide(labeler, asked(S0, words=words), ZERO)

    assert held(decision, Reason.BREAK_DUE) is refused


def test_a_long_text_waits_until_the_window_is_empty_or_for_ever() -> None:
    work = replace(EXPERIENCED, last=Shown(S2, ZERO - minutes(6), ZERO - minutes(5), minutes(1)))
    charges = (spent(240 * 60 - 400),)
    labeler = labeler_at(ZERO, only(LimitId.L_02), work, charges)

    waiting = decide(labeler, asked(S2, words=400), ZERO)
    hopeless = decide(labeler, asked(S2, words=100_000), ZERO)

    assert waiting == Refusal((Hold(Reason.HOURLY_DOSE, at(3_300), LimitId.L_02),))
    assert isinstance(hopeless, Refusal)
    assert Hold(Reason.HOURLY_DOSE, None, LimitId.L_02) in hopeless.holds
