"""What the record costs: few statements by an index, and bounded memory, however long it is."""

import tempfile
import tracemalloc
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from labelhub.services.my_record import document, pages, printing
from labelhub.store.database import Database
from labelhub.store.my_record import exposures
from tests.services.desk.room import Room, furnish
from tests.services.desk.test_costs import _many_charges, _unindexed
from tests.services.desk.watching import Watch, watching
from tests.services.my_record.records import KEY, brought, carry, elsewhere, signed
from tests.worlds import HandClock
from tools import recompute_record

MANY = 10_000
READERS = {
    "summary": pages.summary,
    "exposures": lambda s, who, clock: pages.exposures_page(s, who, None, clock),
    "older": lambda s, who, clock: pages.exposures_page(s, who, 5_000, clock),
    "days": pages.days,
    "choices": pages.choices_page,
    "months": printing.months,
}
MOST = {"summary": 50, "exposures": 6, "older": 6, "days": 7, "choices": 48, "months": 6}


def _statements(room: Room, name: str) -> int:
    with watching_reader(room) as watch, room.database.reading() as session:
        READERS[name](session, room.who(), room.clock)
    assert _unindexed(room.database, watch.statements) == []
    return len(watch.statements)


def watching_reader(room: Room) -> AbstractContextManager[Watch]:
    """Watch the engine that reads: on SQLite it is another one than writes."""
    return watching(cast("Database", SimpleNamespace(engine=room.database.reader)))


@pytest.mark.parametrize("name", READERS)
def test_a_page_asks_as_much_of_a_long_history_as_of_none(
    database: Database, clock: HandClock, name: str
) -> None:
    room = furnish(database, clock, items=[0])
    short = _statements(room, name)
    _many_charges(room, MANY)
    long = _statements(room, name)
    print(f"{database.engine.dialect.name} {name}: {short}, with {MANY} exposures {long}")  # noqa: T201 the figure
    assert long <= MOST[name]
    assert long - short <= 12  # when each window empties is asked only where something is in it


def test_the_running_dose_is_looked_up_and_not_added_up(
    database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0])
    _many_charges(room, MANY)
    with database.writing() as session:
        session.connection().exec_driver_sql("ANALYZE")
    with watching_reader(room) as watch, database.reading() as session:
        exposures.sums_at(
            session, room.who(), [clock.now() - timedelta(hours=n) for n in range(99)]
        )
    (asked,) = watch.statements
    assert _unindexed(database, [asked]) == []
    assert asked.statement.count("cumulative_ps") <= 3


def test_a_long_record_is_written_and_read_in_bounded_memory(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    """A hundred thousand exposures: twenty megabytes of file, and never two of them in memory."""
    room = furnish(sqlite_database, clock, items=[0])
    _many_charges(room, 100_000)
    with tempfile.TemporaryFile() as file:
        with sqlite_database.reading(snapshot=True) as session:
            tracemalloc.start()
            document.write(session, room.who(), KEY, file, clock)
            _now, most_writing = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        file.seek(0)
        data = file.read()
    path = tmp_path / "long"
    path.mkdir()
    tracemalloc.start()
    found = brought(data, path)
    tracemalloc.reset_peak()
    number = sum(1 for _charge in found.charges(but_not_from=""))
    _now, most_reading = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{len(data)} bytes; at most {most_writing} written, {most_reading} read")  # noqa: T201 the figures
    assert number == 100_000
    assert most_writing < 8_000_000
    assert most_reading < 4_000_000
    assert all(row[1] == row[2] for row in recompute_record.recomputed(data))


def test_many_carried_charges_are_one_statement_more(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0] * 4)
    room.next()
    with watching(database) as before:
        room.next()
    ages = [(timedelta(minutes=n), 0, 1, 0) for n in range(3_000)]
    assert carry(room, signed(elsewhere(room, *ages)), tmp_path).counted == 3_000
    with watching(database) as after:
        room.next()
    assert len(after.statements) == len(before.statements) + 1
    assert _unindexed(database, after.statements) == []


def test_room_is_asked_for_once_a_window_even_with_many_carried(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    room = furnish(database, clock, items=[0] * 4)
    room.next()
    with watching(database) as before:
        room.next()
    ages = [(timedelta(minutes=n), 1, 60, 60) for n in range(3_000)]
    carry(room, signed(elsewhere(room, *ages)), tmp_path)
    with watching(database) as after:
        room.next()
    assert len(after.statements) <= len(before.statements) + 1 + 9
    assert _unindexed(database, after.statements) == []
