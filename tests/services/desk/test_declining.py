"""Declining: always possible, at once, without cost; it does not come again (W-3, W-12)."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from labelhub.domain.vocabulary import OptOutScope
from labelhub.services import leases, safeguarding
from labelhub.services.showing import Nothing, NotThere, Offered, Refused, Shown
from labelhub.store import choices
from labelhub.store.database import Database
from tests.services.desk.room import SECOND, Room, furnish
from tests.worlds import HandClock, add_items


def _items_shown(room: Room, most: int = 12) -> set[object]:
    seen = set()
    for _ in range(most):
        served = room.next()
        if not isinstance(served, Shown):
            break
        seen.add(served.assignment.item_id)
        room.clock.pass_(seconds=1)
        room.accepted(served)
    return seen


def test_a_declined_item_does_not_come_again_and_its_slot_is_free(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0])
    shown = room.shown()
    clock.pass_(seconds=20)
    room.decline(shown=shown)
    assert shown.assignment.item_id not in _items_shown(room)
    (item,) = room.rows("item", id=shown.assignment.item_id)
    assert (item.open_count, item.taken_count) == (0, 0)
    (opt_out,) = room.rows("opt_out")
    assert (opt_out.scope, opt_out.subject) == (OptOutScope.ITEM, shown.assignment.item_id.hex)
    assert room.events()[:2] == ["exposure", "opt_out"]


def test_declining_is_paid_like_answering(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[0])
    declined, answered = room.shown(0), room.shown(1)
    clock.pass_(seconds=95)
    room.decline(shown=declined, place=0)
    room.accepted(answered, place=1)
    assert room.paid(0) == {"declined": 95}
    assert room.paid(1) == {"work": 95}


def test_declining_twice_is_paid_once(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    clock.pass_(seconds=95)
    room.decline(shown=shown)
    clock.pass_(seconds=95)
    room.decline(shown=shown)
    assert room.paid() == {"declined": 95}


def test_an_item_declined_after_its_lease_does_not_come_again(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    clock.pass_(hours=2)
    room.run(lambda s: leases.expire(s, clock))
    room.decline(shown=shown)
    assert isinstance(room.next(), Nothing)


def test_an_old_page_declines_the_same_item_served_anew(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    old = room.shown()
    clock.pass_(hours=2)
    new = room.shown()
    room.decline(shown=old)
    (assignment,) = room.rows("assignment", id=new.assignment.id)
    assert assignment.outcome == "declined"
    assert isinstance(room.next(), Nothing)


def test_a_declined_category_does_not_come_in_any_project(
    database: Database, clock: HandClock
) -> None:
    kinds = [["hte"], ["prv"], ["hte", "vcr"], []]
    room = furnish(database, clock, items=[0] * 4, hazards=kinds)
    other = room.second_project()
    add_items(database, other.desk, [0, 0], overlap=1, hazards=[["hte"], []], clock=clock)
    room.decline(OptOutScope.CATEGORY, category="hte")
    bad = {row.item_id for row in room.rows("item_hazard", category="hte")}
    assert len(_items_shown(room)) == 2
    assert len(_items_shown(other)) == 1
    assert {row.item_id for row in room.rows("exposure")}.isdisjoint(bad)


def test_none_of_this_kind_declines_all_kinds_of_the_item(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0], hazards=[["hte", "vcr"], ["vcr"]])
    shown = room.shown()
    while len(shown.assignment.hazards) != 2:
        room.accepted(shown)
        shown = room.shown()
    declined = room.decline(OptOutScope.CATEGORY, shown=shown)
    assert not declined.choose_category
    assert {row.subject for row in room.rows("opt_out")} == {"hte", "vcr"}


def test_without_a_kind_on_record_one_is_asked_for_and_the_item_is_gone(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    shown = room.shown()
    declined = room.decline(OptOutScope.CATEGORY, shown=shown)
    assert declined.choose_category
    assert room.rows("opt_out") == []
    assert isinstance(room.next(), Nothing)
    again = room.decline(OptOutScope.CATEGORY, shown=shown, category="prv")
    assert not again.choose_category
    assert [row.subject for row in room.rows("opt_out")] == ["prv"]


def test_a_declined_severity_and_worse_do_not_come(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1, 2, 2, 0], max_severity=2)
    room.consent(2)
    shown = room.shown()
    while shown.assignment.severity < 2:
        clock.pass_(seconds=60)
        room.accepted(shown)
        shown = room.shown()
    room.decline(OptOutScope.SEVERITY, shown=shown)
    before = len(room.rows("exposure"))
    _items_shown(room)
    later = [row.severity for row in room.rows("exposure")[before:]]
    assert all(severity < 2 for severity in later)


@pytest.mark.parametrize("tier", [0, 1])
def test_declining_a_mild_severity_ends_hard_work_alone(
    database: Database, clock: HandClock, tier: int
) -> None:
    """An older page may still send it; nobody is to be left without any work for ever."""
    room = furnish(database, clock, items=[tier] * 3, max_severity=2)
    shown = room.shown()
    room.decline(OptOutScope.SEVERITY, shown=shown)
    (kept,) = room.rows("opt_out")
    assert kept.subject == "2"
    assert room.shown().assignment.id == shown.assignment.id
    room.accepted(shown)
    assert room.shown().assignment.severity == tier


@pytest.mark.parametrize("scope", [OptOutScope.TODAY, OptOutScope.SEVERITY])
def test_a_mild_answer_in_hand_is_kept_when_hard_content_is_declined(
    database: Database, clock: HandClock, scope: OptOutScope
) -> None:
    room = furnish(database, clock, items=[0], max_severity=2)
    shown = room.shown()
    room.draft(shown, SECOND)
    room.decline(scope, shown=shown)
    room.decline(scope)
    (assignment,) = room.rows("assignment")
    assert assignment.closed_at is None
    again = room.shown()
    assert (again.exposure_id, again.draft) == (shown.exposure_id, SECOND)
    assert not room.accepted(again, SECOND).late


def test_another_kind_declined_leaves_the_item_in_hand(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], hazards=[["hte"]])
    shown = room.shown()
    room.decline(OptOutScope.CATEGORY, shown=shown, category="prv")
    assert room.shown().exposure_id == shown.exposure_id


@pytest.mark.parametrize("scope", list(OptOutScope))
def test_declining_from_another_project_leaves_the_item_in_hand(
    database: Database, clock: HandClock, scope: OptOutScope
) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, hazards=[["hte"]])
    other = room.second_project()
    shown = room.shown()
    declined = other.decline(scope, category="vcr")
    assert declined.assignment is None
    (assignment,) = room.rows("assignment")
    assert assignment.closed_at is None
    assert room.shown().exposure_id == shown.exposure_id


def test_only_kinds_that_are_known_are_declined_and_each_once(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 3, hazards=[["own"]] * 3)
    for category in ("nonsense" * 5, "hte", "hte", "prv"):
        room.decline(OptOutScope.CATEGORY, category=category)
    assert sorted(row.subject for row in room.rows("opt_out")) == ["hte", "prv"]
    shown = room.shown()  # its kind is none of the project's
    room.decline(OptOutScope.CATEGORY, shown=shown, category="own")
    assert sorted(row.subject for row in room.rows("opt_out")) == ["hte", "own", "prv"]


def test_stopping_hard_content_today_lasts_until_the_daily_rest(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2, 2], max_severity=2)
    room.consent(2)
    shown = room.shown()
    clock.pass_(minutes=1)
    room.decline(OptOutScope.TODAY, shown=shown)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.until == clock.now() + timedelta(hours=11)
    clock.pass_(timedelta(hours=11) - timedelta(seconds=1))
    assert isinstance(room.next(), Refused)
    clock.pass_(seconds=1)
    assert isinstance(room.next(), Shown)


def test_leaving_a_project_is_at_once(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    shown = room.shown()
    room.decline(OptOutScope.PROJECT, shown=shown)
    assert isinstance(room.next(), NotThere)
    assert isinstance(room.reveal(shown.assignment.id), NotThere)
    (item,) = room.rows("item", id=shown.assignment.item_id)
    assert item.open_count == 0


@pytest.mark.parametrize("scope", list(OptOutScope))
def test_declining_costs_no_rest(database: Database, clock: HandClock, scope: OptOutScope) -> None:
    """On the break page a key declines; the gap goes on as if nothing had been pressed."""
    room = furnish(database, clock, items=[0] * 4, hazards=[["hte"]] * 4)
    for _ in range(2):
        shown = room.shown()
        clock.pass_(shown.left)
    assert isinstance(room.next(), Refused)
    clock.pass_(minutes=8)
    before = json.loads(room.rows("person_gate", person_id=room.who())[0].state)
    room.decline(scope, shown=shown, category="vcr")
    after = json.loads(room.rows("person_gate", person_id=room.who())[0].state)
    assert after == before


@pytest.mark.parametrize("scope", list(OptOutScope))
def test_declining_is_possible_in_every_state(
    database: Database, clock: HandClock, scope: OptOutScope
) -> None:
    room = furnish(database, clock)
    room.decline(scope)  # nothing open
    room.rest()
    room.decline(scope)  # in a break
    room.change("person", {"id": room.who()}, suspended_at=clock.now())
    room.decline(scope)  # suspended
    room.change("membership", {"person_id": room.who()}, ended_at=clock.now())
    room.decline(scope, slug="nowhere")
    assert room.events().count("opt_out") == 4


def test_somebody_elses_item_cannot_be_declined(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2)
    shown = room.shown(0)
    assert room.decline(shown=shown, place=1).assignment is None
    (assignment,) = room.rows("assignment")
    assert assignment.closed_at is None


def test_declining_a_veiled_offer_is_paid_for_looking(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    clock.pass_(seconds=15)
    room.decline(shown=offered)
    assert room.paid() == {"declined": 15}
    assert room.rows("exposure") == []


def test_declining_an_old_item_leaves_the_one_on_screen(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0])
    old = room.shown()
    room.decline(shown=old)
    shown = room.shown()
    clock.pass_(minutes=2)
    room.decline(shown=old)
    assert room.shown().exposure_id == shown.exposure_id


def test_an_open_item_of_a_kind_declined_elsewhere_gives_way_to_another(
    database: Database, clock: HandClock
) -> None:
    room = furnish(
        database, clock, items=[1, 1], max_severity=1, veil_tier=1, hazards=[["hte"], ["prv"]]
    )
    offered = room.offered()
    (kind,) = offered.assignment.hazards
    # the other tab, in one statement
    room.run(lambda s: choices.opt_out(s, room.who(), OptOutScope.CATEGORY, kind, clock.now()))
    other = room.next()
    assert isinstance(other, Offered)
    assert kind not in other.assignment.hazards


def test_an_unknown_assignment_is_no_reason_to_refuse(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock)
    declined = room.run(
        lambda s: safeguarding.opt_out(
            s, room.who(), room.desk.slug, OptOutScope.TODAY, clock, assignment_id=uuid4()
        )
    )
    assert declined.assignment is None
    assert len(room.rows("opt_out")) == 1
