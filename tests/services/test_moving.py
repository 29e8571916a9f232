"""A change of time zone ends no night, shortens no rest and gives no budget back (L-17, W-5)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from labelhub.domain.vocabulary import ItemId, Severity
from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.rules.shift import night
from labelhub.domain.welfare.verdicts import Allowance
from labelhub.services import people
from labelhub.store import labelers
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock

EVENING = timedelta(hours=12)  # after the desk's start at 09:00 UTC: it is night from 20:00 on


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(database, clock, labelers=1, items=[0], max_severity=3)


def state(room: Room) -> LabelerState:
    with room.database.reading() as session:
        locked = labelers.glance(session, room.who(), room.desk.slug, room.clock)
    assert locked is not None
    return locked.state


def graphic_may_come(room: Room) -> bool:
    """Whether the night alone would let something of S3 be shown."""
    with room.database.reading() as session:
        locked = labelers.glance(session, room.who(), room.desk.slug, room.clock)
    assert locked is not None
    item = ItemId(room.desk.items[0])
    graphic = Candidate(item, locked.place.facts, Severity.S3, screened=True)
    verdict = night(locked.state, graphic, locked.now)
    return isinstance(verdict, Allowance) and verdict.time > timedelta()


def move(room: Room, zone: str) -> bool:
    return room.run(lambda session: people.move(session, room.who(), "", zone, room.clock))


def test_naming_another_place_ends_no_night(room: Room) -> None:
    room.clock.pass_(EVENING)
    assert not graphic_may_come(room)

    for zone in ("Pacific/Honolulu", "America/Los_Angeles", "Asia/Kolkata"):
        move(room, zone)
        assert not graphic_may_come(room), zone


def test_the_new_place_has_a_night_of_its_own_at_once(room: Room) -> None:
    assert graphic_may_come(room)

    move(room, "Pacific/Honolulu")  # 23:00 there

    assert not graphic_may_come(room)


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(days=7, seconds=-1), True),
        (timedelta(days=7), False),
        (timedelta(days=7, seconds=1), False),
    ],
)
def test_the_night_left_behind_counts_for_seven_days(
    room: Room, after: timedelta, *, counts: bool
) -> None:
    room.clock.pass_(EVENING)
    move(room, "America/Los_Angeles")  # 13:00 there

    room.clock.pass_(after)

    assert graphic_may_come(room) is not counts


def test_a_turned_wall_clock_brings_the_end_of_the_old_night_no_nearer(room: Room) -> None:
    room.clock.pass_(EVENING)
    move(room, "America/Los_Angeles")

    room.clock.set_wall(days=8)

    assert not graphic_may_come(room)


def test_going_back_keeps_the_night_of_the_place_in_between(room: Room) -> None:
    move(room, "Pacific/Honolulu")
    move(room, "UTC")

    assert not graphic_may_come(room)  # 09:00 in UTC, 23:00 in Honolulu
    room.clock.pass_(days=7)
    assert graphic_may_come(room)


def test_limits_and_windows_are_the_same_before_and_after_a_move(room: Room) -> None:
    shown = room.shown()
    room.clock.pass_(seconds=30)
    room.accepted(shown)
    before = state(room)

    move(room, "Pacific/Honolulu")

    after = state(room)
    assert (after.policy, after.work, after.windows) == (
        before.policy, before.work, before.windows
    )  # fmt: skip
    assert before.local_now is not None
    assert before.local_now.tzinfo == ZoneInfo("UTC")
