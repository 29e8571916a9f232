"""L-17 for night workers: a main sleep counts seven days after its labeler declared it."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from labelhub.domain.vocabulary import ItemId, ProjectId, Severity
from labelhub.domain.welfare.facts import Candidate, ProjectFacts
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.rules.shift import night
from labelhub.domain.welfare.verdicts import Allowance
from labelhub.services.limits import reading, sleeping
from labelhub.services.limits.sleeping import SleepError
from labelhub.store import labelers
from labelhub.store.database import Database
from labelhub.store.labelers import Locked
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock

WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)
DAY_SLEEP = MainSleep(time(9), time(17))


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(database, clock, items=[3, 3], max_severity=3)


def declare(room: Room, sleep: MainSleep | None) -> bool:
    return room.run(lambda s: sleeping.declare(s, room.who(), sleep, room.clock))


def state(room: Room, place: int = 0) -> Locked:
    """Return what the gate is told."""
    found = room.run(
        lambda s: labelers.lock_state(
            s, labelers.take_turn(s, room.who(place), room.clock), room.desk.slug
        )
    )
    assert found is not None
    return found


def counts(room: Room, place: int = 0) -> MainSleep | None:
    return state(room, place).state.main_sleep


def test_nothing_is_declared_at_first(room: Room) -> None:
    assert counts(room) is None


def test_a_declaration_counts_after_seven_days_and_not_a_second_before(room: Room) -> None:
    assert declare(room, DAY_SLEEP)
    room.clock.pass_(WEEK - SECOND)
    assert counts(room) is None
    room.clock.pass_(SECOND)
    assert counts(room) == DAY_SLEEP
    assert counts(room, place=1) is None


def test_the_gate_keeps_graphic_content_out_of_the_block_around_the_sleep(room: Room) -> None:
    """Eleven hours around the middle of 09:00 to 17:00: from 07:30 to 18:30."""
    declare(room, DAY_SLEEP)
    room.clock.pass_(WEEK)
    graphic = Candidate(
        ItemId(uuid4()), ProjectFacts(ProjectId(uuid4()), Severity.S3), Severity.S3, screened=True
    )
    for day, (hour, held) in enumerate(
        ((8, True), (12, True), (18, True), (19, False), (23, False), (3, False), (7, False))
    ):
        moment = datetime(2026, 4, 1, hour, tzinfo=UTC) + timedelta(days=2 * day)
        room.clock.pass_(moment - room.clock.now())
        locked = state(room)
        verdict = night(locked.state, graphic, locked.now)
        assert isinstance(verdict, Allowance)
        assert (verdict.time <= timedelta()) is held, hour


def test_a_change_waits_again_and_the_old_hours_go_on(room: Room) -> None:
    declare(room, DAY_SLEEP)
    room.clock.pass_(WEEK)
    later = MainSleep(time(10), time(18))
    declare(room, later)
    room.clock.pass_(WEEK - SECOND)
    assert counts(room) == DAY_SLEEP
    room.clock.pass_(SECOND)
    assert counts(room) == later
    declare(room, None)
    assert counts(room) == later
    room.clock.pass_(WEEK)
    assert counts(room) is None


def test_a_new_declaration_replaces_the_one_that_waits(room: Room) -> None:
    declare(room, DAY_SLEEP)
    room.clock.pass_(WEEK - SECOND)
    later = MainSleep(time(10), time(18))
    declare(room, later)
    room.clock.pass_(WEEK - SECOND)
    assert counts(room) is None
    room.clock.pass_(SECOND)
    assert counts(room) == later


def test_what_waits_is_taken_back_at_once(room: Room) -> None:
    declare(room, DAY_SLEEP)
    assert room.run(lambda s: sleeping.take_back(s, room.who(), room.clock))
    assert not room.run(lambda s: sleeping.take_back(s, room.who(), room.clock))
    room.clock.pass_(WEEK)
    assert counts(room) is None
    assert room.events() == ["choice", "choice"]


def test_declaring_what_counts_already_changes_nothing(room: Room) -> None:
    assert not declare(room, None)
    assert room.events() == []


@pytest.mark.parametrize("years", [-1, 1])
def test_a_turned_clock_brings_it_no_closer(room: Room, years: int) -> None:
    declare(room, DAY_SLEEP)
    room.clock.set_wall(days=365 * years)

    assert counts(room) is None


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(time(9), time(9)), (time(9), time(12, 59)), (time(9), time(8)), (time(9), time(23, 1))],
)
def test_hours_that_are_no_main_sleep_are_refused(room: Room, begins: time, ends: time) -> None:
    with pytest.raises(SleepError):
        declare(room, MainSleep(begins, ends))
    assert room.rows("limit_request") == []


def test_the_page_says_what_counts_and_what_will(room: Room) -> None:
    declare(room, DAY_SLEEP)
    with room.database.reading() as session:
        sleep = reading.of_labeler_self(session, room.who(), room.clock).sleep

    assert (sleep.now, sleep.then, sleep.waits_until) == (
        None, DAY_SLEEP, room.clock.now() + WEEK,
    )  # fmt: skip
