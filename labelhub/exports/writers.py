"""Row writers: JSON lines and Parquet, one file each, constant memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from labelhub.domain.release.rated import AnyTurn
from labelhub.domain.release.spec import FileType
from labelhub.exports.columns import Column, Kind, Table, arrow_schema, arrow_type
from labelhub.exports.files import HashedFile

Row = tuple[Any, ...]

_dumps, _LINE = orjson.dumps, orjson.OPT_APPEND_NEWLINE

# Row groups of 1,000 to 10,000 rows let viewers read parts (export-formats.md, section 2). Where
# texts are long a group ends earlier, so that memory stays bounded.
GROUP_ROWS = 10_000
GROUP_CHARACTERS = 4_000_000


class RowFile(Protocol):
    def write(self, row: Row) -> None: ...
    def finish(self) -> tuple[int, str]: ...
    def abandon(self) -> None: ...


class JsonlFile:
    """One object a line, the same keys in the same order on every line."""

    def __init__(self, path: Path, table: Table) -> None:
        self._file = HashedFile(path)
        self._names = table.names
        self._messages = [c.name for c in table.columns if c.kind is Kind.MESSAGES]
        self._put = self._file.stream.write

    def write(self, row: Row) -> None:
        line = dict(zip(self._names, row, strict=True))
        # orjson can write a dataclass itself, but one with slots takes it twice as long as this.
        for name in self._messages:
            line[name] = [{"role": t.role._value_, "content": t.content} for t in line[name]]
        self._put(_dumps(line, option=_LINE))

    def finish(self) -> tuple[int, str]:
        return self._file.finish()

    def abandon(self) -> None:
        self._file.abandon()


class ParquetFile:
    """Arrow columns of at most `GROUP_ROWS` rows, under an explicit schema."""

    def __init__(self, path: Path, table: Table) -> None:
        self._columns = table.columns
        self._schema = arrow_schema(table)
        self._file = HashedFile(path)
        repeating = [c.name for c in table.columns if c.kind in {Kind.STRING, Kind.SMALL}]
        self._writer = pq.ParquetWriter(
            self._file.stream,
            self._schema,
            compression="zstd",
            use_dictionary=repeating,
            write_page_index=True,
        )
        kinds = [column.kind for column in table.columns]
        self._texts = [place for place, kind in enumerate(kinds) if kind is Kind.LONG_TEXT]
        self._messages = [place for place, kind in enumerate(kinds) if kind is Kind.MESSAGES]
        self._rows: list[Row] = []
        self._characters = 0

    def write(self, row: Row) -> None:
        self._rows.append(row)
        for place in self._texts:
            self._characters += len(row[place])
        for place in self._messages:
            self._characters += sum([len(turn.content) for turn in row[place]])
        if len(self._rows) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._write_group()

    def _write_group(self) -> None:
        values = zip(*self._rows, strict=True)
        arrays = [_array(c, v) for c, v in zip(self._columns, values, strict=True)]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._rows, self._characters = [], 0

    def finish(self) -> tuple[int, str]:
        if self._rows:
            self._write_group()
        self._writer.close()
        return self._file.finish()

    def abandon(self) -> None:
        self._rows = []
        self._file.abandon()


def _array(column: Column, values: Sequence[Any]) -> pa.Array:
    if column.kind is Kind.MESSAGES:
        return _messages(values)
    return pa.array(values, arrow_type(column.kind))


def _messages(values: Sequence[Sequence[AnyTurn]]) -> pa.Array:
    """Build the list column from its parts; letting Arrow read dictionaries takes far longer."""
    turns = [turn for message in values for turn in message]
    offsets, end = [0], 0
    for message in values:
        end += len(message)
        offsets.append(end)
    roles = pa.array([turn.role._value_ for turn in turns], pa.string())
    contents = pa.array([turn.content for turn in turns], pa.string())
    structs = pa.StructArray.from_arrays([roles, contents], fields=list(_TURN_FIELDS))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


_TURN_FIELDS = (pa.field("role", pa.string()), pa.field("content", pa.string()))


def open_rows(file_type: FileType, path: Path, table: Table) -> RowFile:
    """Open a file of this type for the rows of a table."""
    return JsonlFile(path, table) if file_type is FileType.JSONL else ParquetFile(path, table)
