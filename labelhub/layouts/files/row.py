"""One row of a file, before anybody knows what it means."""

import json
from typing import NamedTuple

from labelhub.domain.items import BadRow

_SHOWN = 64 * 1024
_OVERLONG = 1000


class Row(NamedTuple):
    """The values of a row by column. `flat`: cells of a CSV, which know no types or nesting.

    A named tuple, not a frozen dataclass: a file makes one for every row (see domain.release).
    """

    line: int
    values: dict[str, object]
    raw: bytes | str
    flat: bool = False

    def refused(self, field: str, reason: str) -> BadRow:
        return bad_row(self.line, field, reason, self.raw or as_json(self.values))


def printable(raw: bytes | str) -> str:
    """Return a row as it can be stored and shown: UTF-8, without NUL or lone surrogates."""
    if isinstance(raw, bytes):
        text = raw[: _SHOWN * 4].decode("utf-8", "replace")
    else:
        text = raw[:_SHOWN].encode("utf-8", "replace").decode("utf-8")
    return text[:_SHOWN].replace("\0", "\N{SYMBOL FOR NULL}")


def as_json(values: object) -> str:
    """Write a row of a file that has no lines, so that it can be shown and mended."""
    return json.dumps(values, ensure_ascii=False, default=str)


def bad_row(line: int, field: str, reason: str, raw: bytes | str) -> BadRow:
    return BadRow(line, printable(field[:120]), printable(reason[:500]), printable(raw))


def overlong(line: int, start: bytes | str, max_line: int) -> BadRow:
    """Refuse a row of which only the beginning was kept."""
    reason = f"the row is longer than {max_line} bytes"
    return bad_row(line, "", reason, start[:_OVERLONG])
