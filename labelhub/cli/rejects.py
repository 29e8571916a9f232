"""The file of refused rows: each as it stood in the researcher's file, by its line."""

import heapq
import json
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from labelhub.domain.items import BadRow
from labelhub.layouts import ReadOptions, UnreadableFileError
from labelhub.layouts.files.opening import rows_of
from labelhub.layouts.files.row import Row, as_json
from labelhub.layouts.files.source import open_source


class Rejects:
    """Refused rows as they are told of: some by reading, then some by checking.

    They wait in a file of their own, in as many ascending runs as it takes, so that a million of
    them need no memory. What checking refuses was drafted meanwhile, and a draft is not the row
    any more: the rows themselves are read from the file again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting = path.with_name(f"{path.name}.part")
        self._file = self._waiting.open("wb")
        self._runs: list[int] = []
        self._last = 0

    def add(self, row: BadRow) -> None:
        if not self._runs or row.line < self._last:
            self._runs.append(self._file.tell())
        self._last = row.line
        told = {"line": row.line, "field": row.field, "reason": row.reason, "row": row.raw}
        self._file.write(json.dumps(told).encode() + b"\n")

    def finish(self, original: Path) -> None:
        """Write the file; without a refused row there is none."""
        self._file.close()
        if not self._runs:
            self._path.unlink(missing_ok=True)
            return
        with self._path.open("w", encoding="utf-8") as file:
            for told in _as_they_stood(self._sorted(), original):
                file.write(json.dumps(told) + "\n")

    def close(self) -> None:
        self._file.close()
        self._waiting.unlink(missing_ok=True)

    def _sorted(self) -> Iterator[dict[str, Any]]:
        """Merge the runs; an import that was interrupted tells the same row again."""
        ends = [*self._runs[1:], self._waiting.stat().st_size]
        runs = [self._run(start, end) for start, end in zip(self._runs, ends, strict=True)]
        before = None
        for told in heapq.merge(*runs, key=lambda told: told["line"]):
            if told != before:
                yield told
            before = told

    def _run(self, start: int, end: int) -> Iterator[dict[str, Any]]:
        with self._waiting.open("rb") as file:
            file.seek(start)
            while file.tell() < end:
                yield json.loads(file.readline())


def _as_they_stood(refused: Iterator[dict[str, Any]], original: Path) -> Iterator[dict[str, Any]]:
    """Yield each refused row with the text that the file has at its line."""
    rows = _rows(original)
    row = next(rows, None)
    for told in refused:
        while row is not None and row.line < told["line"]:
            row = next(rows, None)
        if isinstance(row, Row) and row.line == told["line"]:
            told["row"] = _text(row)
        yield told
    rows.close()


def _rows(original: Path) -> Generator[Row | BadRow, None, None]:
    """Yield the file's rows as far as it can be read; the rest was told of by its draft."""
    with suppress(OSError, UnreadableFileError), original.open("rb") as stream:
        source = open_source(stream, original.name, ReadOptions().limits)
        with closing(rows_of(source)) as rows:
            yield from rows


def _text(row: Row) -> str:
    raw = row.raw or as_json(row.values)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
