"""A refusal names other work that is open now, at a bounded cost (working-standards.md, B.1)."""

import pytest

from labelhub.services import desk as desks
from labelhub.services import elsewhere
from labelhub.services.desk import Desk
from labelhub.services.showing import Refused
from labelhub.store import joinings
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.services.desk.watching import watching
from tests.worlds import HandClock, add_items

MOST_OF_A_PROJECT = 8
"""Statements for each project that is asked about."""


def _refused(room: Room) -> Desk:
    seen = room.run(lambda s: desks.serve(s, room.who(), room.desk.slug, room.clock))
    assert isinstance(seen.outcome, Refused)
    return seen


def _with_items(room: Room, slug: str, *severities: int) -> None:
    add_items(
        room.database, room.second_project(slug).desk, severities, overlap=1, clock=room.clock
    )


def test_only_projects_with_work_of_a_tier_that_is_open_are_named(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)  # nobody agreed to S2
    _with_items(room, "mild", 0)
    _with_items(room, "hard", 2)
    room.second_project("empty")
    _with_items(room, "left", 0)
    room.run(lambda s: joinings.leave(s, room.who(), "left", clock.now()))
    assert [one.slug for one in _refused(room).elsewhere] == ["mild"]


def test_in_a_break_no_other_work_is_named(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    _with_items(room, "mild", 0)
    room.rest()
    assert _refused(room).elsewhere == ()


@pytest.mark.parametrize("others", [0, 12])
def test_what_a_refusal_costs_is_bounded(database: Database, clock: HandClock, others: int) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    before = _statements(room)
    for number in range(others):
        room.second_project(f"other-{number}")
    most = before + elsewhere.MOST_ASKED * MOST_OF_A_PROJECT
    assert _statements(room) <= most


def _statements(room: Room) -> int:
    _refused(room)
    with watching(room.database) as watch:
        _refused(room)
    return len(watch.statements)
