"""Half of the daily dose: the labeler says whether hard content goes on, when asked (L-06)."""

from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa

from labelhub.domain.welfare.outlook import Pause
from labelhub.identifiers import new_ordered_id
from labelhub.services.showing import Refused
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.services.desk.room import Room, furnish
from tests.worlds import HandClock

HALF_PS = 480 * 60  # of 960 points in 24 hours (L-03)


def _half_a_day(room: Room) -> None:
    """Lay one hard item of two hours ago that took half of the day's dose."""
    hidden = room.clock.now() - timedelta(hours=2)
    assignment, exposure = uuid4(), new_ordered_id()
    item = {
        "person_id": room.who(), "organisation_id": room.desk.lab,
        "vendor_organisation_id": room.desk.vendor, "project_id": room.desk.project,
        "item_id": room.desk.items[0], "severity": 2,
    }  # fmt: skip
    rows = {
        "assignment": {
            **item, "id": assignment, "words": 9, "swapped": False, "guidelines_version": 1,
            "instrument_version": 1, "opened_at": hidden, "lease_until": hidden,
            "closed_at": hidden, "outcome": "declined",
        },
        "exposure": {
            **item, "id": exposure, "assignment_id": assignment, "granted_s": 4_800,
            "shown_at": hidden - timedelta(seconds=4_800),
        },
        "charge": {
            "person_id": room.who(), "seq": 1, "exposure_id": exposure, "hidden_at": hidden,
            "severity": 2, "active_s": 4_800, "charge_ps": HALF_PS, "cumulative_ps": HALF_PS,
            "cumulative_s4": 0, "cumulative_active_s": 4_800,
        },
    }  # fmt: skip
    with room.database.writing() as session:
        for table, row in rows.items():
            session.connection().execute(sa.insert(metadata.tables[table]), row)


def test_going_on_counts_when_it_is_asked_for_and_never_in_advance(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2] * 3, max_severity=2)
    room.consent(2)
    assert not room.go_on_with_hard()
    assert room.rows("declaration") == []
    assert room.events() == []

    _half_a_day(room)
    refused = room.next()
    assert isinstance(refused, Refused)
    assert refused.standstill.pause is Pause.DECLARATION
    assert room.go_on_with_hard()
    assert room.shown().assignment.severity == 2
    assert [row.choice for row in room.rows("declaration")] == ["continue"]
    assert room.events() == ["declaration", "exposure"]
    assert not room.go_on_with_hard()  # while the item is on screen nothing is asked any more
    assert len(room.rows("declaration")) == 1


def test_going_on_where_nobody_works_is_not_recorded(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    _half_a_day(room)
    room.change("joining", {"person_id": room.who()}, left_at=clock.now())
    assert not room.go_on_with_hard()
    assert room.rows("declaration") == []
