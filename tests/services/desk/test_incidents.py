"""What is stopped opens an incident, once, and comes back only by an auditor's decision."""

from datetime import timedelta

import orjson

from labelhub.domain.vocabulary import PersonId
from labelhub.services import incidents
from labelhub.services.showing import Nothing, Shown
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock

WHY = "A news report."


def stopped(room: Room, place: int = 0) -> Shown:
    shown = room.shown(place)
    room.stop(shown, place)
    return shown


def close(room: Room, outcome: str, scope: tuple[object, ...] | None = None) -> bool:
    (found,) = room.rows("incident")
    labs = (room.desk.lab,) if scope is None else scope
    by = PersonId(room.who(1))
    return room.run(
        lambda s: incidents.close(s, labs, found.id, outcome, WHY, by, room.clock)  # type: ignore[arg-type]
    )


def test_stopping_an_item_opens_an_incident_that_names_nobody(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    shown = stopped(room)
    (found,) = room.rows("incident")
    assert (found.item_id, found.organisation_id) == (shown.assignment.item_id, room.desk.lab)
    assert (found.closed_at, found.closed_by, found.reason) == (None, None, "")
    (chain,) = room.rows("chain", organisation_id=room.desk.lab, person_id=None)
    (payload,) = room.rows("event_payload", chain_id=chain.id)
    assert orjson.loads(payload.payload) == {
        "item": shown.assignment.item_id.hex, "project": room.desk.project.hex, "state": "open",
    }  # fmt: skip


def test_two_who_stop_the_same_item_open_one_incident(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0], overlap=2)
    one, other = room.shown(0), room.shown(1)
    assert one.assignment.item_id == other.assignment.item_id
    room.stop(one, 0)
    room.stop(other, 1)
    assert len(room.rows("incident")) == 1


def test_a_confirmed_incident_keeps_the_item_stopped(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    stopped(room)
    assert close(room, incidents.PROHIBITED)
    assert isinstance(room.next(1), Nothing)
    (found,) = room.rows("incident")
    assert (found.outcome, found.reason, found.closed_by) == ("prohibited", WHY, room.who(1))


def test_an_item_that_was_not_prohibited_is_served_to_those_who_have_not_had_it(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    shown = stopped(room)
    clock.pass_(timedelta(hours=1))
    assert close(room, incidents.SERVED_AGAIN)
    assert room.shown(1).assignment.item_id == shown.assignment.item_id
    assert isinstance(room.next(0), Nothing)


def test_nobody_else_closes_it_and_it_is_closed_once(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0])
    stopped(room)
    assert not close(room, incidents.SERVED_AGAIN, scope=(room.desk.vendor,))
    assert close(room, incidents.PROHIBITED)
    assert not close(room, incidents.SERVED_AGAIN)
    assert isinstance(room.next(1), Nothing)


def test_after_a_decision_the_item_can_be_stopped_again(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    stopped(room)
    close(room, incidents.SERVED_AGAIN)
    stopped(room, 1)
    states = sorted(row.closed_at is None for row in room.rows("incident"))
    assert states == [False, True]
