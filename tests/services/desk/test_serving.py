"""Serving: what comes next, again, from elsewhere, and what never comes."""

from datetime import timedelta
from itertools import pairwise

import pytest

from labelhub.domain.vocabulary import Role, Severity, SeveritySource
from labelhub.domain.welfare.outlook import Pause
from labelhub.services import desk as desks
from labelhub.services.showing import NotAgain, Nothing, NotThere, Refused, Served, Shown
from labelhub.store import slots
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock, add_items, canary


def test_an_item_is_shown_with_its_exposure_on_record(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    (exposure,) = room.rows("exposure")
    assert exposure.id == shown.exposure_id
    assert exposure.item_id == shown.assignment.item_id
    assert exposure.shown_at == clock.now()
    assert exposure.granted_s == shown.left.total_seconds() == 30 * 60  # A.1: S0 for 30 minutes
    assert canary(shown.assignment.item_id) in shown.text.prompt[0].plain
    assert room.events() == ["exposure"]


def test_the_sides_are_shown_in_the_stored_order(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 12)
    orders = set()
    for _ in range(12):
        shown = room.shown()
        first = shown.text.completions[0][0].plain.split()[0]
        assert first == ("Two" if shown.assignment.swapped else "One")
        orders.add(shown.assignment.swapped)
        room.accepted(shown)
    assert orders == {False, True}  # once in 2,048 runs twelve coins fall alike


def test_least_rated_items_come_first(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[0] * 4, overlap=2)
    had = {room.shown(0).assignment.item_id}
    room.accepted(room.shown(0), place=0)
    for _ in range(3):
        shown = room.shown(1)
        assert shown.assignment.item_id not in had
        room.accepted(shown, place=1)
    assert room.shown(1).assignment.item_id in had


def test_the_same_exposure_is_sent_again_five_times_and_no_more(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    first = room.shown()
    for again in range(1, 6):
        clock.pass_(seconds=10)
        shown = room.shown()
        assert shown.exposure_id == first.exposure_id
        assert shown.left == first.left - again * timedelta(seconds=10)
    held = room.next()
    assert isinstance(held, NotAgain)
    assert (held.assignment.id, held.times) == (first.assignment.id, 6)
    assert held.until == first.locked.now + first.left
    assert len(room.rows("exposure")) == 1
    assert len(room.rows("showing")) == 5


def test_past_its_granted_time_an_item_passes_the_gate_anew(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[1], max_severity=1)
    first = room.shown()
    clock.pass_(first.left)
    second = room.shown()
    assert second.assignment.id == first.assignment.id
    assert second.exposure_id != first.exposure_id
    (charge,) = room.rows("charge")
    assert charge.exposure_id == first.exposure_id
    assert charge.active_s == 10 * 60  # silence is charged in full


def test_the_text_is_not_sent_again_after_a_limit(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    for _ in range(2):
        clock.pass_(room.shown().left)  # thirty minutes, then the twenty left of fifty (L-10)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.BREAK
    assert refused.standstill.until == clock.now() + timedelta(minutes=10)
    assert refused.kept
    assert len(room.rows("exposure")) == 2


def test_after_the_lease_the_item_goes_back(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[0], overlap=1)
    first = room.shown(0)
    assert isinstance(room.next(1), Nothing)
    clock.pass_(minutes=45)  # thirty granted and fifteen more
    again = room.shown(0)
    assert again.assignment.id != first.assignment.id
    (old,) = room.rows("assignment", id=first.assignment.id)
    assert old.outcome == "expired"
    assert room.rows("item")[0].open_count == 1


def test_going_to_another_project_leaves_the_item_there(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    other = room.second_project()
    add_items(database, other.desk, [0], overlap=1, clock=clock)
    shown = room.shown()
    clock.pass_(seconds=90)

    assert other.shown().assignment.project_id == other.desk.project

    (old,) = room.rows("assignment", id=shown.assignment.id)
    assert old.outcome == "released"
    (charge,) = room.rows("charge", exposure_id=shown.exposure_id)
    assert charge.active_s == 90
    item = next(row for row in room.rows("item") if row.id == shown.assignment.item_id)
    assert (item.open_count, item.taken_count) == (0, 0)


def test_unscreened_items_are_never_served(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[None, None])
    assert isinstance(room.next(), Nothing)


@pytest.mark.parametrize(("declared", "served_at"), [(2, 2), (3, 3)])
def test_unknown_severity_is_served_at_the_projects_maximum(
    database: Database, clock: HandClock, declared: int, served_at: int
) -> None:
    room = furnish(database, clock, items=[2], max_severity=declared)
    room.change("item", {}, severity=None, severity_source=SeveritySource.UNKNOWN, tier=served_at)
    room.consent(2, 3)
    if declared == 3:  # ten minutes of mild work begin the period (L-17)
        add_items(database, room.desk, [0], overlap=1, clock=clock)
        mild = room.shown()
        clock.pass_(minutes=11)
        room.accepted(mild)
    shown = room.shown()
    (exposure,) = room.rows("exposure", id=shown.exposure_id)
    assert exposure.severity == served_at


def test_an_unknown_severity_does_not_come_into_a_mild_project(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], max_severity=1)
    room.change("item", {}, severity=None, severity_source=SeveritySource.UNKNOWN, tier=2)
    room.consent(2)
    assert isinstance(room.next(), Nothing)


def test_hard_content_needs_consent(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.NOT_OFFERED
    room.consent(2)
    assert isinstance(room.next(), Shown)


def test_a_suspended_person_is_shown_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    room.change("person", {"id": room.who()}, suspended_at=clock.now())
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.SUSPENDED
    assert room.accepted(shown).late is False  # finished work is kept (W-8)


def _role_ended(room: Room) -> None:
    which = {"person_id": room.who(), "role": Role.LABELER}
    room.change("membership", which, ended_at=room.clock.now())


def _left(room: Room) -> None:
    room.change("joining", {"person_id": room.who()}, left_at=room.clock.now())


def _closed(room: Room) -> None:
    room.change("project_opening", {"project_id": room.desk.project}, closed_at=room.clock.now())


@pytest.mark.parametrize("ended", [_role_ended, _left, _closed])
def test_whoever_may_not_work_there_finds_nothing_there(
    database: Database, clock: HandClock, ended: object
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    ended(room)  # type: ignore[operator]
    assert isinstance(room.next(), NotThere)
    assert isinstance(room.reveal(shown.assignment.id), NotThere)
    assert room.accepted(shown).late is False


def test_a_paused_project_serves_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.change("project", {"id": room.desk.project}, paused_at=clock.now())
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.SUSPENDED


def test_a_program_below_the_gates_minimum_refuses(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.change("installation", {"id": 1}, minimum_gate_version=99)
    assert isinstance(room.next(), Refused)
    assert room.rows("exposure") == []


def test_an_unknown_project_is_not_there(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    assert isinstance(room.next(slug="nowhere"), NotThere)


def test_a_withdrawn_item_is_not_shown_again_and_another_comes(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0])
    first = room.shown()
    room.change("item", {"id": first.assignment.item_id}, state="withdrawn")
    other = room.shown()
    assert other.assignment.item_id != first.assignment.item_id
    (old,) = room.rows("assignment", id=first.assignment.id)
    assert old.outcome == "released"
    (gone,) = room.rows("item", id=first.assignment.item_id)
    assert gone.open_count == 0


def test_hard_items_are_mixed_with_mild_ones(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2] * 4 + [0] * 4, max_severity=2)
    room.consent(2)
    tiers = []
    for _ in range(6):
        shown = room.shown()
        tiers.append(shown.assignment.severity)
        clock.pass_(seconds=60)
        room.accepted(shown)
    neighbours = pairwise(tiers)
    assert not any(one == two == Severity.S2 for one, two in neighbours)
    assert Severity.S2 in tiers


def test_a_retry_finds_what_was_served_instead_of_a_stopped_item(
    database: Database, clock: HandClock
) -> None:
    """The item in hand was stopped, another was served, and that answer was lost (R3)."""
    room = furnish(database, clock, items=[0] * 6)
    in_hand = room.shown()
    room.run(lambda s: slots.stop_item(s, in_hand.assignment.item_id))

    def ask(*, repeated: bool) -> Served:
        return room.run(
            lambda s: desks.next_after(
                s, room.who(), room.desk.slug, room.clock, key="k1", repeated=repeated
            )
        ).outcome

    served, again = ask(repeated=False), ask(repeated=True)

    assert isinstance(served, Shown)
    assert isinstance(again, Shown)
    assert served.assignment.id == again.assignment.id != in_hand.assignment.id
