"""Column types and constraints that tables share."""

from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator

KEPT_BY_KEY = {"sqlite_with_rowid": False}
"""For tables that are found by their key alone: SQLite then writes one page for a row, not two."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, returns aware UTC on every database."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[datetime]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite write the text of SQLAlchemy's own type, in a tenth of its time."""
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.isoformat(" ", "microseconds").removesuffix("+00:00")


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored + "+00:00")


def enumeration(kind: type[PythonEnum], name: str) -> sa.Enum:
    """Store an enum by its values, checked by the database."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=True,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


class _IsInteger(ColumnElement[bool]):
    """True where the column holds an integer; SQLite would store 'abc' in one unless asked."""

    inherit_cache = False

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns


@compiles(_IsInteger, "sqlite")
def _on_sqlite(element: _IsInteger, compiler: Any, **_: object) -> str:  # noqa: ARG001
    return " AND ".join(
        f"({column} IS NULL OR typeof({column}) = 'integer')" for column in element.columns
    )


@compiles(_IsInteger)
def _elsewhere(element: _IsInteger, compiler: Any, **_: object) -> str:  # noqa: ARG001
    return "1 = 1"


def integers(*columns: str) -> sa.CheckConstraint:
    """Require that numeric columns read by rules hold integers (safety-case.md, R1)."""
    return sa.CheckConstraint(_IsInteger(columns), name="integers")
