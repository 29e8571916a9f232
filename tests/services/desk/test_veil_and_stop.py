"""The veil, items stopped for everyone, and severity raised by a rating (W-9)."""

import pytest

from labelhub.domain.vocabulary import InstrumentName
from labelhub.domain.welfare.outlook import Pause
from labelhub.services.showing import Nothing, NotThere, Offered, Refused, Shown
from labelhub.store.database import Database
from tests.services.desk.room import furnish, harm
from tests.worlds import HandClock


def test_a_veiled_offer_has_no_exposure_until_it_is_shown(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    assert room.rows("exposure") == []
    assert room.events() == []
    assert not hasattr(offered, "text")
    clock.pass_(minutes=3)
    assert room.offered().assignment.id == offered.assignment.id
    shown = room.reveal(offered.assignment.id)
    assert isinstance(shown, Shown)
    (exposure,) = room.rows("exposure")
    assert (exposure.id, exposure.shown_at) == (shown.exposure_id, clock.now())
    assert room.rows("charge") == []


def test_lifting_the_veil_passes_the_gate(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2, veil_tier=1)
    room.consent(2)
    offered = room.offered()
    room.change("consent", {"person_id": room.who()}, withdrawn_at=clock.now())
    refused = room.reveal(offered.assignment.id)
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.NOT_OFFERED
    assert room.rows("exposure") == []


def test_lifting_the_veil_twice_is_one_exposure(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    first, second = (room.reveal(offered.assignment.id) for _ in range(2))
    assert isinstance(first, Shown)
    assert isinstance(second, Shown)
    assert first.exposure_id == second.exposure_id


def test_a_veil_of_somebody_else_is_not_there(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered(0)
    assert isinstance(room.reveal(offered.assignment.id, place=1), NotThere)
    assert room.rows("exposure") == []


def test_a_veil_that_ran_out_is_offered_anew(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    clock.pass_(hours=1)
    again = room.reveal(offered.assignment.id)
    assert isinstance(again, Offered)
    assert again.assignment.id != offered.assignment.id
    assert room.rows("exposure") == []


def test_a_stopped_item_stops_for_everyone_at_once(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=3, items=[0], overlap=3)
    shown, beside = room.shown(0), room.shown(1)
    clock.pass_(seconds=10)
    room.stop(shown)
    assert isinstance(room.next(0), Nothing)
    assert isinstance(room.next(1), Nothing)  # it was on their screen
    assert isinstance(room.next(2), Nothing)
    assert room.accepted(beside, place=1).late  # what they had finished is kept and paid
    (item,) = room.rows("item")
    assert (item.state, item.open_count) == ("prohibited", 0)
    assert room.events()[-1] == "prohibited_content"
    assert room.paid(0) == {"declined": 10}


def test_only_an_item_of_ones_own_can_be_stopped(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, labelers=2, items=[0])
    shown = room.shown(0)
    assert room.stop(shown, place=1) is None
    assert room.rows("item")[0].state == "ready"


def test_a_veiled_item_can_be_stopped_unseen(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, veil_tier=1)
    offered = room.offered()
    assert room.stop(offered) is not None
    assert isinstance(room.reveal(offered.assignment.id), Nothing)


def test_a_higher_finding_raises_ones_own_charge_and_the_items_tier(
    database: Database, clock: HandClock
) -> None:
    room = furnish(
        database, clock, labelers=2, items=[1], max_severity=3, instrument=InstrumentName.HARM
    )
    mine, theirs = room.shown(0), room.shown(1)
    clock.pass_(seconds=90)
    room.accepted(mine, harm(1, 3), place=0)
    room.accepted(theirs, harm(1, 1), place=1)
    (raised,) = room.rows("charge", person_id=room.who(0))
    assert (raised.severity, raised.charge_ps) == (3, 20 * 90)
    (kept,) = room.rows("charge", person_id=room.who(1))
    assert (kept.severity, kept.charge_ps) == (1, 90)
    (item,) = room.rows("item")
    assert (item.tier, item.severity) == (3, 3)


def test_a_lower_finding_lowers_nothing(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[1], max_severity=1, instrument=InstrumentName.HARM)
    shown = room.shown()
    clock.pass_(seconds=90)
    room.accepted(shown, harm(0, 0))
    (charge,) = room.rows("charge")
    assert (charge.severity, charge.charge_ps) == (1, 90)
    assert room.rows("item")[0].tier == 1


@pytest.mark.parametrize("broken", ["rest", "granted"])
def test_a_finding_raises_every_exposure_of_the_item(
    database: Database, clock: HandClock, broken: str
) -> None:
    room = furnish(database, clock, items=[1], max_severity=2, instrument=InstrumentName.HARM)
    shown = room.shown()
    if broken == "rest":
        clock.pass_(seconds=120)
        room.rest()
        room.back()
    else:
        clock.pass_(shown.left)
    again = room.shown()
    clock.pass_(seconds=60)
    room.accepted(again, harm(2, 0))
    assert [row.severity for row in room.rows("charge")] == [2, 2]
    newest = max(room.rows("charge"), key=lambda row: row.seq)
    assert newest.cumulative_ps == sum(row.charge_ps for row in room.rows("charge"))


def test_a_late_finding_raises_its_own_exposure_not_the_latest(
    database: Database, clock: HandClock
) -> None:
    room = furnish(
        database, clock, items=[1, 1], max_severity=2, overlap=1,
        instrument=InstrumentName.HARM,
    )  # fmt: skip
    old = room.shown()
    clock.pass_(old.left)
    room.second_project().next()
    other = room.shown()
    if other.assignment.item_id == old.assignment.item_id:
        room.decline(shown=other)
        other = room.shown()
    clock.pass_(seconds=60)
    room.accepted(other, harm(1, 1))
    room.answer(old, harm(2, 2))
    (raised,) = room.rows("charge", exposure_id=old.exposure_id)
    (left,) = room.rows("charge", exposure_id=other.exposure_id)
    assert (raised.severity, left.severity) == (2, 1)
