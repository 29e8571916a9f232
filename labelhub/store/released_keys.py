"""Asking for a page of rows by their keys, whatever their number, as the driver gives them."""

from collections.abc import Collection
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator, TypeEngine

Key = Any
"""An identifier as the driver gives it: text on SQLite, a UUID on PostgreSQL. Never taken apart."""


def as_driven(column: Any) -> Any:
    """Take a column as the driver gives it: a release reads millions, and needs no UUID of them."""
    return sa.type_coerce(column, sa.types.NullType())


class _Keys(TypeDecorator[Collection[Any]]):
    """Many keys as one value: an array on PostgreSQL, a list in JSON on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = sa.ARRAY(sa.Uuid()) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        keys = [key if isinstance(key, str) else _stored(key, dialect) for key in value or ()]
        return keys if dialect.name == "postgresql" else orjson.dumps(keys).decode()


def _stored(key: Any, dialect: Dialect) -> Any:
    return key if dialect.name == "postgresql" else key.hex


class Among(ColumnElement[bool]):
    """True where the column is one of the keys of a bound value.

    A list of places (`IN (?, ?, …)`) would be written, sent and planned anew for each length.
    """

    inherit_cache = True
    type = sa.Boolean()
    _traverse_internals = [  # noqa: RUF012 as SQLAlchemy declares it
        ("column", InternalTraversal.dp_clauseelement),
        ("keys", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.keys = sa.bindparam(name, type_=_Keys())

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 as SQLAlchemy has it
        """Stand as it is: compared with 1, as SQLite's truth is, it could use no index."""
        return self


@compiles(Among, "sqlite")
def _on_sqlite(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    keys = compiler.process(element.keys, **options)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 a column and a place


@compiles(Among)
def _elsewhere(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    keys = compiler.process(element.keys, **options)
    return f"{column} = ANY ({keys})"


class AllOf(FunctionElement[str]):
    """The texts of a group, with commas between; what is null is left out."""

    inherit_cache = True
    type = sa.Text()
    name = "all_of"


@compiles(AllOf, "sqlite")
def _joined_on_sqlite(element: AllOf, compiler: Any, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)})"


@compiles(AllOf)
def _joined_elsewhere(element: AllOf, compiler: Any, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ',')"
