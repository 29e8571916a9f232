"""Two at once, step by step: what the race finds by chance, these show each time (R1, R2)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import sqlalchemy as sa

from labelhub.store import slots, turns
from labelhub.store.assignments import ItemId
from labelhub.store.database import Database, sqlite_module
from labelhub.tables import metadata
from tests.worlds import HandClock, lay_desk


def test_a_writing_transaction_is_locked_before_its_first_read(
    sqlite_database: Database,
) -> None:
    module = sqlite_module()
    other = module.connect(sqlite_database.url.database, timeout=0, isolation_level=None)
    with closing(other), sqlite_database.writing() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM person").all()
        with pytest.raises(module.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_reading_transaction_cannot_write(database: Database, clock: HandClock) -> None:
    desk = lay_desk(database, clock)
    with database.reading() as session, pytest.raises(sa.exc.DBAPIError):
        turns.take(session, desk.labelers[0])


def test_a_second_turn_waits_for_the_first(database: Database, clock: HandClock) -> None:
    desk = lay_desk(database, clock)
    me, order, first_has_it = desk.labelers[0], [], threading.Event()

    def first() -> None:
        with database.writing() as session:
            turns.take(session, me)
            first_has_it.set()
            threading.Event().wait(0.3)
            order.append("first")

    def second() -> None:
        first_has_it.wait(10)
        with database.writing() as session:
            turns.take(session, me)
            order.append("second")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(20)
    assert order == ["first", "second"]


def test_of_two_who_reach_for_the_last_slot_one_gets_it(
    postgres_database: Database, clock: HandClock
) -> None:
    """Both look while it is free; on SQLite writers queue, so there this cannot be."""
    desk = lay_desk(postgres_database, clock, items=[0], overlap=1)
    item, first_has_it = ItemId(desk.items[0]), threading.Event()

    def first() -> bool:
        with postgres_database.writing() as session:
            got = slots.take(session, item)
            first_has_it.set()
            threading.Event().wait(0.3)
            return got

    def second() -> bool:
        first_has_it.wait(10)
        with postgres_database.writing() as session:
            return slots.take(session, item)

    with ThreadPoolExecutor(2) as pool:
        got = [done.result(20) for done in [pool.submit(first), pool.submit(second)]]
    assert got == [True, False]
    with postgres_database.reading() as session:
        row = session.connection().execute(sa.select(metadata.tables["item"])).one()
        assert (row.open_count, row.taken_count) == (1, 1)
