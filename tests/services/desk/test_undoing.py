"""Undo: the last answer, for five minutes, once; its text past the gate."""

import pytest

from labelhub.domain.vocabulary import InstrumentName, OptOutScope
from labelhub.domain.welfare.outlook import Pause
from labelhub.services import desk as desks
from labelhub.services.rating import Accepted, Stands
from labelhub.services.showing import NotThere, Refused, Shown
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, SECOND, furnish, harm
from tests.worlds import HandClock


def test_undo_opens_the_answer_and_shows_the_item_as_a_new_exposure(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 3)
    first = room.shown()
    clock.pass_(seconds=20)
    room.accepted(first, SECOND)
    second = room.shown()
    clock.pass_(seconds=5)
    again = room.undo()
    assert isinstance(again, Shown)
    assert again.assignment.id == first.assignment.id
    assert again.exposure_id != first.exposure_id
    assert again.draft == SECOND  # as the page had it
    (withdrawn,) = room.rows("rating")
    assert (withdrawn.status, withdrawn.current) == ("withdrawn", False)
    (released,) = room.rows("assignment", id=second.assignment.id)
    assert released.outcome == "released"
    assert room.events() == ["exposure", "rating", "exposure", "rating_undone", "exposure"]


def test_the_new_answer_is_a_new_version(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    clock.pass_(seconds=1)
    room.accepted(room.shown(), FIRST)
    again = room.undo()
    assert isinstance(again, Shown)
    clock.pass_(seconds=7)
    room.accepted(again, SECOND)
    versions = [(row.version, row.status, row.current) for row in room.rows("rating")]
    assert sorted(versions) == [(1, "withdrawn", False), (2, "accepted", True)]
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 1)


def test_every_second_is_paid_once_through_an_undo(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    clock.pass_(seconds=30)
    room.accepted(shown)
    again = room.undo()
    assert isinstance(again, Shown)
    clock.pass_(seconds=12)
    room.accepted(again)
    assert room.paid() == {"work": 42}


def test_undoing_twice_takes_back_one_answer(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    room.accepted(room.shown())
    clock.pass_(seconds=1)
    last = room.shown()
    room.accepted(last)
    assert isinstance(room.undo(), Shown)
    again = room.undo()
    assert isinstance(again, Shown)
    assert again.assignment.id == last.assignment.id
    statuses = sorted(row.status for row in room.rows("rating"))
    assert statuses == ["accepted", "withdrawn"]


def test_five_minutes_and_no_longer(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    room.accepted(room.shown())
    clock.pass_(minutes=5)
    assert isinstance(room.undo(), Shown)
    assert [row.status for row in room.rows("rating")] == ["withdrawn"]


def test_after_five_minutes_the_answer_stays(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    room.accepted(room.shown())
    clock.pass_(minutes=5, microseconds=1)
    room.undo()
    assert [row.status for row in room.rows("rating")] == ["accepted"]


def test_an_answer_of_another_project_is_not_undone_here(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    other = room.second_project()
    room.accepted(room.shown())
    other.undo()
    assert [row.status for row in room.rows("rating")] == ["accepted"]


def test_undo_in_a_break_shows_no_text(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.accepted(room.shown())
    room.rest()
    refused = room.undo()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.OWN_BREAK
    assert len(room.rows("exposure")) == 1


def test_undo_where_the_gate_would_not_show_the_item_leaves_the_answer(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    room.accepted(shown)
    room.rest()
    before = room.events()
    room.undo()
    (rated,) = room.rows("rating")
    assert (rated.status, rated.current) == ("accepted", True)
    (assignment,) = room.rows("assignment")
    assert assignment.outcome == "completed"
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 1)
    assert room.events() == before


def test_undo_that_is_refused_leaves_the_next_item_on_screen(
    database: Database, clock: HandClock
) -> None:
    """The answer raised its item to S3, to which the labeler has not agreed."""
    room = furnish(database, clock, items=[1, 1], max_severity=3, instrument=InstrumentName.HARM)
    room.accepted(room.shown(), harm(3, 0))
    second = room.shown()
    clock.pass_(seconds=5)
    refused = room.undo()
    assert isinstance(refused, Refused)
    assert room.rows("charge", exposure_id=second.exposure_id) == []
    assert room.shown().exposure_id == second.exposure_id
    assert [row.status for row in room.rows("rating")] == ["accepted"]


@pytest.mark.parametrize("seconds", [0, 5])
def test_undo_is_offered_only_while_the_gate_would_show_the_item(
    database: Database, clock: HandClock, seconds: int
) -> None:
    room = furnish(database, clock, items=[1] * 4, max_severity=3, instrument=InstrumentName.HARM)
    for severity, offered in ((0, True), (3, False)):
        outcome = room.accepted(room.shown(), harm(severity, 0))
        after = room.run(
            lambda s, told=outcome: desks.next_after(
                s, room.who(), room.desk.slug, clock, key="", repeated=False, accepted=told
            )
        )
        clock.pass_(seconds=seconds)
        later = room.run(lambda s: desks.look(s, room.who(), room.desk.slug, clock))
        for seen in (after, later):
            assert seen.today is not None
            assert (seen.today.undo is not None) is offered


def test_no_undo_is_offered_in_a_break(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.accepted(room.shown())
    room.rest()
    seen = room.run(lambda s: desks.serve(s, room.who(), room.desk.slug, clock))
    assert isinstance(seen.outcome, Refused)
    assert seen.today is not None
    assert seen.today.undo is None


def test_no_undo_is_offered_for_an_item_declined_since(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    room.accepted(shown)
    room.decline(shown=shown)
    seen = room.run(lambda s: desks.look(s, room.who(), room.desk.slug, clock))
    assert seen.today is not None
    assert seen.today.undo is None


def test_an_older_page_does_not_take_back_a_later_answer(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    first = room.accepted(room.shown())
    clock.pass_(seconds=3)
    last = room.accepted(room.shown())
    shown = room.shown()
    assert room.undo(rating_id=first.rating_id) == Stands()
    assert {row.status for row in room.rows("rating")} == {"accepted"}
    assert room.shown().exposure_id == shown.exposure_id
    again = room.undo(rating_id=last.rating_id)
    assert isinstance(again, Shown)
    assert [row.status for row in room.rows("rating", id=last.rating_id)] == ["withdrawn"]


def test_undo_after_an_opt_out_shows_no_text(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0, 0], hazards=[["hte"], ["hte"]])
    shown = room.shown()
    room.accepted(shown)
    room.decline(OptOutScope.CATEGORY, category="hte")
    refused = room.undo()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.NOT_OFFERED
    assert len(room.rows("exposure")) == 1


def test_an_item_declined_after_its_answer_does_not_come_back_by_undo(
    database: Database, clock: HandClock
) -> None:
    """Found by the race: the answer from one device, *not this one* from the other, then undo."""
    room = furnish(database, clock, items=[0, 0])
    shown = room.shown()
    room.accepted(shown)
    room.decline(shown=shown)
    other = room.undo()
    assert isinstance(other, Shown)
    assert other.assignment.item_id != shown.assignment.item_id
    assert [row.status for row in room.rows("rating")] == ["accepted"]


def test_undo_after_leaving_shows_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.accepted(room.shown())
    room.decline(OptOutScope.PROJECT)
    assert isinstance(room.undo(), NotThere)
    assert len(room.rows("exposure")) == 1


def test_undoing_a_veiled_item_is_a_new_exposure_too(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    shown = room.reveal(room.offered().assignment.id)
    assert isinstance(shown, Shown)
    assert isinstance(room.answer(shown), Accepted)
    again = room.undo()
    assert isinstance(again, Shown)
    assert len(room.rows("exposure")) == 2
