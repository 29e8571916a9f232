"""Changes whose result nobody needs, sent to PostgreSQL in one statement.

Each trip to its server costs more than most of our changes do (docs/performance.md). A `WITH` of
changes is one trip; its parts see nothing of one another, so no two may touch the same table, and
whoever reads one of their tables sends them first.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

_NAME = re.compile(r"%\((\w+)\)s")
_MOST_KINDS = 256


class Change(NamedTuple):
    """A change by its text, and the tables that it reads or changes."""

    text: str
    tables: frozenset[str]


class Together:
    """What waits in one transaction, in the order in which it came."""

    def __init__(self, send: Callable[[str, Mapping[str, Any]], object]) -> None:
        self._send = send
        self._texts: list[str] = []
        self._values: dict[str, Any] = {}
        self._changed: set[str] = set()

    def add(self, change: Change, values: Mapping[str, Any]) -> None:
        """Let a change wait; one that touches what waits already sends that first.

        It may refer to a row that waits: references are looked at when the statement ends.
        """
        self.settle(change.tables)
        place = len(self._texts)
        self._texts.append(change.text)
        self._values.update({f"{name}_{place}": value for name, value in values.items()})
        self._changed |= change.tables

    def settle(self, tables: frozenset[str] | None = None) -> None:
        """Send what waits, if any of it is about *tables*; None: whatever it is about."""
        if not self._texts or (tables is not None and self._changed.isdisjoint(tables)):
            return
        text, values = _joined(tuple(self._texts)), self._values
        self._texts, self._values, self._changed = [], {}, set()
        self._send(text, values)


@lru_cache(_MOST_KINDS)
def _joined(texts: tuple[str, ...]) -> str:
    """Return the changes as one statement, each with values of its own."""
    named = [_NAME.sub(rf"%(\1_{place})s", text) for place, text in enumerate(texts)]
    *before, last = named
    parts = ", ".join(f"change_{place} AS ({text})" for place, text in enumerate(before))
    return f"WITH {parts} {last}" if parts else last
