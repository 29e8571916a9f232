"""What happened changes the state; what was only asked does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import charge_ps, reading_time, words_readable
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import (
    GRAPHIC,
    HARD,
    NEW,
    RECENT,
    WorkState,
    hidden,
    regraded,
    resumed,
    run,
    served,
    settled,
    touched,
    worsened,
)
from tests.domain.welfare.world import (
    DAY,
    EXPERIENCED,
    FIVE_MINUTES,
    OPEN,
    S0,
    S1,
    S2,
    S3,
    S4,
    SHIPPED,
    VECTORS,
    ZERO,
    Desk,
    admitted,
    at,
    hours,
    minutes,
    refused_by,
)


def shown(severity: Severity, seconds: float = 60, work: WorkState = EXPERIENCED) -> WorkState:
    """Return the state after one item from second 0."""
    open_now = served(work, VECTORS, severity, minutes(30), at(0))
    return hidden(open_now, VECTORS, at(seconds))[0]


def test_silence_is_charged_in_full() -> None:
    open_now = served(NEW, VECTORS, S2, minutes(6), at(0))

    state, charge = settled(open_now, VECTORS, at(3_600))

    assert charge is not None
    assert (charge.hidden_at, charge.active_s, charge.charge_ps) == (at(360), 360, 6 * 360)
    assert state.idle_since == at(360)
    assert state.showing is None


@pytest.mark.parametrize(("second", "open_still"), [(359.999, True), (360, False), (361, False)])
def test_an_exposure_settles_when_its_granted_time_is_over(
    second: float, *, open_still: bool
) -> None:
    open_now = served(NEW, VECTORS, S2, minutes(6), at(0))

    state, charge = settled(open_now, VECTORS, at(second))

    assert (state.showing is not None) is open_still
    assert (charge is None) is open_still


def test_hiding_twice_charges_once() -> None:
    state, first = hidden(served(NEW, VECTORS, S2, minutes(6), at(0)), VECTORS, at(30))

    again, second = hidden(state, VECTORS, at(40))

    assert first is not None
    assert second is None
    assert again == state


def test_a_clock_that_stood_still_charges_the_minimum() -> None:
    _, charge = hidden(served(NEW, VECTORS, S2, minutes(6), at(0)), VECTORS, at(-5))

    assert charge is not None
    assert (charge.hidden_at, charge.active_s, charge.charge_ps) == (at(0), 0, 360)


def test_a_begun_second_counts_whole() -> None:
    _, charge = hidden(served(NEW, VECTORS, S2, minutes(6), at(0)), VECTORS, at(61.000001))

    assert charge is not None
    assert charge.active_s == 62


def test_only_one_exposure_is_open() -> None:
    open_now = served(NEW, VECTORS, S0, minutes(1), at(0))

    with pytest.raises(ValueError, match="still open"):
        served(open_now, VECTORS, S0, minutes(1), at(10))


def test_the_labelers_higher_rating_raises_their_own_charge() -> None:
    open_now = served(NEW, VECTORS, S1, minutes(6), at(0))

    state, charge = hidden(open_now, VECTORS, at(60), rated=S3)
    _, milder = hidden(open_now, VECTORS, at(60), rated=S0)

    assert charge is not None
    assert (charge.severity, charge.charge_ps) == (S3, 1_200)
    assert run(state, GRAPHIC) == 1
    assert state.hard == minutes(1)
    assert milder is not None
    assert milder.severity is S1


@pytest.mark.parametrize("tier", [S0, S1, S2, S3])
@pytest.mark.parametrize("rated", [S1, S2, S3, S4])
def test_a_rating_after_hiding_counts_as_one_at_hiding(tier: Severity, rated: Severity) -> None:
    before = shown(S3, work=shown(S4))
    open_now = served(before, VECTORS, tier, minutes(30), at(2_000))

    at_once, _ = hidden(open_now, VECTORS, at(2_060), rated=rated)
    later = regraded(hidden(open_now, VECTORS, at(2_060))[0], VECTORS, rated)

    assert later == at_once
    assert regraded(later, VECTORS, rated) == later


def test_nothing_to_regrade_changes_nothing() -> None:
    assert regraded(NEW, VECTORS, S4) == NEW
    assert regraded(shown(S3), VECTORS, S1) == shown(S3)


@pytest.mark.parametrize("gap", [0, 299, 300, 599, 600, 899, 900, 1_799, 1_800, 40_000, 200_000])
def test_looking_twice_is_looking_once(gap: float) -> None:
    state = replace(shown(S3), split_from=at(-900))
    now = at(60 + gap)

    once = resumed(state, SHIPPED, now)

    assert resumed(once, SHIPPED, now) == once


def test_a_gap_polled_at_five_minutes_is_not_two_parts_even_if_the_look_were_kept() -> None:
    state = shown(S2)
    kept = resumed(state, VECTORS, at(60 + 300))

    later = resumed(kept, VECTORS, at(60 + 600))

    assert later.hard == minutes(1)
    assert resumed(kept, VECTORS, at(60 + 900)).hard == timedelta(0)


def test_asking_changes_no_state() -> None:
    desk = Desk(work=shown(S2))
    before = desk.work

    for second in range(60, 2_000, 50):
        desk.ask(S3, second)

    assert desk.work == before


def test_an_answer_in_a_gap_restarts_it() -> None:
    desk = Desk(work=replace(shown(S0), continuous=minutes(50)))
    desk.work = touched(desk.work, VECTORS, at(60 + 540))

    assert refused_by(desk.ask(S0, 60 + 600)) == {LimitId.L_10}
    assert refused_by(desk.ask(S0, 60 + 540 + 599)) == {LimitId.L_10}
    assert admitted(desk.ask(S0, 60 + 540 + 600))


def test_an_answer_after_a_whole_break_leaves_the_break_whole() -> None:
    tired = replace(shown(S2), continuous=minutes(50), hard=minutes(20), long=hours(4))

    after_ten = touched(tired, VECTORS, at(60 + 600))
    after_fifteen = touched(tired, VECTORS, at(60 + 900))
    after_thirty = touched(tired, VECTORS, at(60 + 1_800))

    none = timedelta(0)
    assert (after_ten.continuous, after_ten.hard, after_ten.long) == (none, minutes(20), hours(4))
    assert (after_fifteen.hard, after_fifteen.long) == (none, hours(4))
    assert after_thirty.long == none
    assert after_thirty.idle_since == at(60 + 1_800)


def test_an_answer_between_makes_no_split_break() -> None:
    tired = replace(shown(S2), hard=minutes(20))

    state = touched(tired, VECTORS, at(60 + 300))

    assert resumed(state, VECTORS, at(60 + 300 + 600)).hard == minutes(20)


def test_an_answer_the_next_morning_leaves_the_night_a_rest() -> None:
    state = replace(shown(S0), day_start=ZERO - hours(9), week_start=ZERO - DAY)

    morning = touched(state, SHIPPED, at(60) + hours(14))

    assert morning.day_start == at(60) + hours(14)
    assert morning.week_start == ZERO - DAY


def test_a_draft_while_the_item_is_on_screen_is_no_event() -> None:
    open_now = served(EXPERIENCED, VECTORS, S0, minutes(5), at(0))

    assert touched(open_now, VECTORS, at(100)) == open_now


def test_an_item_on_screen_that_turns_out_worse_is_charged_so_and_never_milder() -> None:
    open_now = served(EXPERIENCED, VECTORS, S1, minutes(5), at(0))
    worse = worsened(open_now, S3)

    assert worsened(worse, S2) == worse
    state, charge = hidden(worse, VECTORS, at(90))
    assert charge is not None
    assert (charge.severity, charge.charge_ps) == (S3, 20 * 90)
    assert state.recent[-1] == S3
    assert worsened(EXPERIENCED, S3) == EXPERIENCED


def test_a_split_break_needs_its_parts_in_order_and_clears_the_run() -> None:
    desk = Desk(work=replace(shown(S2), recent=(S2,) * 4, unbroken=4))
    desk.serves(S0, 60 + 300)
    state = resumed(desk.work, VECTORS, at(420 + 600))

    assert run(state, HARD) == 0
    assert state.split_from is None


def test_the_state_stays_small_however_long_the_history() -> None:
    state = EXPERIENCED
    for turn in range(500):
        opened = served(state, OPEN, Severity(turn % 5), FIVE_MINUTES, at(turn * 700))
        state, _ = hidden(opened, OPEN, at(turn * 700 + 60))

    assert len(state.recent) == RECENT
    assert state.unbroken <= RECENT


@pytest.mark.parametrize(
    ("seconds", "severity", "expected"),
    [(59, S3, 1_200), (60, S3, 1_200), (61, S3, 1_220), (600, S0, 0), (0, S4, 3_600)],
)
def test_a_charge_is_weight_times_at_least_a_minute(
    seconds: int, severity: Severity, expected: int
) -> None:
    assert charge_ps(SHIPPED, severity, timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize("words", [0, 1, 199, 200, 201, 333, 400, 1_000])
def test_reading_time_and_words_readable_agree(words: int) -> None:
    needed = reading_time(words)

    assert words_readable(needed) >= words
    assert words == 0 or words_readable(needed - timedelta(seconds=1)) < words


def test_a_return_after_a_pause_is_remembered_by_its_day() -> None:
    away = replace(EXPERIENCED, last_hard_at=ZERO - timedelta(days=14))

    assert shown(S2, work=away).return_day == 61
    assert shown(S1, work=away).return_day is None
    assert shown(S2).return_day is None


def test_the_first_hard_item_after_weeks_of_mild_work_is_a_return_too() -> None:
    mild = replace(NEW, first_at=ZERO - timedelta(days=30), ramp_days=25)

    assert shown(S2, work=mild).return_day == 26
    assert shown(S2, work=NEW).return_day is None
