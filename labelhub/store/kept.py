"""Connections kept ready between two transactions.

SQLAlchemy's pool keeps the driver's connections; what it sets up around one at each checkout, and
takes down again, costs as much as several of our statements (docs/performance.md).
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

FRESH_S = 5.0
"""A connection used this recently is taken to be alive; an older one is asked first."""


class Kept:
    """An engine's connections, the last used first: its pages are still in its cache."""

    def __init__(self, engine: sa.Engine, most: int) -> None:
        """*most* are kept, so few that the pool always has some left."""
        self._engine = engine
        self._most = most
        self._idle: list[tuple[sa.Connection, float]] = []

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """Lend a connection; it comes back outside any transaction, or not at all."""
        connection = self._take()
        try:
            yield connection
        except BaseException:
            if connection.invalidated:  # the server went away: the others are asked as well
                self._idle = [(other, -math.inf) for other, _ in self._idle]
            connection.close()  # whatever state it is in, the pool knows how to clean it
            raise
        self._give_back(connection)

    def close(self) -> None:
        idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def _take(self) -> sa.Connection:
        while True:
            try:
                connection, used = self._idle.pop()
            except IndexError:
                return self._engine.connect()
            if time.monotonic() - used < FRESH_S or self._lives(connection):
                return connection

    def _lives(self, connection: sa.Connection) -> bool:
        dialect = self._engine.dialect
        opened: Any = connection.connection.dbapi_connection
        try:
            return bool(dialect.do_ping(opened))
        except dialect.loaded_dbapi.Error as error:
            connection.invalidate(error)
            connection.close()
            return False

    def _give_back(self, connection: sa.Connection) -> None:
        if connection.in_transaction() or connection.invalidated or len(self._idle) >= self._most:
            connection.close()
        else:
            self._idle.append((connection, time.monotonic()))
