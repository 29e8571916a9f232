"""Watching what a database is asked: every statement, by transaction, with its parameters."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from labelhub.store.database import Database

_READS_TEXT = re.compile(r"\b(?:FROM|JOIN) content\b")
_RECORDS = re.compile(r"(?:^|AS \(|\) )INSERT INTO (?:exposure|showing) ")


@dataclass(frozen=True, slots=True)
class Asked:
    statement: str
    parameters: Any


@dataclass(slots=True)
class Watch:
    """The transactions seen, each a list of statements; locks and clock reads included."""

    transactions: list[list[Asked]] = field(default_factory=list)

    @property
    def statements(self) -> list[Asked]:
        return [asked for one in self.transactions for asked in one]

    def text_read_unrecorded(self) -> list[str]:
        """Return reads of item text before an exposure or a showing was on record (W-4)."""
        found = []
        for transaction in self.transactions:
            recorded = False
            for asked in transaction:
                recorded = recorded or bool(_RECORDS.search(asked.statement))
                if _READS_TEXT.search(asked.statement) and not recorded:
                    found.append(asked.statement)
        return found


@contextmanager
def watching(database: Database) -> Iterator[Watch]:
    watch = Watch()

    def begun(_connection: sa.Connection) -> None:
        watch.transactions.append([])

    def asked(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any
    ) -> None:
        if statement.startswith("BEGIN"):
            return
        watch.transactions[-1].append(Asked(" ".join(statement.split()), parameters))

    event.listen(database.engine, "begin", begun)
    event.listen(database.engine, "before_cursor_execute", asked)
    try:
        yield watch
    finally:
        event.remove(database.engine, "begin", begun)
        event.remove(database.engine, "before_cursor_execute", asked)


def plan(connection: sa.Connection, asked: Asked) -> str:
    """Return how the database would go about a statement, an index being there if it can be."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:  # small tables are read whole for good reason; ask what it could do
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    word = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    rows = connection.exec_driver_sql(word + asked.statement, asked.parameters).all()
    return "\n".join(str(row[-1]) for row in rows)
