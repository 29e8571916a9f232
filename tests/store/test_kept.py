"""Connections that are kept ready: clean when they are lent again, and never all of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from labelhub.store import kept
from labelhub.store.database import Database
from labelhub.store.kept import Kept
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata
from tests.worlds import Desk, HandClock, lay_desk

PERSON = metadata.tables["person"]


MOST = 4


@pytest.fixture
def ready(database: Database) -> Kept:
    return Kept(database.engine, MOST)


def _end(database: Database, backends: set[int]) -> None:
    """Let the server end connections, as a restart or a firewall does."""
    with database.engine.connect() as other, other.begin():
        for backend in backends:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({backend}, 5000)")


def _backend(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def _two_kept(ready: Kept) -> set[int]:
    """Let two connections be kept; return who serves them."""
    backends = set()
    with ready.connection() as one, ready.connection() as two:
        for connection in (one, two):
            with connection.begin():
                backends.add(_backend(connection))
    return backends


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


def test_one_that_was_idle_for_long_is_asked_first(
    postgres_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "FRESH_S", 0.0)
    ready = Kept(postgres_database.engine, MOST)
    backends = _two_kept(ready)
    with ready.connection() as again, again.begin():
        assert _backend(again) in backends  # it lives
    _end(postgres_database, backends)

    for _ in range(3):
        with ready.connection() as fresh, fresh.begin():
            assert _backend(fresh) not in backends


def test_where_the_server_went_away_one_request_finds_out(postgres_database: Database) -> None:
    ready = Kept(postgres_database.engine, MOST)
    backends = _two_kept(ready)
    _end(postgres_database, backends)

    with pytest.raises(DBAPIError), ready.connection() as dead, dead.begin():
        _backend(dead)
    for _ in range(3):
        with ready.connection() as fresh, fresh.begin():
            assert _backend(fresh) not in backends


def test_many_who_find_all_of_them_old_each_get_one(
    ready: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "FRESH_S", 0.0)

    def ask(_number: int) -> bool:
        with ready.connection() as lent:
            return not lent.in_transaction()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


def test_some_of_the_pool_is_always_left_to_others(ready: Kept) -> None:
    together = Barrier(8)

    def hold(_number: int) -> None:
        with ready.connection():
            together.wait()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, range(8)))
    assert len(ready._idle) == MOST
    ready.close()
    assert ready._idle == []


def test_a_glance_begins_nothing(database: Database) -> None:
    for _ in range(2):
        with database.glancing() as session:
            Prepared(sa.select(PERSON.c.id)).all(session, {})
            assert not session.connection().in_transaction()
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
