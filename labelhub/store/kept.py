"""Connections kept ready between two transactions.

SQLAlchemy's pool keeps the driver's connections; what it sets up around one at each checkout, and
takes down again, costs as much as several of our statements (docs/performance.md).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

FRESH_S = 5.0
"""A connection used this recently is taken to be alive; an older one goes back to the pool, which
asks it first."""
_MOST = 4
"""So few that the pool always has some left."""


class Kept:
    """An engine's connections, the last used first: its pages are still in its cache."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._idle: list[tuple[sa.Connection, float]] = []

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """Lend a connection; it comes back outside any transaction, or not at all."""
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()  # whatever state it is in, the pool knows how to clean it
            raise
        self._give_back(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop()[0].close()

    def _take(self) -> sa.Connection:
        try:
            connection, used = self._idle.pop()
        except IndexError:
            return self._engine.connect()
        if time.monotonic() - used < FRESH_S:
            return connection
        connection.close()
        self.close()  # the others have been idle for longer
        return self._engine.connect()

    def _give_back(self, connection: sa.Connection) -> None:
        if connection.in_transaction() or connection.invalidated or len(self._idle) >= _MOST:
            connection.close()
        else:
            self._idle.append((connection, time.monotonic()))
