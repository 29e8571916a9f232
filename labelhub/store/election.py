"""Elects one process among all: by a file lock beside SQLite, by an advisory lock on PostgreSQL."""

import fcntl
import os
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from labelhub.store.database import Database

_KEY = 0x4C_41_42_45_4C_48_55_42
"""The advisory lock's number: "LABELHUB" in ASCII."""


class Election:
    """This process's place in the election. The lock goes with the process, however it ends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = -1
        self._connection: sa.Connection | None = None

    def won(self) -> bool:
        """Whether this process is the elected one, now; it stands again at every call."""
        return self._won_file() if self._database.is_sqlite else self._won_lock()

    def leave(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._connection is not None:
            self._connection.invalidate()  # back in the pool it would keep the lock
            self._connection.close()
            self._connection = None

    def _won_file(self) -> bool:
        if self._file >= 0:
            return True
        path = Path(str(self._database.url.database) + ".scheduler")
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._file = handle
        return True

    def _won_lock(self) -> bool:
        """Hold the lock on a connection of its own: it lives exactly as long as that does."""
        try:
            if self._connection is not None:
                self._connection.execute(sa.select(1))
                return True
            connection = self._database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            if connection.execute(sa.select(sa.func.pg_try_advisory_lock(_KEY))).scalar():
                self._connection = connection
                return True
            connection.close()
        except SQLAlchemyError:
            self.leave()
        return False
