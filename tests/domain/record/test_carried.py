"""What counts of a record from elsewhere, just at and beside each bound."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labelhub.domain.record.carried import (
    CLOCKS_APART,
    CarriedCharge,
    CarriedError,
    Fault,
    Issue,
    aged,
    charge_of,
    checked_issue,
)
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.windows import MONTH

WALL = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = WALL - timedelta(hours=5)  # gate time runs behind the wall, differently in each place
THERE = WALL - timedelta(days=40)
ISSUE = Issue(THERE, WALL)
CHARGE = CarriedCharge(THERE, Severity.S2, 60, 360, THERE)
TICK = timedelta(microseconds=1)


def test_an_exposure_is_as_old_here_as_it_was_there() -> None:
    hidden = replace(CHARGE, hidden_at=THERE - timedelta(minutes=7))
    found = aged(hidden, ISSUE, WALL + timedelta(hours=2), HERE)
    assert found is not None
    assert found.hidden_at == HERE - timedelta(hours=2, minutes=7)


@pytest.mark.parametrize(
    ("age", "counts"), [(MONTH - TICK, True), (MONTH, False), (MONTH + TICK, False)]
)
def test_what_no_window_reaches_does_not_count(age: timedelta, *, counts: bool) -> None:
    hidden = replace(CHARGE, hidden_at=THERE - age)
    assert (aged(hidden, ISSUE, WALL, HERE) is not None) is counts


@pytest.mark.parametrize("ahead", [TICK, CLOCKS_APART])
def test_a_clock_that_is_ahead_makes_nothing_later_than_now(ahead: timedelta) -> None:
    found = aged(CHARGE, Issue(THERE, WALL + ahead), WALL, HERE)
    assert found is not None
    assert found.hidden_at == HERE


def test_a_wall_clock_that_was_not_believed_lets_nothing_pass() -> None:
    found = aged(CHARGE, Issue(THERE, WALL - 3 * MONTH, verified=False), WALL, HERE)
    assert found is not None
    assert found.hidden_at == HERE


@pytest.mark.parametrize(("ahead", "taken"), [(CLOCKS_APART, True), (CLOCKS_APART + TICK, False)])
def test_an_issue_may_be_a_minute_ahead_and_no_more(ahead: timedelta, *, taken: bool) -> None:
    issue = Issue(THERE, WALL + ahead)
    if taken:
        assert checked_issue(issue, WALL) is issue
        return
    with pytest.raises(CarriedError) as refused:
        checked_issue(issue, WALL)
    assert refused.value.fault is Fault.IN_THE_FUTURE


def _entry(**changed: object) -> dict[str, object]:
    entry = {"hidden": THERE.isoformat(), "severity": 2, "seconds": 70, "point_seconds": 420}
    return {**entry, **changed}


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"point_seconds": 419}, False),  # less than the weight of S2 times its seconds
        ({"point_seconds": 42_000}, True),  # a hundred times: an installation may weigh more
        ({"point_seconds": 42_001}, False),
        ({"seconds": 1_800, "point_seconds": 10_800}, True),  # the longest display there is
        ({"seconds": 1_801, "point_seconds": 10_806}, False),
        ({"seconds": 0, "point_seconds": 360}, True),  # a minute at least is charged
        ({"seconds": 0, "point_seconds": 359}, False),
        ({"severity": 0, "point_seconds": 0}, True),
        ({"severity": 0, "point_seconds": 1}, False),
        ({"hidden": (THERE + TICK).isoformat()}, False),
    ],
)
def test_numbers_must_be_possible(changed: dict[str, object], *, taken: bool) -> None:
    if taken:
        assert charge_of(_entry(**changed), ISSUE, "line 7") is not None
        return
    with pytest.raises(CarriedError, match="line 7"):
        charge_of(_entry(**changed), ISSUE, "line 7")


def test_what_was_still_on_screen_has_no_charge() -> None:
    assert charge_of(_entry(hidden=None), ISSUE, "line 7") is None
