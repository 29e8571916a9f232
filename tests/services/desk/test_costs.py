"""What *next* and *submit* cost: the same few statements, each by an index, however much there is.

Statements and plans are asserted, not time: they do not depend on the machine.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.identifiers import new_ordered_id
from labelhub.services import desk as desks
from labelhub.services.showing import Shown
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.services.desk.room import Room, furnish
from tests.services.desk.watching import Asked, Watch, plan, watching
from tests.worlds import HandClock

MOST_TO_SERVE = 14
MOST_TO_SUBMIT = 14
MOST_AFTER_A_WAIT = MOST_TO_SERVE + 3  # what was recorded in the gap, own breaks, the pay for it
GROWING = (
    "item", "assignment", "exposure", "charge", "rating", "event", "event_payload", "paid_time",
    "content", "showing", "draft", "replayed_request", "person_gate", "person",
)  # fmt: skip
"""Tables that grow with items, ratings or people; none may be read from end to end."""
_SQLITE_SCAN = re.compile(rf"SCAN ({'|'.join(GROWING)})\b(?! USING (?:COVERING )?INDEX)")
_POSTGRES_SCAN = re.compile(rf"Seq Scan on ({'|'.join(GROWING)})\b")


def _many_charges(room: Room, many: int) -> None:
    """Give the labeler a long history of mild work that ended yesterday."""
    rows = {"assignment": [], "exposure": [], "charge": []}  # type: dict[str, list[dict]]
    now = room.clock.now()
    common = {
        "person_id": room.who(), "organisation_id": room.desk.lab,
        "vendor_organisation_id": room.desk.vendor, "project_id": room.desk.project,
    }  # fmt: skip
    assignment = uuid4()
    rows["assignment"].append({
        **common, "id": assignment, "item_id": room.desk.items[0], "severity": 0, "words": 9,
        "swapped": False, "guidelines_version": 1, "instrument_version": 1,
        "opened_at": now - timedelta(days=40), "lease_until": now, "closed_at": now,
        "outcome": "declined",
    })  # fmt: skip
    for number in range(1, many + 1):
        hidden = now - timedelta(hours=24) - timedelta(minutes=5) * (many - number)
        exposure = new_ordered_id()
        rows["exposure"].append({
            **common, "id": exposure, "item_id": room.desk.items[0], "assignment_id": assignment,
            "severity": 0, "granted_s": 60, "shown_at": hidden - timedelta(seconds=4),
        })  # fmt: skip
        rows["charge"].append({
            "person_id": room.who(), "seq": number, "exposure_id": exposure, "hidden_at": hidden,
            "severity": 0, "active_s": 4, "charge_ps": 0, "cumulative_ps": 0, "cumulative_s4": 0,
            "cumulative_active_s": 4 * number,
        })  # fmt: skip
    with room.database.writing() as session:
        for table, values in rows.items():
            session.connection().execute(sa.insert(metadata.tables[table]), values)


def _much_work(room: Room, many: int) -> None:
    """Let the labeler have declined many items of the queue."""
    now = room.clock.now()
    common = {
        "person_id": room.who(), "organisation_id": room.desk.lab,
        "vendor_organisation_id": room.desk.vendor, "project_id": room.desk.project,
        "severity": 0, "words": 9, "swapped": False, "guidelines_version": 1,
        "instrument_version": 1, "opened_at": now, "lease_until": now, "closed_at": now,
        "outcome": "declined",
    }  # fmt: skip
    rows = [{**common, "id": uuid4(), "item_id": item} for item in room.desk.items[:many]]
    with room.database.writing() as session:
        session.connection().execute(sa.insert(metadata.tables["assignment"]), rows)


def _measured(room: Room, *, waited: int = 0) -> tuple[Watch, Watch]:
    """Serve and answer twice; the second time, when everything has been made once, is watched."""
    room.accepted(room.shown())
    room.clock.pass_(seconds=waited)
    with watching(room.database) as serving:
        shown = room.shown()
    room.clock.pass_(seconds=30)
    with watching(room.database) as submitting:
        room.accepted(shown)
    return serving, submitting


@pytest.mark.parametrize(("items", "charges"), [(100, 0), (20_000, 0), (100, 10_000)])
def test_the_statements_stay_few_and_the_same(
    database: Database, clock: HandClock, items: int, charges: int
) -> None:
    room = furnish(database, clock, items=[0] * items)
    if charges:
        _many_charges(room, charges)
    serving, submitting = _measured(room)
    counts = (len(serving.statements), len(submitting.statements))
    print(f"{database.engine.dialect.name} {items=} {charges=} serve, submit: {counts}")  # noqa: T201 the figure
    assert counts[0] <= MOST_TO_SERVE
    assert counts[1] <= MOST_TO_SUBMIT


def test_a_gap_costs_three_statements_more(database: Database, clock: HandClock) -> None:
    serving, _ = _measured(furnish(database, clock, items=[0] * 100), waited=30)
    assert len(serving.statements) <= MOST_AFTER_A_WAIT


@pytest.mark.parametrize("max_severity", [0, 2])
def test_every_statement_goes_by_an_index(
    database: Database, clock: HandClock, max_severity: int
) -> None:
    room = furnish(
        database, clock, items=[0] * 300, max_severity=max_severity, hazards=[["hte"]] * 300
    )
    serving, submitting = _measured(room, waited=30)
    with watching(database) as again:
        room.next()
        room.next()
        room.rest()
        room.back()
        room.undo()
        room.decline()
        room.run(lambda s: desks.next_after(
            s, room.who(), room.desk.slug, clock, key="k", repeated=True
        ))  # fmt: skip
    asked = [*serving.statements, *submitting.statements, *again.statements]
    assert _unindexed(database, asked) == []


def _plans_of_the_front(room: Room) -> list[str]:
    """Return how the database, knowing its tables, looks for the next item."""
    with room.database.writing() as session:
        session.connection().exec_driver_sql("ANALYZE")
    with watching(room.database) as watch:
        room.shown()
    order = "ORDER BY item.taken_count, item.position"
    asked = [one for one in watch.statements if order in one.statement]
    assert asked
    with room.database.reading() as session:
        return [plan(session.connection(), one) for one in asked]


def test_the_queue_is_walked_along_its_index(database: Database, clock: HandClock) -> None:
    room = furnish(database, clock, items=[0] * 2_000)
    room.accepted(room.shown())
    for found in _plans_of_the_front(room):
        assert "ix_item_queue" in found
        assert "TEMP B-TREE FOR ORDER BY" not in found  # the index is the order


def test_what_a_labeler_has_had_is_looked_up_by_item(database: Database, clock: HandClock) -> None:
    """Reading all of it, to look eight items up, would cost more with every label."""
    room = furnish(database, clock, items=[0] * 1_500)
    _much_work(room, 1_200)
    for found in _plans_of_the_front(room):
        by_item = r"\(item_id = item\.id\)" if not database.is_sqlite else r"AND item_id=\?\)"
        assert re.search(by_item, found), found
        assert "hashed" not in found


def test_a_labeler_at_a_limit_costs_no_more_with_a_long_history(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 20)
    _many_charges(room, 500)
    for _ in range(2):
        shown = room.next()
        assert isinstance(shown, Shown)
        clock.pass_(shown.left)
    with watching(database) as watch:
        room.next()
    assert len(watch.statements) <= MOST_TO_SERVE + 6
    assert _unindexed(database, watch.statements) == []


def _unindexed(database: Database, statements: list[Asked]) -> list[str]:
    scans = _SQLITE_SCAN if database.is_sqlite else _POSTGRES_SCAN
    found = []
    with database.reading() as session:
        for asked in statements:
            if asked.statement.split()[0] not in {"SELECT", "UPDATE", "DELETE"}:
                continue
            how = plan(session.connection(), asked)
            if scans.search(how):
                found.append(f"{asked.statement}\n{how}")
    return found
