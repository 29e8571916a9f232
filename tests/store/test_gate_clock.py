"""Gate time in the database: no clock fault credits more than passed, and time moves again (R4)."""

import random
from datetime import timedelta

import pytest

from labelhub.store import gate_clock
from labelhub.store.database import Database
from labelhub.store.gate_clock import NoGateTimeError
from tests.worlds import START, HandClock

JUMPS = [1, 60, 3_600, 86_400, 31_536_000, 315_360_000]


def _started(database: Database, clock: HandClock) -> None:
    with database.writing() as session:
        gate_clock.start(session, clock)


def _tick(database: Database, clock: HandClock) -> gate_clock.Tick:
    return database.run(lambda s: gate_clock.tick(s, clock))


def test_without_an_installation_there_is_no_time(database: Database, clock: HandClock) -> None:
    with pytest.raises(NoGateTimeError):
        _tick(database, clock)


def test_it_goes_with_real_time(database: Database, clock: HandClock) -> None:
    _started(database, clock)
    for seconds in (0.25, 0.5, 3, 0.1, 7_200):
        clock.pass_(seconds=seconds)
        assert _tick(database, clock).gate_time == clock.now()


@pytest.mark.parametrize("seconds", [sign * jump for jump in JUMPS for sign in (1, -1)])
def test_a_jump_of_the_wall_clock_credits_nothing(
    database: Database, clock: HandClock, seconds: int
) -> None:
    _started(database, clock)
    clock.pass_(minutes=10)
    before = _tick(database, clock).gate_time
    clock.set_wall(seconds=seconds)
    jumped = _tick(database, clock)
    assert jumped.gate_time == before
    assert (jumped.anomaly is not None) == (abs(seconds) > 60)
    clock.pass_(minutes=5)
    after = _tick(database, clock).gate_time - before
    assert after <= timedelta(minutes=5)
    assert after >= timedelta(minutes=4)  # and it goes on: at most a minute is lost


def test_the_boot_clock_alone_credits_nothing(database: Database, clock: HandClock) -> None:
    _started(database, clock)
    clock.seconds += 3_600
    assert _tick(database, clock).gate_time == START


def test_a_reboot_that_a_time_server_vouches_for_credits_the_time(
    database: Database, clock: HandClock
) -> None:
    _started(database, clock)
    clock.pass_(hours=8)
    clock.boot, clock.seconds = "boot-2", 5.0
    tick = _tick(database, clock)
    assert (tick.gate_time, tick.verified) == (START + timedelta(hours=8), True)


def test_a_reboot_nobody_vouches_for_credits_nothing_until_confirmed(
    database: Database, clock: HandClock
) -> None:
    clock.follows_server = False
    _started(database, clock)
    clock.pass_(hours=8)
    clock.boot, clock.seconds = "boot-2", 5.0
    tick = _tick(database, clock)
    assert (tick.gate_time, tick.verified) == (START, False)
    clock.pass_(minutes=1)
    assert _tick(database, clock).gate_time == START + timedelta(minutes=1)
    assert _tick(database, clock).verified is False
    database.run(lambda s: gate_clock.confirm(s, clock))
    assert _tick(database, clock).verified is True


def test_a_quick_reboot_only_reads_until_a_minute_has_passed(
    database: Database, clock: HandClock
) -> None:
    _started(database, clock)
    clock.pass_(seconds=20)
    clock.boot, clock.seconds = "boot-2", 5.0
    assert _tick(database, clock).gate_time == START
    clock.pass_(seconds=45)
    assert _tick(database, clock).gate_time == START + timedelta(seconds=65)


def test_a_boot_whose_wall_lies_before_the_stored_one_is_not_trusted(
    database: Database, clock: HandClock
) -> None:
    """A dead battery, or a stored time from the future: hard content waits, and staff see it."""
    _started(database, clock)
    clock.set_wall(days=-3_650)
    clock.boot, clock.seconds = "boot-2", 5.0
    tick = _tick(database, clock)
    assert (tick.gate_time, tick.verified) == (START, False)
    database.run(lambda s: gate_clock.confirm(s, clock))
    clock.pass_(minutes=3)
    tick = _tick(database, clock)
    assert (tick.gate_time, tick.verified) == (START + timedelta(minutes=3), True)


def test_a_second_host_reads_the_time_and_keeps_out(database: Database, clock: HandClock) -> None:
    _started(database, clock)
    other = HandClock(wall=clock.wall + timedelta(seconds=40), seconds=9.0, boot="other")
    for _ in range(5):
        clock.pass_(seconds=2)
        other.pass_(seconds=2)
        kept = _tick(database, clock).gate_time
        assert _tick(database, other).gate_time == kept
    assert kept == START + timedelta(seconds=10)


def test_a_second_host_takes_over_when_the_first_is_silent(
    database: Database, clock: HandClock
) -> None:
    _started(database, clock)
    other = HandClock(seconds=9.0, boot="other")
    other.pass_(minutes=2)
    assert _tick(database, other).gate_time == START + timedelta(minutes=2)


def test_a_machine_that_lies_behind_takes_over_and_credits_nothing_at_a_stroke(
    database: Database, clock: HandClock
) -> None:
    """Else what is done there is dated too early, and its gap seems long when time moves on."""
    _started(database, clock)
    clock.set_wall(days=1)
    _tick(database, clock)
    other = HandClock(seconds=9.0, boot="other")
    clock.pass_(hours=3)
    other.pass_(hours=3)
    hidden_at = _tick(database, other)
    assert not hidden_at.verified
    clock.pass_(seconds=10)
    assert _tick(database, clock).gate_time - hidden_at.gate_time <= timedelta(seconds=10)


def test_a_confirmation_credits_no_difference_between_two_machines(
    database: Database, clock: HandClock
) -> None:
    _started(database, clock)
    other = HandClock(wall=START + timedelta(seconds=40), seconds=9.0, boot="other")
    assert database.run(lambda s: gate_clock.confirm(s, other)).gate_time == START
    assert database.run(lambda s: gate_clock.confirm(s, clock)).gate_time == START
    clock.pass_(minutes=2)
    assert _tick(database, clock).gate_time == START + timedelta(minutes=2)


def test_looking_stores_nothing(database: Database, clock: HandClock) -> None:
    _started(database, clock)
    clock.pass_(minutes=3)
    with database.reading() as session:
        assert gate_clock.peek(session, clock).gate_time == clock.now()
    clock.boot = "boot-2"
    clock.follows_server = False
    with database.reading() as session:
        assert gate_clock.peek(session, clock).gate_time == START


@pytest.mark.parametrize("seed", range(20))
def test_no_history_credits_more_than_passed(
    sqlite_database: Database, clock: HandClock, seed: int
) -> None:
    """Random work, jumps and reboots: gate time never outruns true time (M8)."""
    dice = random.Random(seed)  # noqa: S311 a test's dice
    clock.follows_server = seed % 2 == 0
    _started(sqlite_database, clock)
    passed = timedelta()
    last = START
    wrong_by = timedelta()
    for _ in range(40):
        span = timedelta(seconds=dice.choice([0, 0.4, 5, 70, 4_000]))
        clock.pass_(span)
        passed += span
        fault = dice.random()
        if fault < 0.2:
            jump = timedelta(seconds=dice.choice(JUMPS) * dice.choice([1, -1]))
            clock.set_wall(seconds=jump.total_seconds())
            wrong_by += jump
        elif fault < 0.3 and not clock.follows_server:
            clock.boot, clock.seconds = f"boot-{dice.random()}", 0.0
        now = _tick(sqlite_database, clock).gate_time
        assert now - START <= passed
        assert now >= last - timedelta(seconds=1)  # `take_turn` hides even this from a person
        last = now


def test_what_was_read_before_a_confirmation_is_not_stored_over_it(
    postgres_database: Database, clock: HandClock
) -> None:
    """A serve may wait between reading the clock and storing it, while an administrator acts."""
    database = postgres_database
    clock.follows_server = False
    _started(database, clock)
    clock.boot, clock.seconds = "boot-2", 5.0
    clock.pass_(minutes=2)
    with database.writing() as session:
        read = session.connection().execute(gate_clock.READ).one()
    database.run(lambda s: gate_clock.confirm(s, clock))
    clock.pass_(seconds=3)

    waited = database.run(lambda s: gate_clock.ticked(s, clock, read))

    assert waited.verified  # whoever takes over reads again what was stored meanwhile
    assert _tick(database, clock).verified
