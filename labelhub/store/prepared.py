"""Statements made ready once for each database, for the path that every label takes.

SQLAlchemy writes the SQL and converts the values, once; then the driver is asked directly. What it
does around each statement costs more than SQLite needs to answer one (docs/performance.md).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

_COUNTED = {"preserve_rowcount": True}

Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement with named values. It must not ask for a list of unknown length (`IN`)."""

    def __init__(self, statement: Any, columns: Sequence[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns) or None
        self._ready: dict[str, _Ready] = {}

    def one_or_none(self, session: Session, values: Mapping[str, Any]) -> Any:
        """Return the first row, or None. Statements that may find more say `LIMIT 1`."""
        rows = self.all(session, values)
        return rows[0] if rows else None

    def one(self, session: Session, values: Mapping[str, Any]) -> Any:
        """Return the row.

        Raises:
            NoResultFound: there is none.

        """
        row = self.one_or_none(session, values)
        if row is None:
            raise NoResultFound
        return row

    def all(self, session: Session, values: Mapping[str, Any]) -> list[Any]:
        connection = session.connection()
        ready = self._for(connection.dialect)
        cursor = _asked(connection, ready, values)
        rows = cursor.fetchall()
        cursor.close()
        return [ready.row(row) for row in rows]

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Do what the statement says; return how many rows it changed."""
        connection = session.connection()
        cursor = _asked(connection, self._for(connection.dialect), values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _for(self, dialect: sa.Dialect) -> "_Ready":
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, self._columns, dialect)
        return ready


class _Ready:
    """A statement in one database's words, and how its values and rows are converted."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._given, self._fixed = _values(compiled, dialect)
        self.row = _row_maker(compiled, dialect)

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return what the driver takes: in order for `?`, by name for `%(name)s`."""
        bound = {
            name: values[name] if convert is None or values[name] is None else convert(values[name])
            for name, convert in self._given
        }
        bound.update(self._fixed)
        return bound if self._order is None else tuple([bound[name] for name in self._order])


def inserting(table: sa.Table) -> Callable[[Session, Mapping[str, Any]], int]:
    """Return a function that inserts one row; the columns are those it is given."""

    @cache
    def insertion(columns: tuple[str, ...]) -> Prepared:
        return Prepared(sa.insert(table), columns)

    return lambda session, values: insertion(tuple(values)).run(session, values)


def _asked(connection: sa.Connection, ready: _Ready, values: Mapping[str, Any]) -> Any:
    """Ask the driver; where somebody listens to what the engine is asked, by way of it."""
    parameters = ready.parameters(values)
    if connection.engine.dispatch.before_cursor_execute:
        return connection.exec_driver_sql(ready.text, parameters, execution_options=_COUNTED)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(ready.text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, cursor, ready.text, error) from error
    return cursor


def _told(connection: sa.Connection, cursor: Any, text: str, error: Any) -> Any:
    """Return the driver's error as SQLAlchemy raises it; a connection that broke is not reused."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
    if broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )


def _values(
    compiled: SQLCompiler, dialect: sa.Dialect
) -> tuple[list[tuple[str, Convert]], dict[str, Any]]:
    """Return the values to be given, each with its conversion, and those that never change."""
    given: list[tuple[str, Convert]] = []
    fixed: dict[str, Any] = {}
    for bind, name in compiled.bind_names.items():
        convert: Convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            given.append((name, convert))
        else:
            fixed[name] = bind.value if convert is None else convert(bind.value)
    return given, fixed


def _row_maker(compiled: SQLCompiler, dialect: sa.Dialect) -> Callable[[Sequence[Any]], Any]:
    """Return what turns a driver's row into one with names and Python's own types."""
    columns = list(getattr(compiled.statement, "exported_columns", ()))
    kinds: list[Convert] = [
        column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
    ]
    names = [str(column.key) for column in columns]
    make: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 known late
    converted = [(place, kind) for place, kind in enumerate(kinds) if kind is not None]

    def row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, kind in converted:
            if values[place] is not None:
                values[place] = kind(values[place])
        return make(*values)

    return row
