"""Rules of accounts: limits of sign-ins, passwords, attempts held back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.accounts import (
    LABELER_LIMITS,
    LONGEST,
    STAFF_LIMITS,
    Allowance,
    PasswordFault,
    length_fault,
    mostly_context,
    normalised_email,
    sign_in_limits,
    sign_in_over,
    throttled,
    window_start,
)
from labelhub.domain.vocabulary import SEES_OTHERS, Role

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEN = Allowance(10, timedelta(minutes=15))


def test_whoever_sees_others_data_has_the_short_limits() -> None:
    assert sign_in_limits({Role.LABELER}) == LABELER_LIMITS
    assert sign_in_limits(frozenset()) == LABELER_LIMITS
    for role in SEES_OTHERS:
        assert sign_in_limits({role, Role.LABELER}) == STAFF_LIMITS


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, True), (1, True)])
def test_a_limit_of_a_sign_in_binds_when_reached(seconds: int, *, over: bool) -> None:
    step = timedelta(seconds=seconds)
    idle = NOON + STAFF_LIMITS.idle + step
    absolute = NOON + STAFF_LIMITS.absolute + step

    assert sign_in_over(NOON, NOON, STAFF_LIMITS, idle) is over
    assert sign_in_over(NOON, absolute, STAFF_LIMITS, absolute) is over


@pytest.mark.parametrize(
    ("length", "alone", "fault"),
    [
        (14, True, PasswordFault.TOO_SHORT),
        (15, True, None),
        (7, False, PasswordFault.TOO_SHORT),
        (8, False, None),
        (64, True, None),
        (LONGEST, True, None),
        (LONGEST + 1, True, PasswordFault.TOO_LONG),
    ],
)
def test_lengths_of_passwords(length: int, *, alone: bool, fault: PasswordFault | None) -> None:
    assert length_fault("é" * length, alone=alone) is fault


@pytest.mark.parametrize(
    ("password", "mostly"),
    [
        ("amina.fairwords.2026", True),
        ("AMINA amina AMINA!", True),
        ("seven herons over the harbour", False),
        ("amina and seven herons over the harbour", False),
        ("fair", True),
    ],
)
def test_a_password_made_of_what_others_know(password: str, *, mostly: bool) -> None:
    assert mostly_context(password, {"amina", "fairwords", "fair", "an"}) is mostly


def test_addresses_are_compared_without_case_or_spaces() -> None:
    assert normalised_email("  Amina@Example.ORG\n") == "amina@example.org"


@pytest.mark.parametrize(("current", "held"), [(9, False), (10, True), (11, True)])
def test_an_allowance_binds_when_reached(current: int, *, held: bool) -> None:
    assert throttled(0, current, TEN, NOON) is held


def test_the_window_before_counts_by_what_is_left_of_it() -> None:
    start = window_start(TEN, NOON)

    assert throttled(10, 0, TEN, start)
    assert not throttled(10, 0, TEN, start + timedelta(seconds=1))
    assert not throttled(10, 4, TEN, start + timedelta(minutes=7, seconds=31))
    assert throttled(10, 5, TEN, start + timedelta(minutes=7, seconds=30))


@given(
    st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(1, 86_400),
)
def test_a_window_holds_its_own_moment(now: datetime, seconds: int) -> None:
    allowance = Allowance(1, timedelta(seconds=seconds))
    start = window_start(allowance, now)

    assert start <= now < start + allowance.window
    assert window_start(allowance, start) == start
