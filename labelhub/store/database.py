"""Connections and transactions on SQLite and PostgreSQL (safety-case.md, R1)."""

import fcntl
import math
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from labelhub.store.driver_errors import told
from labelhub.store.kept import FRESH_S, Kept
from labelhub.store.sessions import Transaction

T = TypeVar("T")

ATTEMPTS = 8
_WAIT_S = 0.02
_STATEMENTS = 1000
"""Statements a connection keeps ready; the driver's own 128 are fewer than we have."""
_SAFE_SQLITE = (3, 51, 3)
"""The first SQLite without the WAL-reset bug; an older one is carried by the writer lock."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "recursive_triggers=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "cache_size=-32000",  # 32 MB a connection that writes; SQLite's own 2 MB hold no queue's index
    "wal_autocheckpoint=4000",  # 16 MB: the same pages are written many times between two
)
# What a desk asks for is in memory: at the cost of a turning disk (4) PostgreSQL would read tables
# of a few thousand rows whole, for one of them.
_POSTGRES_OPTIONS = (
    "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s"
    " -c timezone=UTC -c synchronous_commit=on -c random_page_cost=1.1"
)
_NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"})


class UnsafeStorageError(RuntimeError):
    """The database's storage cannot keep what it acknowledges, so LabelHub does not start."""


def sqlite_module() -> ModuleType:
    """Return the SQLite driver with the newest library: pysqlite3 bundles its own."""
    try:
        import pysqlite3  # noqa: PLC0415 optional: not built for every platform
    except ImportError:
        return sqlite3
    module: ModuleType = pysqlite3
    return module


def normalised(url: str) -> str:
    """Return the SQLAlchemy address for the PostgreSQL spellings that people use."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


class Database:
    """One database: a writing engine, a reading engine, and the writers' queue.

    Make one per process, after any fork; `dispose` it at the end.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = sa.make_url(normalised(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        most = max(1, pool_size * 2 // 5)  # of each of the two kinds; the pool has some left
        if self.is_sqlite:
            path = Path(self.url.database or "")
            _refuse_network_storage(path)
            self.engine = _sqlite_engine(path, read_only=False, pool_size=pool_size)
            self.reader = _sqlite_engine(path, read_only=True, pool_size=pool_size)
            self._glances = Kept(self.reader, most)
            self._turns: _WriterLock | None = _WriterLock(path.with_name(path.name + ".writer"))
        else:
            self.engine = _postgres_engine(self.url, pool_size)
            self.reader = self.engine.execution_options(postgresql_readonly=True)
            at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._glances = Kept(at_once, most)
            self._turns = None
        self._writes = Kept(self.engine, most)

    def dispose(self) -> None:
        self._writes.close()
        self._glances.close()
        self.engine.dispose()
        self.reader.dispose()
        if self._turns is not None:
            self._turns.close()

    def run(self, work: Callable[[Session], T]) -> T:
        """Do *work* in one transaction and commit it before returning.

        The whole transaction is repeated, with a new session, when the database asks for it
        (busy, deadlock, serialisation). *work* must do nothing outside the database.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.writing() as session:
                    return work(session)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not _asks_for_another_try(error):
                    raise
                time.sleep(random.uniform(0, _WAIT_S * attempt))  # noqa: S311 spreads waiters
        raise AssertionError

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a writing transaction; it commits at the end, or leaves no trace."""
        # On SQLite the queue is held from before BEGIN until COMMIT has returned: no commit can
        # then coincide with a checkpoint, and waiting is a queue instead of polling.
        with (
            self._turns or nullcontext(),
            self._writes.connection() as connection,
            connection.begin(),
        ):
            session = Transaction(connection)
            try:
                yield session
                session.finish()
            finally:
                session.end()

    @contextmanager
    def reading(self, *, snapshot: bool = False) -> Iterator[Session]:
        """Open a transaction that cannot write; *snapshot* keeps one view for long reads."""
        engine = self.reader
        if snapshot and not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        # Committed, not rolled back: psycopg would forget its prepared statements.
        with engine.connect() as connection, connection.begin():
            session = Transaction(connection)
            if snapshot and not self.is_sqlite:
                session.execute(sa.text("SET LOCAL statement_timeout = 0"))
                session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            try:
                yield session
            finally:
                session.end()

    @contextmanager
    def glancing(self) -> Iterator[Session]:
        """Open a session for one question, which needs no transaction around it.

        On PostgreSQL that saves two of three trips to the server, on every request of everyone.
        """
        with self._glances.connection() as connection:
            session = Transaction(connection)
            try:
                yield session
            finally:
                session.end()

    def held(self) -> "_WriterLock | nullcontext[None]":
        """Return the writers' queue itself, for work that moves the file: checkpoints, backups."""
        return self._turns or nullcontext()


class _WriterLock:
    """One writer at a time across threads (a lock) and processes (flock on a file beside it)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file = -1
        self._pid = -1

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._pid != os.getpid():  # a lock inherited by fork would be shared, not waited for
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                self._pid = os.getpid()
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        with self._threads:
            if self._pid == os.getpid():
                os.close(self._file)
            self._pid = -1


def _sqlite_engine(path: Path, *, read_only: bool, pool_size: int) -> Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=sqlite_module(),
        connect_args={
            "timeout": 30,
            "check_same_thread": False,
            "cached_statements": _STATEMENTS,
        },
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the last writer's pages are still in its cache
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing; we do
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        if connection.execute("PRAGMA synchronous").fetchone()[0] != 2:  # noqa: PLR2004 FULL
            raise UnsafeStorageError("SQLite refuses synchronous=FULL; ratings could be lost")
        if read_only:
            connection.execute("PRAGMA query_only=ON").close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        _begin(connection, "BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _begin(connection: sa.Connection, word: str) -> None:
    """Ask the driver: SQLAlchemy's way to one word takes as long as three of our statements."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(word)
    except connection.dialect.loaded_dbapi.Error as error:
        raise told(connection, cursor, word, error) from error
    cursor.close()


def _postgres_engine(url: sa.URL, pool_size: int) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the fewest connections, each with its statements prepared
        isolation_level="READ COMMITTED",
        connect_args={"options": _POSTGRES_OPTIONS},
    )

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def test(connection: Any, record: Any, _proxy: object) -> None:
        """Ask a connection that was idle whether it lives; one in use was alive a moment ago."""
        if time.monotonic() - record.info.get("used", math.inf) < FRESH_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError from error

    return engine


def _asks_for_another_try(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    if state in {"40001", "40P01", "55P03"}:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _refuse_network_storage(path: Path) -> None:
    """Locks do not work on network file systems (safety-case.md, A7)."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return
    folder, best = str(path.resolve().parent), ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, mount, kind, *_ = line.split(" ")
        inside = folder == mount or folder.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best[0]):
            best = (mount, kind)
    if best[1] in _NETWORK_FILE_SYSTEMS:
        raise UnsafeStorageError(
            f"the SQLite file lies on a network file system ({best[1]}); "
            "put it on a local disk, or use PostgreSQL"
        )
