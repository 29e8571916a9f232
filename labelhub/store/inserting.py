"""Inserting a row unless it is already there, on both databases."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from labelhub.store.prepared import Prepared, dialect_of


def insert_unless_known(session: Session, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert the row and return True; return False where a unique constraint knows it."""
    return _insertion(table, tuple(values), dialect_of(session)).run(session, values) == 1


def keep_unless_known(session: Session, table: sa.Table, values: dict[str, Any]) -> None:
    """Insert the row by the end of the transaction, unless a unique constraint knows it."""
    _insertion(table, tuple(values), dialect_of(session)).later(session, values)


@cache
def _insertion(table: sa.Table, columns: tuple[str, ...], dialect: str) -> Prepared:
    if dialect == "sqlite":
        return Prepared(sqlite.insert(table).on_conflict_do_nothing(), columns)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 slow to load, needed there alone

    return Prepared(postgresql.insert(table).on_conflict_do_nothing(), columns)
