"""Gate time credits no more than passed (safety-case.md, R4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.gate_time import Anchor, Reading, advanced

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = Reading(START, timedelta(seconds=100), "boot-1", synchronised=True)
ANCHOR = Anchor(START, HERE, verified=True)
SPANS = st.timedeltas(timedelta(0), timedelta(days=400))
JUMPS = st.timedeltas(timedelta(days=-3_650), timedelta(days=3_650))


@given(SPANS, JUMPS)
def test_on_one_boot_a_wall_clock_cannot_add_time(passed: timedelta, jump: timedelta) -> None:
    reading = replace(HERE, wall=START + passed + jump, boottime=HERE.boottime + passed)
    tick = advanced(ANCHOR, reading)
    assert START <= tick.gate_time <= START + passed
    assert tick.verified


@given(SPANS, JUMPS)
def test_on_one_boot_a_boot_clock_cannot_add_time(passed: timedelta, jump: timedelta) -> None:
    reading = replace(HERE, wall=START + passed, boottime=HERE.boottime + passed + jump)
    assert START <= advanced(ANCHOR, reading).gate_time <= START + passed


@given(SPANS)
def test_undisturbed_all_of_it_counts(passed: timedelta) -> None:
    reading = replace(HERE, wall=START + passed, boottime=HERE.boottime + passed)
    tick = advanced(ANCHOR, reading)
    assert (tick.gate_time, tick.anomaly) == (START + passed, None)


@given(SPANS, st.booleans(), st.booleans())
def test_after_a_restart_both_ends_must_follow_a_time_server(
    passed: timedelta,
    before: bool,  # noqa: FBT001 given by name
    after: bool,  # noqa: FBT001 given by name
) -> None:
    anchor = Anchor(START, replace(HERE, synchronised=before), verified=True)
    reading = Reading(START + passed, timedelta(seconds=3), "boot-2", synchronised=after)
    tick = advanced(anchor, reading)
    trusted = before and after
    assert tick.gate_time == (START + passed if trusted else START)
    assert tick.verified is trusted


def test_unverified_time_stays_so_until_somebody_confirms() -> None:
    reading = replace(HERE, wall=START + timedelta(hours=1), boottime=timedelta(hours=2))
    assert not advanced(Anchor(START, HERE, verified=False), reading).verified


def test_what_strays_by_more_than_a_minute_is_told() -> None:
    minute = timedelta(seconds=60)
    for jump, told in ((minute, None), (minute * 2, minute * 2), (-minute * 2, -minute * 2)):
        reading = replace(HERE, wall=START + jump)
        assert advanced(ANCHOR, reading).anomaly == told
