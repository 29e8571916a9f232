"""Breaks: whole, by comparison only, and nothing is lost or shown in them (W-2, W-13)."""

from datetime import timedelta

import pytest

from labelhub.domain.welfare.outlook import Pause
from labelhub.services import leases
from labelhub.services.showing import Offered, Refused, Shown
from labelhub.store import gate_clock
from labelhub.store.database import Database
from tests.services.desk.room import FIRST, SECOND, Room, furnish
from tests.worlds import HandClock


def _worked_up(room: Room) -> Shown:
    """Work fifty minutes without a gap: a break is due (L-10)."""
    for _ in range(2):
        shown = room.shown()
        room.clock.pass_(shown.left)
    return shown


def test_a_due_break_is_served_with_its_end_and_ends_by_comparison(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 3)
    _worked_up(room)
    ends = clock.now() + timedelta(minutes=10)
    for minutes in (0, 5, 4):
        clock.pass_(minutes=minutes)
        refused = room.next()
        assert isinstance(refused, Refused)
        assert (refused.standstill.pause, refused.standstill.until) == (Pause.BREAK, ends)
    clock.pass_(ends - clock.now() - timedelta(microseconds=1))
    assert isinstance(room.next(), Refused)
    clock.pass_(microseconds=1)
    assert isinstance(room.next(), Shown)


@pytest.mark.parametrize("jump", [86_400, 315_360_000, -86_400])
def test_turning_the_wall_clock_ends_no_break(
    database: Database, clock: HandClock, jump: int
) -> None:
    room = furnish(database, clock, items=[0] * 3)
    _worked_up(room)
    due = room.next()
    assert isinstance(due, Refused)
    clock.set_wall(seconds=jump)
    assert isinstance(room.next(), Refused)
    clock.pass_(minutes=9)
    still = room.next()
    assert isinstance(still, Refused)
    assert still.standstill.until == due.standstill.until
    clock.pass_(minutes=2)
    assert isinstance(room.next(), Shown)


def test_hard_content_waits_while_time_is_unverified(database: Database, clock: HandClock) -> None:
    clock.follows_server = False
    room = furnish(database, clock, items=[2, 0], max_severity=2)
    room.consent(2)
    clock.pass_(hours=1)
    clock.boot, clock.seconds = "boot-2", 1.0
    mild = room.shown()
    assert mild.assignment.severity == 0
    room.accepted(mild)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.UNAVAILABLE
    room.run(lambda s: gate_clock.confirm(s, clock))
    assert room.shown().assignment.severity == 2


def test_the_granted_time_never_reaches_past_a_due_break(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 3)
    first = room.shown()
    clock.pass_(first.left)
    assert room.shown().left == timedelta(minutes=20)


def test_drafts_in_a_gap_restart_it(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    shown = _worked_up(room)
    for _ in range(3):
        clock.pass_(minutes=3)
        assert room.draft(shown, FIRST)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.until == clock.now() + timedelta(minutes=10)


def test_the_labelers_own_break_holds_everything_until_they_come_back(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    room.rest()
    clock.pass_(minutes=25)
    for served in (room.next(), room.reveal(shown.assignment.id), room.undo()):
        assert isinstance(served, Refused)
        assert served.standstill.pause is Pause.OWN_BREAK
    room.back()
    again = room.shown()
    assert again.assignment.id == shown.assignment.id
    assert again.exposure_id != shown.exposure_id  # charged anew, not sent for nothing


def test_a_break_does_not_offer_what_is_veiled(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    room.offered()
    room.rest()
    assert isinstance(room.next(), Refused)
    room.back()
    assert isinstance(room.next(), Offered)


def test_an_exposure_ends_when_a_break_begins(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1)
    room.shown()
    clock.pass_(minutes=3)
    room.rest()
    (charge,) = room.rows("charge")
    assert charge.active_s == 180


def test_pressing_break_twice_is_one_break(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.rest()
    clock.pass_(minutes=4)
    room.rest("moment")
    clock.pass_(minutes=4)
    room.back()
    assert room.paid() == {"break": 8 * 60}
    assert room.events() == ["break", "break"]  # it began, it ended


def test_coming_back_without_a_break_changes_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    room.back()
    assert room.events() == []
    assert room.paid() == {}


def test_thirty_minutes_in_eight_hours_are_paid(database: Database, clock: HandClock) -> None:
    """L-21 as shipped; a break forgotten overnight is not a night's pay."""
    room = furnish(database, clock)
    room.rest()
    clock.pass_(minutes=20)
    room.back()
    room.rest()
    clock.pass_(hours=14)
    room.back()
    assert room.paid() == {"break": 50 * 60}  # the first lies more than eight hours back
    room.rest()
    clock.pass_(minutes=20)
    room.back()
    assert room.paid() == {"break": 50 * 60}


def test_what_was_read_before_a_break_is_paid_too(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    room.shown()
    clock.pass_(minutes=6)
    room.rest()
    clock.pass_(minutes=12)
    room.back()
    again = room.shown()
    clock.pass_(seconds=20)
    room.accepted(again)
    assert room.paid() == {"break": 12 * 60, "work": 6 * 60 + 20}


@pytest.mark.parametrize("outcome", ["expired", "released"])
def test_items_that_go_back_are_paid(database: Database, clock: HandClock, outcome: str) -> None:
    room = furnish(database, clock, items=[0, 0])
    shown = room.shown()
    clock.pass_(shown.left)
    if outcome == "expired":
        clock.pass_(hours=1)
        room.next()
    else:
        room.second_project().next()
    assert room.paid() == {outcome: 30 * 60}
    (assignment,) = room.rows("assignment", id=shown.assignment.id)
    assert assignment.outcome == outcome


def test_leases_end_by_comparison_and_the_job_only_tidies(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, labelers=2, items=[0, 0], overlap=1)
    room.shown(0)
    room.shown(1)
    assert room.run(lambda s: leases.expire(s, clock)) == 0
    clock.pass_(minutes=45)
    assert room.run(lambda s: leases.expire(s, clock)) == 2
    assert room.run(lambda s: leases.expire(s, clock)) == 0
    assert [row.open_count for row in room.rows("item")] == [0, 0]
    assert room.paid(0) == room.paid(1) == {"expired": 30 * 60}


def test_a_draft_outlives_break_and_limit(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 3)
    shown = _worked_up(room)
    assert room.draft(shown, SECOND)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.kept
    clock.pass_(minutes=10)
    again = room.shown()
    assert again.assignment.id == shown.assignment.id
    assert again.draft == SECOND


def test_drafts_renew_the_lease_up_to_an_hour(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    for _ in range(5):
        clock.pass_(minutes=11)
        assert room.draft(shown, FIRST)
    (assignment,) = room.rows("assignment")
    assert assignment.lease_until == assignment.opened_at + timedelta(minutes=60)


def test_a_draft_of_an_item_that_went_back_is_not_taken(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, labelers=2, items=[0])
    shown = room.shown()
    room.draft(shown, SECOND)
    clock.pass_(hours=2)
    room.run(lambda s: leases.expire(s, clock))
    assert room.draft(shown, FIRST) is False
    assert room.draft(shown, FIRST, place=1) is False
    (draft,) = room.rows("draft")  # what was typed before is still there
    assert draft.assignment_id == shown.assignment.id


def test_saving_a_draft_never_shortens_a_lease(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    clock.pass_(seconds=5)
    room.draft(shown, FIRST)
    (assignment,) = room.rows("assignment")
    assert assignment.lease_until == shown.locked.now + timedelta(minutes=45)
