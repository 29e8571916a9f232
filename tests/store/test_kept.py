"""Connections that are kept ready: clean when they are lent again, and never all of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from labelhub.store import kept
from labelhub.store.database import Database
from labelhub.store.kept import Kept
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, lay_desk

PERSON = metadata.tables["person"]


@pytest.fixture
def ready(database: Database) -> Kept:
    return Kept(database.engine)


def test_the_last_one_used_is_lent_again(ready: Kept) -> None:
    with ready.connection() as first:
        pass
    with ready.connection() as second:
        assert second is first


def test_one_that_failed_is_not_kept(ready: Kept) -> None:
    with pytest.raises(ZeroDivisionError), ready.connection() as failed:
        raise ZeroDivisionError
    with ready.connection() as other:
        assert other is not failed
    assert failed.closed


def test_one_left_in_a_transaction_is_not_kept(ready: Kept) -> None:
    with ready.connection() as left:
        left.begin()
    with ready.connection() as other:
        assert other is not left
        assert not other.in_transaction()


def test_one_that_was_idle_for_long_goes_back_to_the_pool(
    ready: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ready.connection() as idle:
        pass
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    with ready.connection() as other:
        assert other is not idle
    assert idle.closed


def test_some_of_the_pool_is_always_left_to_others(ready: Kept) -> None:
    together = Barrier(8)

    def hold(_number: int) -> None:
        with ready.connection():
            together.wait()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, range(8)))
    assert len(ready._idle) == kept._MOST
    ready.close()
    assert ready._idle == []


def test_a_glance_begins_nothing(database: Database) -> None:
    for _ in range(2):
        with database.glancing() as session:
            session.given.exec_driver_sql("SELECT 1")
    with database.writing() as session:
        session.connection().execute(sa.select(PERSON.c.id)).all()


def test_what_a_failed_transaction_wrote_is_not_there_for_the_next(
    database: Database, clock: HandClock
) -> None:
    desk: Desk = lay_desk(database, clock)
    with pytest.raises(ZeroDivisionError), database.writing() as session:  # noqa: PT012 one act
        session.connection().execute(sa.update(PERSON).values(name="gone"))
        raise ZeroDivisionError
    with database.writing() as session:
        names = session.connection().execute(
            sa.select(PERSON.c.name).where(PERSON.c.id.in_(desk.labelers))
        )
        assert "gone" not in names.scalars().all()


def test_a_connection_that_the_server_ended_costs_one_request(postgres_database: Database) -> None:
    with postgres_database.writing() as session:
        mine = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with postgres_database.engine.connect() as other, other.begin():
        other.exec_driver_sql(f"SELECT pg_terminate_backend({mine})")

    with pytest.raises(DBAPIError), postgres_database.writing() as session:
        session.connection().exec_driver_sql("SELECT 1")
    with postgres_database.writing() as session:
        assert session.connection().exec_driver_sql("SELECT 1").scalar_one() == 1
