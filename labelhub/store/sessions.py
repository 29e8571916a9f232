"""A session of one transaction, on a connection that is already in it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.store.together import Together


class Transaction(Session):
    """What services and stores work with. `Database` begins and ends it; nobody else commits.

    SQLAlchemy's own session looks for its connection at every statement and keeps books that only
    objects need; both took longer than most of our statements (docs/performance.md).
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.given = connection
        self.changes: Together | None = None
        self.tips: dict[Any, Any] = {}  # where chains of events end (record.py)
        self._cursor: Any = None
        self._opened = False

    def __getattr__(self, name: str) -> Any:
        """Open SQLAlchemy's books when something first looks into them: most labels never do."""
        if self._opened:
            raise AttributeError(name)
        self._opened = True
        super().__init__(self.given, expire_on_commit=False)
        return getattr(self, name)

    def connection(
        self,
        bind_arguments: Any = None,  # noqa: ARG002 as SQLAlchemy has it
        execution_options: Mapping[str, Any] | None = None,
    ) -> sa.Connection:
        if execution_options:
            raise TypeError("options would stay on a connection that others use after this")
        self.settle()  # whoever asks for it may read anything
        return self.given

    def cursor(self) -> Any:
        """Return the driver's cursor, or None where somebody listens to what the engine is asked.

        One for the whole transaction: whoever uses it takes all rows at once.
        """
        if self._cursor is None:
            if self.given.engine.dispatch.before_cursor_execute:
                return None
            self._cursor = self.given.connection.cursor()
        return self._cursor

    def execute(self, *args: Any, **options: Any) -> Any:
        self.settle()
        return super().execute(*args, **options)

    def exec(self, *args: Any, **options: Any) -> Any:
        self.settle()
        return super().exec(*args, **options)

    def flush(self, objects: Any = None) -> None:
        self.settle()
        super().flush(objects)

    def settle(self) -> None:
        """Send the changes that wait; whoever reads, commits or counts calls this first."""
        if self.changes is not None:
            self.changes.settle()

    def finish(self) -> None:
        """Send all that waits, before the commit."""
        self.settle()
        if self._opened and self.in_transaction():
            self.flush()

    def end(self) -> None:
        """Let go of objects, if there were any; the connection is its giver's."""
        if self._opened and self.in_transaction():
            self.close()
