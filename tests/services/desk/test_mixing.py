"""Mild work of another project comes in between where hard items must not follow each other."""

from collections import Counter
from dataclasses import replace
from uuid import uuid4

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.services import desk, mixing, rating
from labelhub.services.showing import Refused, Served, Shown
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, Room, furnish
from tests.worlds import HandClock, add_items

RUN = 4  # L-08: consecutive items of S2 and above


def hard_and_mild(database: Database, clock: HandClock, mild: list[int]) -> tuple[Room, Room]:
    """Open a project of hard items alone, and another with these."""
    hard = furnish(database, clock, items=[2] * 12, max_severity=2, labelers=1)
    hard.consent(2)
    other = hard.second_project("mild")
    ids = add_items(database, other.desk, mild, overlap=1, clock=clock)
    return hard, replace(other, desk=replace(other.desk, items=tuple(ids)))


def served(room: Room, key: str = "") -> Served:
    return room.run(lambda s: mixing.serve(s, room.who(), room.desk.slug, room.clock, key))


def rate(room: Room, shown: Served) -> None:
    assert isinstance(shown, Shown), shown
    room.clock.pass_(seconds=20)
    room.accepted(shown)


def places(room: Room, many: int) -> list[str]:
    """Rate so many items and return whose they were."""
    seen = []
    for _ in range(many):
        shown = served(room)
        rate(room, shown)
        seen.append(shown.locked.place.slug)
    return seen


def test_a_full_run_is_followed_by_mild_items_of_another_project_and_then_goes_on(
    database: Database, clock: HandClock
) -> None:
    hard, _ = hard_and_mild(database, clock, [0, 1, 0, 1])
    assert places(hard, 8) == ["pilot"] * RUN + ["mild"] * 2 + ["pilot"] * 2


def test_without_mild_work_elsewhere_the_refusal_stands(
    database: Database, clock: HandClock
) -> None:
    hard, _ = hard_and_mild(database, clock, [])
    places(hard, RUN)
    assert isinstance(served(hard), Refused)


def test_nothing_hard_comes_from_another_project(database: Database, clock: HandClock) -> None:
    hard, _ = hard_and_mild(database, clock, [2, 2, 2])
    places(hard, RUN)
    assert isinstance(served(hard), Refused)


def test_in_a_break_nothing_comes_in_between(database: Database, clock: HandClock) -> None:
    hard, _ = hard_and_mild(database, clock, [0] * 4)
    places(hard, RUN)
    hard.rest()
    assert isinstance(served(hard), Refused)


def test_a_project_that_was_left_sends_nothing_in_between(
    database: Database, clock: HandClock
) -> None:
    hard, mild = hard_and_mild(database, clock, [0] * 4)
    mild.change("joining", {"project_id": mild.desk.project}, left_at=clock.now())
    places(hard, RUN)
    assert isinstance(served(hard), Refused)


def test_a_retry_brings_the_same_item_in_between_and_no_second(
    database: Database, clock: HandClock
) -> None:
    hard, _ = hard_and_mild(database, clock, [0] * 4)
    places(hard, RUN - 1)
    last, key = served(hard), uuid4().hex
    assert isinstance(last, Shown)

    def submitted() -> desk.Desk:
        outcome = hard.answer(last, FIRST, key=key)
        assert isinstance(outcome, rating.Accepted)
        return hard.run(lambda s: desk.next_after(
            s, hard.who(), hard.desk.slug, clock, key=key, repeated=outcome.repeated,
        ))  # fmt: skip

    once, again = submitted(), submitted()
    assert isinstance(once.outcome, Shown)
    assert isinstance(again.outcome, Shown)
    assert once.outcome.exposure_id == again.outcome.exposure_id
    assert (once.home, again.home) == ("pilot", "pilot")


@pytest.mark.parametrize("hard_share", [10, 20])
def test_hard_work_is_spread_evenly_over_those_who_agreed(
    database: Database, clock: HandClock, hard_share: int
) -> None:
    """The share of severe points that would have to move (D.3) stays small."""
    items = [2] * hard_share + [0] * (60 - hard_share)
    room = furnish(database, clock, items=items, overlap=1, max_severity=2, labelers=5)
    for place in range(5):
        room.consent(2, place=place)
    for turn in range(60):
        shown = room.next(turn % 5)
        if isinstance(shown, Shown):
            clock.pass_(seconds=60)
            room.accepted(shown, place=turn % 5)
    carried = Counter({row.person_id: row.hard_ps for row in room.rows("joining")})
    total, fair = sum(carried.values()), sum(carried.values()) / 5
    assert total == hard_share * 6 * 60
    assert sum(abs(one - fair) for one in carried.values()) / 2 / total <= 0.1


def test_mild_items_are_still_at_hand_when_the_hard_ones_are_done(
    database: Database, clock: HandClock
) -> None:
    room = furnish(
        database, clock, items=[2] * 10 + [0] * 20, overlap=1, max_severity=2, labelers=1
    )
    room.consent(2)
    tiers = []
    for _ in range(30):
        shown = room.shown()
        clock.pass_(seconds=20)
        room.accepted(shown)
        tiers.append(shown.assignment.severity)
    assert Severity.S2 not in tiers[-9:]
    assert all(tiers[n : n + 2] != [Severity.S2] * 2 for n in range(29))
