"""Answering: once, kept whatever happened meanwhile, and only what was shown (R3, D-2, D-7)."""

from datetime import timedelta

import pytest

from labelhub.domain.instruments.answers import InvalidAnswer
from labelhub.domain.vocabulary import Choice, InstrumentName, OptOutScope
from labelhub.domain.welfare.outlook import Pause
from labelhub.services import leases
from labelhub.services.rating import Accepted, Conflict, NotShown
from labelhub.services.showing import NotThere, Refused
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, SECOND, furnish, harm
from tests.worlds import HandClock


def test_an_answer_is_kept_in_the_items_own_order(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 8)
    for _ in range(8):
        shown = room.shown()
        outcome = room.accepted(shown, SECOND)
        (rating,) = room.rows("rating", id=outcome.rating_id)
        wanted = Choice.FIRST if shown.assignment.swapped else Choice.SECOND
        assert (rating.choice, rating.strength) == (wanted, 3)
        assert rating.swapped == shown.assignment.swapped


def test_an_answer_closes_its_slot_and_is_one_event(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    clock.pass_(seconds=42)
    outcome = room.accepted(shown)
    (rating,) = room.rows("rating")
    assert (rating.status, rating.current, rating.active_ms) == ("accepted", True, 42_000)
    (item,) = room.rows("item", id=shown.assignment.item_id)
    assert (item.open_count, item.accepted_count, item.taken_count) == (0, 1, 1)
    (assignment,) = room.rows("assignment")
    assert assignment.outcome == "completed"
    assert room.events() == ["exposure", "rating"]
    assert room.paid() == {"work": 42}
    assert outcome == Accepted(rating.id, late=False)


def test_the_same_key_and_answer_is_told_the_same(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    first = room.answer(shown, FIRST, key="k")
    again = room.answer(shown, FIRST, key="k")
    assert isinstance(first, Accepted)
    assert again == Accepted(first.rating_id, late=False, repeated=True)
    assert len(room.rows("rating")) == 1
    assert room.events() == ["exposure", "rating"]
    assert len(room.rows("paid_time")) == 1


def test_the_same_key_with_another_answer_is_a_conflict(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    room.answer(shown, FIRST, key="k")
    assert room.answer(shown, SECOND, key="k") == Conflict()
    (rating,) = room.rows("rating")
    assert rating.strength == 2


def test_the_same_key_for_another_item_is_a_conflict(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.answer(room.shown(), FIRST, key="k")
    second = room.shown()
    assert room.answer(second, FIRST, key="k") == Conflict()
    assert isinstance(room.answer(second, FIRST, key="l"), Accepted)


def test_a_retry_under_another_items_key_is_not_told_that_items_outcome(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    first = room.shown()
    room.answer(first, FIRST, key="k")
    room.answer(room.shown(), FIRST, key="l")
    assert room.answer(first, FIRST, key="l") == Conflict()


def test_an_answer_that_was_undone_is_not_told_as_kept(
    database: Database, clock: HandClock
) -> None:
    """Somebody goes back to the old page and sends it again, as it was."""
    room = furnish(database, clock)
    shown = room.shown()
    room.answer(shown, FIRST, key="k")
    room.undo()
    assert room.answer(shown, FIRST, key="k") == Conflict()
    assert isinstance(room.answer(shown, FIRST, key="l"), Accepted)


def test_keys_are_each_persons_own(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2)
    room.answer(room.shown(0), FIRST, key="k")
    assert isinstance(room.answer(room.shown(1), FIRST, key="k", place=1), Accepted)


def test_a_second_answer_under_another_key_is_a_conflict(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    clock.pass_(seconds=30)
    room.accepted(shown)
    assert room.answer(shown, SECOND) == Conflict()
    assert room.paid() == {"work": 30}


def test_somebody_elses_item_is_not_there(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2)
    shown = room.shown(0)
    assert isinstance(room.answer(shown, place=1), NotThere)
    assert room.rows("rating") == []


def test_what_was_never_shown_cannot_be_rated(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    assert room.answer(offered) == NotShown()
    assert room.rows("rating") == []


def test_an_invalid_answer_changes_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    assert room.answer(shown, {"preference": ["9"]}, key="k") == InvalidAnswer(
        "preference", "unknown"
    )
    assert isinstance(room.answer(shown, FIRST, key="k"), Accepted)


def test_an_answer_in_a_break_is_accepted_and_the_break_goes_on(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    clock.pass_(minutes=2)
    room.rest()
    clock.pass_(minutes=1)
    assert room.accepted(shown).late is False
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.OWN_BREAK


def test_after_the_lease_with_the_slot_free_the_answer_counts(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], overlap=1)
    shown = room.shown()
    clock.pass_(hours=2)
    assert room.run(lambda s: leases.expire(s, clock)) == 1
    assert room.accepted(shown).late is False
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 1)
    (rating,) = room.rows("rating")
    assert (rating.status, rating.current) == ("accepted", True)


def test_after_the_lease_with_the_slot_taken_the_answer_is_late_and_paid(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, labelers=2, items=[0], overlap=1)
    shown = room.shown(0)
    clock.pass_(hours=2)
    room.run(lambda s: leases.expire(s, clock))
    room.accepted(room.shown(1), place=1)
    outcome = room.accepted(shown)
    assert outcome.late
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 1)
    late = [row for row in room.rows("rating") if row.status == "late"]
    assert [row.current for row in late] == [False]
    assert sum(room.paid(0).values()) == 30 * 60  # what was granted, once
    (old,) = room.rows("assignment", id=shown.assignment.id)
    assert old.outcome == "expired"


def test_a_late_answer_is_kept_once(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[0], overlap=1)
    shown = room.shown(0)
    clock.pass_(hours=2)
    room.run(lambda s: leases.expire(s, clock))
    room.accepted(room.shown(1), place=1)
    assert room.accepted(shown).late
    assert room.answer(shown, SECOND) == Conflict()
    assert sum(room.paid(0).values()) == 30 * 60


def test_a_late_answer_beside_the_same_item_served_anew(
    database: Database, clock: HandClock
) -> None:
    """The old form comes in while the item is open again for the same labeler: kept, not lost."""
    room = furnish(database, clock, items=[0], overlap=1)
    old = room.shown()
    clock.pass_(hours=2)
    new = room.shown()
    assert new.assignment.item_id == old.assignment.item_id
    assert new.assignment.id != old.assignment.id
    assert room.accepted(old).late
    assert room.accepted(new).late is False
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 1)


def test_an_answer_to_an_item_let_go_for_another_project_counts(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], overlap=1)
    other = room.second_project()
    shown = room.shown()
    clock.pass_(shown.left)
    other.next()
    (assignment,) = room.rows("assignment")
    assert assignment.outcome == "released"
    assert room.accepted(shown).late is False


def test_an_answer_to_another_item_leaves_the_open_exposure_running(
    database: Database, clock: HandClock
) -> None:
    """Sending an old form must not stop the clock of what is on screen."""
    room = furnish(database, clock, labelers=2, items=[1, 1], max_severity=1, overlap=1)
    old = room.shown(0)
    clock.pass_(hours=2)
    now_shown = room.shown(0)
    if now_shown.assignment.item_id == old.assignment.item_id:
        room.decline(shown=now_shown)
        now_shown = room.shown(0)
    clock.pass_(minutes=1)
    room.answer(old)
    clock.pass_(minutes=3)
    room.accepted(now_shown)
    (charge,) = room.rows("charge", exposure_id=now_shown.exposure_id)
    assert charge.active_s == 4 * 60


def test_an_answer_long_after_its_time_restarts_the_gap(
    database: Database, clock: HandClock
) -> None:
    """Thinking on after the granted time is no rest: a gap holds no answer."""
    room = furnish(database, clock, items=[0] * 3)
    for _ in range(2):
        shown = room.shown()
        clock.pass_(shown.left)  # fifty minutes of continuous work
    clock.pass_(minutes=9)
    room.accepted(shown)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.until == clock.now() + timedelta(minutes=10)


@pytest.mark.parametrize("scope", [OptOutScope.ITEM, OptOutScope.CATEGORY, OptOutScope.PROJECT])
def test_an_answer_after_declining_is_kept_outside_the_overlap(
    database: Database, clock: HandClock, scope: OptOutScope
) -> None:
    room = furnish(database, clock, items=[0], overlap=1, hazards=[["hte"]])
    shown = room.shown()
    room.decline(scope, shown=shown)
    assert room.accepted(shown).late
    (item,) = room.rows("item")
    assert (item.open_count, item.accepted_count) == (0, 0)


def test_a_harm_rating_is_kept_in_the_items_order(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1] * 4, max_severity=1, instrument=InstrumentName.HARM)
    for _ in range(4):
        shown = room.shown()
        outcome = room.accepted(shown, harm(0, 1))
        (rating,) = room.rows("rating", id=outcome.rating_id)
        kept = '{"completions":[{"severity":0,"hazards":[]},{"severity":1,"hazards":["hte"]}]}'
        turned = '{"completions":[{"severity":1,"hazards":["hte"]},{"severity":0,"hazards":[]}]}'
        assert rating.harm == (turned if shown.assignment.swapped else kept)
