"""Checking the rows of a release: what a trainer would stumble over, and what would leak."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.spec import Format
from labelhub.exports.reserved import misused

RawRow = dict[str, Any]
_ENDS = {"user", "tool"}
_DAY_MS = 86_400_000
_SHOWN = 20  # problems of one table; a broken file should not fill the screen


def check_table(
    folder: Path, table: str, release_format: Format, files: Iterable[FileEntry]
) -> list[str]:
    """Return what is wrong with the rows of one table."""
    checks = _Checks(release_format if table == "data" else None)
    for entry in files:
        path, split = folder / entry.path, Path(entry.path).name.partition("-")[0]
        rows = 0
        try:
            for rows, row in enumerate(_rows(path), start=1):
                checks.row(f"{entry.path}, row {rows}", split, row)
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            broken = f"row {rows} cannot be read ({type(error).__name__})"
            checks.problems.append(f"{entry.path}: {broken}")
            continue
        if rows != entry.rows:
            checks.problems.append(f"{entry.path}: {rows} rows, {entry.rows} in the manifest")
    more = len(checks.problems) - _SHOWN
    tail = [f"{table}: {more} more problems"] if more > 0 else []
    return checks.problems[:_SHOWN] + tail


def _rows(path: Path) -> Iterator[RawRow]:
    if path.suffix == ".parquet":
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(1000):
                yield from batch.to_pylist()
        return
    with path.open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            if not isinstance(row, dict):
                raise TypeError("a line is not an object")
            yield row


class _Checks:
    """Looks at rows one after another; keeps 8 bytes of each, no text."""

    def __init__(self, release_format: Format | None) -> None:
        self._format = release_format  # None for raw tables, which no trainer reads
        self._shape: tuple[tuple[str, type], ...] | None = None
        self._split_of: dict[int, str] = {}
        self._seen: dict[int, bool] = {}
        self.problems: list[str] = []

    def row(self, where: str, split: str, row: RawRow) -> None:
        for problem in self._of(split, row):
            self.problems.append(f"{where}: {problem}")

    def _of(self, split: str, row: RawRow) -> Iterator[str]:
        yield from self._same_shape(row)
        yield from _nulls(row)
        prompt = row.get("prompt") or row.get("prompt_id")
        if self._format is Format.HH_RLHF:
            prompt = _shared(str(row.get("chosen", "")), str(row.get("rejected", "")))
        if prompt and self._split_of.setdefault(_number(prompt), split) != split:
            yield "its prompt is in another split too"
        if self._format is not None:
            yield from _texts(row)
            yield from self._repeated(row)
        yield from _times(row)

    def _same_shape(self, row: RawRow) -> Iterator[str]:
        shape = tuple((name, type(value)) for name, value in row.items())
        if self._shape == shape:
            return
        if self._shape is None:
            self._shape = shape
        else:
            yield "other columns or types than in the first row"
        if self._format is not None:
            for name in sorted(misused(frozenset(row), self._format)):
                yield f"column {name} is read by trainers as something else"

    def _repeated(self, row: RawRow) -> Iterator[str]:
        """Find equal rows and contradictory ones: the same two texts, the other way about."""
        if "rejected" in row:
            one, other = orjson.dumps(row["chosen"]), orjson.dumps(row["rejected"])
            texts, way = sorted([one.decode(), other.decode()]), one < other
        else:
            texts, way = [orjson.dumps(row["completion"]).decode()], bool(row["label"])
        key = _number([row.get("prompt"), *texts])
        if key not in self._seen:
            self._seen[key] = way
        else:
            yield "repeats another row" if self._seen[key] is way else "contradicts another row"


def _number(value: object) -> int:
    hashed = blake2b(orjson.dumps(value), digest_size=8).digest()
    return int.from_bytes(hashed, "big")


def _shared(one: str, other: str) -> str:
    """Return the dialogue before the last assistant turn, where both begin alike."""
    before = one.rpartition("\n\nAssistant:")[0]
    return before if other.startswith(before) else ""


def _nulls(value: object, path: str = "") -> Iterator[str]:
    if value is None:
        yield f"{path.lstrip('.')} is null"
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _nulls(part, f"{path}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from _nulls(part, path)


def _texts(row: RawRow) -> Iterator[str]:
    prompt = row.get("prompt")
    if isinstance(prompt, list):
        yield from _prompt(prompt)
    for name in ("chosen", "rejected", "completion"):
        if name in row:
            yield from _completion(name, row[name])
    if "chosen" in row and _said(row["chosen"]) == _said(row.get("rejected")):
        yield "chosen and rejected are the same"
    if "label" in row and not isinstance(row["label"], bool):
        yield "the label is not a boolean"


def _prompt(turns: list[Any]) -> Iterator[str]:
    roles = [turn["role"] for turn in turns]
    if not roles or roles[-1] not in _ENDS:
        yield "the prompt does not end with the user"
    spoken = ["user" if role in _ENDS else role for role in roles[roles[:1] == ["system"] :]]
    if any(before == after for before, after in pairwise(spoken)):
        yield "roles do not alternate"
    if "system" in spoken:
        yield "a system turn is not the first"
    if not all(turn["content"] for turn in turns):
        yield "a turn of the prompt is empty"


def _completion(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, list) and not (
        value and value[0]["role"] == value[-1]["role"] == "assistant"
    ):
        yield f"{name} does not begin and end with the assistant"
    if not "".join(_said(value)).strip():
        yield f"{name} is empty"


def _said(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(turn["content"]).strip() for turn in value]
    return [str(value).strip()]


def _times(row: RawRow) -> Iterator[str]:
    """A time of day would tell when somebody worked, and link releases (R7)."""
    moment, milliseconds = row.get("created_at"), row.get("created_ms", 0)
    if isinstance(moment, datetime):
        milliseconds = round(moment.timestamp() * 1000)
    if milliseconds % _DAY_MS:
        yield "its time tells more than the day"
