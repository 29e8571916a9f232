"""Rows of a CSV file (RFC 4180): the header names the columns, quotes may hold line breaks."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from labelhub.domain.items import BadRow
from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.hygiene import check_text
from labelhub.layouts.files.json_lines import split_lines
from labelhub.layouts.files.row import Row, bad_row, overlong
from labelhub.layouts.files.source import Source

_MOST_COLUMNS = 2000
_MOST_LINES = 20_000  # in one record; each costs memory beyond its bytes


def csv_rows(source: Source) -> Iterator[Row | BadRow]:
    records = _records(source)
    header = _header(records, source.name)
    for line, record, refusal in records:
        if refusal is not None:
            yield refusal
            continue
        try:
            yield Row(line, _values(header, record), record, flat=True)
        except RowError as error:
            yield bad_row(line, error.field, error.reason, record)


def _values(header: list[str], record: bytes) -> dict[str, object]:
    cells = _cells(record)
    if len(cells) != len(header):
        raise RowError("", f"the row has {len(cells)} cells, the header {len(header)}")
    if not record.isascii() or b"\0" in record:
        for name, cell in zip(header, cells, strict=True):
            check_text(cell, name)
    return dict(zip(header, cells, strict=True))


def _header(records: Iterator[tuple[int, bytes, BadRow | None]], name: str) -> list[str]:
    line, record, refusal = next(records, (1, b"", None))
    place = f"{name}, line {line}"
    remedy = "Give it a first line with the names of the columns, in UTF-8"
    if refusal is not None:
        raise UnreadableFileError(place, refusal.reason, remedy)
    try:
        header = [cell.strip() for cell in _cells(record)]
        for cell in header:
            check_text(cell, "header")
    except RowError as error:
        raise UnreadableFileError(place, error.reason, remedy) from error
    if len(header) > _MOST_COLUMNS:
        raise UnreadableFileError(place, f"there are {len(header)} columns", remedy)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        reason = "the columns are divided by semicolons or tabs"
        raise UnreadableFileError(place, reason, "Save it with commas between the columns")
    named = [cell or f"column_{index}" for index, cell in enumerate(header, start=1)]
    twice = sorted({cell for cell in named if named.count(cell) > 1})
    if twice:
        reason = f"the column {twice[0]!r} occurs twice"
        raise UnreadableFileError(place, reason, "Give each column its own name")
    return named


def _cells(record: bytes) -> list[str]:
    try:
        text = record.decode()
        rows = list(csv.reader([text], strict=True))
    except UnicodeDecodeError as error:
        raise RowError("", f"the row is not UTF-8 at byte {error.start + 1}") from error
    except csv.Error as error:
        raise RowError("", f"the row is not valid CSV: {error}") from error
    return rows[0] if len(rows) == 1 else []


class _Lines:
    """Numbered lines, of which some can be put back."""

    def __init__(self, source: Source) -> None:
        self._pieces = split_lines(source.chunks(), source.limits.max_line)
        self._number = 0
        self._returned: list[_Line] = []

    def take(self) -> "_Line | None":
        if self._returned:
            return self._returned.pop()
        piece = next(self._pieces, None)
        if piece is None:
            return None
        self._number += 1
        return _Line(self._number, *piece)

    def put_back(self, lines: "list[_Line]") -> None:
        self._returned.extend(reversed(lines))


class _Line(NamedTuple):
    number: int
    text: bytes
    cut: bool

    @property
    def leaves_a_quote_open(self) -> bool:
        return self.text.count(b'"') % 2 == 1


def _records(source: Source) -> Iterator[tuple[int, bytes, BadRow | None]]:
    """Yield each record with its first line, however many lines its quotes span.

    A record ends where the number of quotes is even. When a quote stays open past the longest
    row, only the line that opened it is refused and reading goes on with the next one.
    """
    max_line = source.limits.max_line
    lines = _Lines(source)
    while (line := lines.take()) is not None:
        if line.cut:
            yield line.number, b"", overlong(line.number, line.text, max_line)
            continue
        record = _joined(line, lines, max_line) if line.leaves_a_quote_open else line.text
        if record is None:
            reason = "a quote is opened and not closed"
            yield line.number, b"", bad_row(line.number, "", reason, line.text)
        elif record := record.removesuffix(b"\r"):
            yield line.number, record, None


def _joined(first: _Line, lines: _Lines, max_line: int) -> bytes | None:
    """Take lines up to the one that closes the quote; give them back if none does."""
    taken: list[_Line] = []
    size = len(first.text)
    while size <= max_line and len(taken) < _MOST_LINES and (line := lines.take()) is not None:
        taken.append(line)
        size += len(line.text) + 1
        if line.leaves_a_quote_open and not line.cut and size <= max_line:
            return b"\n".join((first.text, *(each.text for each in taken)))
    lines.put_back(taken)
    return None
