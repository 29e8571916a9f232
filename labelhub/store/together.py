"""Changes whose result nobody needs, sent to PostgreSQL in one statement.

Each trip to its server costs more than most of our changes do (docs/performance.md). A `WITH` of
changes is one trip; its parts see nothing of one another, so no two may touch the same table, and
whoever reads one of their tables sends them first.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_MOST_KINDS = 256


class Change(NamedTuple):
    """A change by its text, and the tables that it reads or changes."""

    text: str
    tables: frozenset[str]


class Together:
    """What waits in one transaction, in the order in which it came."""

    def __init__(self, send: Callable[[str, Sequence[Any]], object]) -> None:
        self._send = send
        self._texts: list[str] = []
        self._values: list[Any] = []
        self._changed: set[str] = set()

    def add(self, change: Change, values: Sequence[Any]) -> None:
        """Let a change wait; one that touches what waits already sends that first.

        It may refer to a row that waits: references are looked at when the statement ends.
        """
        self.settle(change.tables)
        self._texts.append(change.text)
        self._values += values
        self._changed |= change.tables

    def settle(self, tables: frozenset[str] | None = None) -> None:
        """Send what waits, if any of it is about *tables*; None: whatever it is about."""
        if not self._texts or (tables is not None and self._changed.isdisjoint(tables)):
            return
        text, values = _joined(tuple(self._texts)), tuple(self._values)
        self._texts, self._values, self._changed = [], [], set()
        self._send(text, values)


@lru_cache(_MOST_KINDS)
def _joined(texts: tuple[str, ...]) -> str:
    """Return the changes as one statement; their values stand in the same order."""
    *before, last = texts
    parts = ", ".join(f"change_{place} AS ({text})" for place, text in enumerate(before))
    return f"WITH {parts} {last}" if parts else last
