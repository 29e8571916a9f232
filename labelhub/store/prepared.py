"""Statements made ready once for each database, for the path that every label takes.

SQLAlchemy writes the SQL and converts the values, once; then the driver is asked directly. What it
does around each statement costs more than SQLite needs to answer one (docs/performance.md).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

from labelhub.store.driver_errors import told
from labelhub.store.sessions import Transaction
from labelhub.store.together import Change, Together

_COUNTED = {"preserve_rowcount": True}
_identifier = lru_cache(maxsize=4096)(UUID)
"""SQLite keeps identifiers as text; the same few come in every row of a person's work."""

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
        ready, cursor = self._asked(session, values)
        return [ready.row(row) for row in cursor.fetchall()]

    def run(self, session: Session, values: Mapping[str, Any]) -> int:
        """Do what the statement says; return how many rows it changed."""
        changed: int = self._asked(session, values)[1].rowcount
        return changed

    def later(self, session: Session, values: Mapping[str, Any]) -> None:
        """Do what the statement says by the end of the transaction; nobody asks what came of it.

        On PostgreSQL it waits and goes with others in one statement (`together.py`). What reads
        or changes the same tables comes after it.
        """
        if not isinstance(session, Transaction) or dialect_of(session) == "sqlite":
            self.run(session, values)
            return
        if session.changes is None:
            session.changes = Together(lambda text, given: _send(session, text, given))
        ready = self._for(session.given.dialect)
        session.changes.add(ready.change, ready.parameters(values))

    def _asked(self, session: Session, values: Mapping[str, Any]) -> "tuple[_Ready, Any]":
        if not isinstance(session, Transaction):
            connection = session.connection()
            ready = self._for(connection.dialect)
            asked = ready.text, ready.parameters(values), _COUNTED
            return ready, connection.exec_driver_sql(*asked)
        ready = self._for(session.given.dialect)
        if session.changes is not None:
            session.changes.settle(ready.touched)
        return ready, _send(session, ready.text, ready.parameters(values))

    def _for(self, dialect: sa.Dialect) -> "_Ready":
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, self._columns, dialect)
        return ready


def settle(session: Session) -> None:
    """Send what waits to be done later, before something that must come after it."""
    if isinstance(session, Transaction):
        session.settle()


def dialect_of(session: Session) -> str:
    """Return the name of the session's database: `sqlite` or `postgresql`."""
    given = session.given if isinstance(session, Transaction) else session.connection()
    return given.dialect.name


class _Ready:
    """A statement in one database's words, and how its values and rows are converted."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: sa.Dialect) -> None:
        _mark_fixed(statement)
        dialect = _by_place(dialect)
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.text = _with_fixed(compiled, dialect)
        self.change = Change(self.text, _tables(statement))
        self.touched = self.change.tables | _referred(statement)
        self.row = _row_maker(compiled, dialect)
        slots = _slots(compiled, dialect)
        self.parameters = _filler([slots[name] for name in compiled.positiontup if name in slots])
        """Turns values by name into what the driver takes, in the order of the places."""


def _by_place(dialect: sa.Dialect) -> sa.Dialect:
    """Return the dialect with places (`?`, `%s`) for values, which are quicker than names."""
    kind: Any = type(dialect)
    made: sa.Dialect = kind(paramstyle="qmark" if dialect.name == "sqlite" else "format")
    return made


def at_most(rows: int, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Limit a statement by a number that stands in its text.

    A limit that comes as a value makes SQLite 3.53 plan the statement anew each time: 67 µs
    instead of 6 for the windows of `charges`.
    """
    return statement.limit(sa.literal_column(str(rows))).offset(sa.literal_column("0"))


def inserting(table: sa.Table) -> Callable[[Session, Mapping[str, Any]], None]:
    """Return a function that inserts one row by the end of the transaction.

    The columns are those it is given.
    """

    @cache
    def insertion(columns: tuple[str, ...]) -> Prepared:
        return Prepared(sa.insert(table), columns)

    return lambda session, values: insertion(tuple(values)).later(session, values)


def _send(session: Transaction, text: str, parameters: Any) -> Any:
    """Ask the driver; where somebody listens to what the engine is asked, by way of it."""
    connection, cursor = session.given, session.cursor()
    if cursor is None:
        return connection.exec_driver_sql(text, parameters, _COUNTED)
    try:
        cursor.execute(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise told(connection, cursor, text, error) from error
    return cursor


def _mark_fixed(statement: Any) -> None:
    """Mark the values of a statement that are always the same."""

    def mark(bind: sa.BindParameter[Any]) -> None:
        bind.literal_execute = not bind.required and isinstance(bind.value, int | str)

    visitors.traverse(statement, {}, {"bindparam": mark})


def _with_fixed(compiled: SQLCompiler, dialect: sa.Dialect) -> str:
    """Return the text with the marked values in it.

    A planner that does not know them cannot see that a partial index holds what is asked for;
    PostgreSQL then plans anew each time.
    """
    text = str(compiled)
    for bind in compiled.literal_execute_params:
        literal = bind.type.dialect_impl(dialect).literal_processor(dialect)
        place = f"__[POSTCOMPILE_{compiled.bind_names[bind]}]"
        text = text.replace(place, str(bind.value) if literal is None else literal(bind.value))
    return text


def _tables(statement: Any) -> frozenset[str]:
    """Return the tables that a statement reads or changes."""
    found = {part.name for part in visitors.iterate(statement) if isinstance(part, sa.Table)}
    return frozenset(found)


def _referred(statement: Any) -> frozenset[str]:
    """Return the tables in which the rows that a statement inserts must find others."""
    keys = statement.table.foreign_keys if isinstance(statement, sa.Insert) else ()
    return frozenset(key.column.table.name for key in keys)


def _slots(
    compiled: SQLCompiler, dialect: sa.Dialect
) -> dict[str, tuple[str | None, Convert, Any]]:
    """Return where each value of the statement comes from: a name, or what it always is."""
    slots: dict[str, tuple[str | None, Convert, Any]] = {}
    for bind, name in compiled.bind_names.items():
        if bind.literal_execute:
            continue
        convert: Convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            slots[name] = (name, convert, None)
        else:
            slots[name] = (None, None, bind.value if convert is None else convert(bind.value))
    return slots


def _filler(
    slots: Sequence[tuple[str | None, Convert, Any]],
) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Return what puts a statement's values in their order, each in the driver's own type."""
    fixed = {f"fixed {place}": value for place, (name, _, value) in enumerate(slots) if not name}
    names = [name or f"fixed {place}" for place, (name, _, _) in enumerate(slots)]
    converted = [(place, kind) for place, (_, kind, _) in enumerate(slots) if kind is not None]
    one = itemgetter(*names) if names else None

    def fill(values: Mapping[str, Any]) -> Sequence[Any]:
        if one is None:
            return ()
        found = one({**values, **fixed} if fixed else values)
        given = list(found) if len(names) > 1 else [found]
        for place, kind in converted:
            if given[place] is not None:
                given[place] = kind(given[place])
        return tuple(given)

    return fill


def _row_maker(compiled: SQLCompiler, dialect: sa.Dialect) -> Callable[[Sequence[Any]], Any]:
    """Return what turns a driver's row into one with names and Python's own types."""
    columns = list(getattr(compiled.statement, "exported_columns", ()))
    kinds = [_reader(column.type, dialect) for column in columns]
    names = [str(column.key) for column in columns]
    named: Any = namedtuple  # noqa: PYI024 the columns are known late, their types nowhere
    make = named("Row", names, rename=True)._make
    converted = [(place, each) for place, each in enumerate(kinds) if each is not None]

    def row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, convert in converted:
            if values[place] is not None:
                values[place] = convert(values[place])
        return make(values)

    return row


def _reader(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert:
    """Return what turns a stored value into Python's own type; None where it is that already."""
    if isinstance(kind, sa.Uuid) and dialect.name == "sqlite":
        return _identifier
    return kind.dialect_impl(dialect).result_processor(dialect, None)
