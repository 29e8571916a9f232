"""Connections whose every statement is announced before it is sent, on either database.

Given to SQLAlchemy by its event `do_connect`. An engine that has listeners of its own for
statements takes another way through the product than in real work; this way it does not notice.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from labelhub.store.database import sqlite_module

Announce = Callable[[Any, str, Any], None]
"""Told the driver's connection, the statement and its values."""

_SQLITE: Any = sqlite_module()


def announce(engine: sa.Engine, told: Announce) -> None:
    """Tell of each statement that the engine's connections send, before it is sent."""
    kind = _sqlite(told) if engine.dialect.name == "sqlite" else _postgres(told)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, places: list[Any], names: dict[str, Any]) -> Any:
        return kind(*places, **names)


def _sqlite(told: Announce) -> Callable[..., Any]:
    class Cursor(_SQLITE.Cursor):  # type: ignore[misc]
        def execute(self, statement: str, parameters: Any = ()) -> Any:
            told(self.connection, statement, parameters)
            return super().execute(statement, parameters)

    class Connection(_SQLITE.Connection):  # type: ignore[misc]
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    return lambda *places, **names: _SQLITE.connect(*places, factory=Connection, **names)


def _postgres(told: Announce) -> Callable[..., Any]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            told(self.connection, str(query), params)
            return super().execute(query, params, **more)

    return lambda *places, **names: psycopg.connect(*places, cursor_factory=Cursor, **names)
