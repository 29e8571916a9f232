"""What a gap was: breaks due, protection, waiting, time away; each just under, at and over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.gaps import GapKind, Spent, answering, break_due, gap_parts
from labelhub.domain.welfare.timeline import Showing, Shown
from tests.domain.welfare.world import EXPERIENCED, S0, S4, SHIPPED, ZERO, at, minutes

RESTING = replace(EXPERIENCED, idle_since=ZERO)
TIRED = replace(RESTING, continuous=minutes(50))
HARD_DONE = replace(RESTING, hard=minutes(20))


def kinds(parts: tuple[Spent, ...]) -> dict[str, float]:
    return {part.kind.value: part.time.total_seconds() for part in parts}


@pytest.mark.parametrize(
    ("worked", "due"), [(49, False), (49 + 1 / 60, True), (50, True), (51, True)]
)
def test_a_break_is_due_when_too_little_is_left_to_show_anything(
    worked: float, *, due: bool
) -> None:
    work = replace(RESTING, continuous=minutes(worked))
    found = break_due(work, SHIPPED)
    assert (found == Spent(GapKind.DUE_BREAK, minutes(10))) is due
    assert (found is None) is not due


def test_of_two_breaks_that_are_due_the_longer_one_is_meant() -> None:
    work = replace(TIRED, long=timedelta(hours=4))
    assert break_due(work, SHIPPED) == Spent(GapKind.LONG_BREAK, minutes(30))


def test_a_due_break_is_paid_whole_and_the_rest_of_the_gap_is_waiting() -> None:
    assert kinds(gap_parts(TIRED, SHIPPED, at(600))) == {"due_break": 600}
    assert kinds(gap_parts(TIRED, SHIPPED, at(660))) == {"due_break": 600, "waiting": 60}


@pytest.mark.parametrize(
    ("waited", "paid"), [(0, 0), (1, 1), (899, 899), (900, 900), (901, 900), (1799, 900), (1800, 0)]
)
def test_waiting_is_paid_for_a_quarter_of_an_hour_unless_the_labeler_was_away(
    waited: int, paid: int
) -> None:
    assert kinds(gap_parts(RESTING, SHIPPED, at(waited))).get("waiting", 0) == paid


def test_overnight_a_break_that_was_due_is_still_paid_and_nothing_else() -> None:
    assert kinds(gap_parts(TIRED, SHIPPED, at(14 * 3600))) == {"due_break": 600}


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (300, {"hard_break": 300}),
        (900, {"hard_break": 900}),
        (960, {"hard_break": 900, "waiting": 60}),
    ],
)
def test_of_a_break_from_hard_content_what_was_taken_is_paid(
    gap: int, expected: dict[str, float]
) -> None:
    assert kinds(gap_parts(HARD_DONE, SHIPPED, at(gap))) == expected


def test_a_cool_down_is_paid_until_it_ends() -> None:
    cooling = replace(RESTING, last_severe_at=ZERO)
    assert kinds(gap_parts(cooling, SHIPPED, at(600))) == {"cool_down": 600}
    assert kinds(gap_parts(cooling, SHIPPED, at(1000))) == {"cool_down": 900, "waiting": 100}


def test_a_whole_break_is_part_of_a_longer_protection_and_no_second_is_paid_twice() -> None:
    both = replace(TIRED, hard=minutes(20))
    assert kinds(gap_parts(both, SHIPPED, at(900))) == {"due_break": 600, "hard_break": 300}


def test_what_was_the_labelers_own_time_is_not_waiting() -> None:
    assert kinds(gap_parts(RESTING, SHIPPED, at(600), minutes(9))) == {"waiting": 60}
    assert kinds(gap_parts(RESTING, SHIPPED, at(600), minutes(10))) == {}


def test_while_an_item_is_shown_or_before_the_first_there_is_no_gap() -> None:
    shown = replace(RESTING, showing=Showing(S0, ZERO, minutes(5)))
    assert gap_parts(shown, SHIPPED, at(600)) == ()
    assert gap_parts(replace(EXPERIENCED, idle_since=None), SHIPPED, at(600)) == ()


@pytest.mark.parametrize(("seconds", "paid"), [(0, 0), (1, 1), (900, 900), (901, 0)])
def test_writing_on_after_the_text_was_hidden_is_paid(seconds: int, paid: int) -> None:
    last = Shown(Severity(S4), ZERO - minutes(2), ZERO, minutes(2))
    work = replace(RESTING, last=last)
    assert answering(work, last.shown_at, at(seconds)) == timedelta(seconds=paid)


def test_the_gap_after_another_item_is_not_writing() -> None:
    last = Shown(Severity(S4), ZERO - minutes(2), ZERO, minutes(2))
    assert answering(replace(RESTING, last=last), ZERO, at(60)) == timedelta()
