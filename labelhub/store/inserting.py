"""Inserting a row unless it is already there, on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

_COUNTED = {"preserve_rowcount": True}


def insert_unless_known(session: Session, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert the row and return True; return False where a unique constraint knows it."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    # Without the option SQLAlchemy keeps no row count of an INSERT: −1 on PostgreSQL.
    statement = dialect.insert(table).on_conflict_do_nothing().execution_options(**_COUNTED)
    return connection.execute(statement, values).rowcount == 1
