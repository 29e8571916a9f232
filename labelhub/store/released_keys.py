"""Asking for a page of rows by their keys, whatever their number, at little cost a row."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator

Key = str
"""An identifier as 32 hexadecimal digits, on both databases: a release has no use for a UUID."""


def as_driven(column: Any) -> Any:
    """Take a column as the driver gives it: a release reads millions, and converts none of them."""
    return sa.type_coerce(column, sa.types.NullType())


class KeyOf(FunctionElement[str]):
    """The key of an identifier's column, made by the database, which is quicker at it."""

    inherit_cache = True
    type = sa.Text()
    name = "key_of"


@compiles(KeyOf, "sqlite")
def _kept_so(element: KeyOf, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(KeyOf)
def _made_so(element: KeyOf, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    return f"replace(CAST({column} AS TEXT), '-', '')"


class _Keys(TypeDecorator[Collection[Any]]):
    """Many keys as one text: an array's on PostgreSQL, a list's in JSON on SQLite.

    A list of UUIDs would be written by the driver one after the other, in Python.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str:
        keys = [key.hex if isinstance(key, UUID) else key for key in value or ()]
        return (
            f"{{{','.join(keys)}}}" if dialect.name == "postgresql" else orjson.dumps(keys).decode()
        )


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
    return f"{column} = ANY (CAST({keys} AS UUID[]))"


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
