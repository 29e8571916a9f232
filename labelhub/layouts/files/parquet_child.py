"""Reads a Parquet file in a process of its own, in small batches, and writes its rows as JSON.

Run as a module by `parquet_rows`, never imported by it: Arrow aborts the process on some damaged
files, and what cannot harm a child need not be trusted.
"""

import json
import math
import signal
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.hygiene import check_value
from labelhub.layouts.files.parquet_pages import pages
from labelhub.layouts.files.row import as_json, printable
from labelhub.layouts.options import GIB, MIB, Limits

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]  # None stands for its absence

_BATCH = 512
_MEMORY = 2 * GIB
_SECONDS = 60  # for one batch
_BATCH_BYTES = 32 * MIB
_LARGEST_GROUP = 4 * GIB
_LARGEST_PAGE = 64 * MIB
REMEDY = "Write it again with smaller row groups, or as JSON lines"
_FAILURES = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, NotImplementedError)


def main() -> int:
    """Read the Parquet file on standard input; limits come as the only argument."""
    limits = Limits(**json.loads(sys.argv[1]))
    _bound_memory()
    with open(0, "rb", closefd=False) as stream, open(1, "wb", closefd=False) as out:
        out.writelines(
            orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE)
            for message in _to_the_end(stream, limits)
        )
    return 0


def _to_the_end(stream: BinaryIO, limits: Limits) -> Iterator[list[object]]:
    try:
        yield from _messages(stream, limits)
        yield ["end"]
    except UnreadableFileError as error:
        yield ["refused", error.place, error.reason, error.remedy]


def _bound_memory() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _messages(stream: BinaryIO, limits: Limits) -> Iterator[list[object]]:
    signal.alarm(_SECONDS)
    number = 0
    total = stream.seek(0, 2)
    try:
        file = _opened(stream)
        for batch in _batches(file, stream, limits):
            for values in _rows(batch):
                number += 1
                yield _row(number, values, limits)
            yield ["read", total * number // max(file.metadata.num_rows, number)]
            signal.alarm(_SECONDS)
    except _FAILURES as error:
        reason = f"the Parquet data is damaged ({_short(error)})"
        raise UnreadableFileError(f"row {number + 1}", reason, REMEDY) from error


def _opened(stream: BinaryIO) -> pq.ParquetFile:
    try:
        stream.seek(0)
        file = pq.ParquetFile(
            stream,
            buffer_size=MIB,  # read by pages; otherwise a whole column of a group is held
            pre_buffer=False,
            thrift_string_size_limit=16 * MIB,
            thrift_container_size_limit=1_000_000,
        )
        names = file.schema_arrow.names
    except _FAILURES as error:
        reason = f"the Parquet file cannot be opened ({_short(error)})"
        raise UnreadableFileError("", reason, "Write or copy it again") from error
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        reason = f"the column {twice[0]!r} occurs twice"
        raise UnreadableFileError("", reason, "Give each column its own name")
    return file


def _batches(file: pq.ParquetFile, stream: BinaryIO, limits: Limits) -> Iterator[pa.RecordBatch]:
    for index in range(file.metadata.num_row_groups):
        rows = _batch_size(file.metadata.row_group(index), index, stream, limits)
        yield from file.iter_batches(batch_size=rows, row_groups=[index], use_threads=False)


def _batch_size(group: pq.RowGroupMetaData, index: int, stream: BinaryIO, limits: Limits) -> int:
    """Return how many rows of a group may be unpacked at once, or refuse the group.

    The widest row is estimated from above: for each column the longest text of its dictionary,
    or the fullest page's bytes per value times the values per row.
    """
    place = f"row group {index + 1}"
    unpacked = packed = widest = 0
    for number in range(group.num_columns):
        column = group.column(number)
        start = column.data_page_offset
        if column.dictionary_page_offset:
            start = min(start, column.dictionary_page_offset)
        for page in pages(stream, start, start + column.total_compressed_size):
            if page.unpacked > _LARGEST_PAGE:
                reason = f"a page unpacks to {page.unpacked} bytes"
                raise UnreadableFileError(place, reason, REMEDY)
            unpacked, packed = unpacked + page.unpacked, packed + page.packed
            per_value = page.unpacked // (1 if page.is_dictionary else max(1, page.values))
            widest = max(widest, per_value * max(1, column.num_values // max(1, group.num_rows)))
    bomb = unpacked > limits.ratio_from and unpacked > packed * limits.max_ratio
    if bomb or unpacked > min(_LARGEST_GROUP, limits.max_file):
        raise UnreadableFileError(place, f"it unpacks to {unpacked} bytes", REMEDY)
    return max(1, min(_BATCH, _BATCH_BYTES // max(1, widest)))


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, object] | UnicodeDecodeError]:
    """Turn a batch into rows; one whose text is not UTF-8 does not spoil its neighbours."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for index in range(batch.num_rows):
            try:
                yield batch.slice(index, 1).to_pylist()[0]
            except UnicodeDecodeError as error:
                yield error


def _row(
    number: int, values: dict[str, object] | UnicodeDecodeError, limits: Limits
) -> list[object]:
    if isinstance(values, UnicodeDecodeError):
        return ["bad", number, "", f"a text is not UTF-8 at byte {values.start + 1}", ""]
    if _weight(values) > limits.max_line:
        return ["bad", number, "", f"the row is longer than {limits.max_line} bytes", ""]
    try:
        plain = {name: _plain(value) for name, value in values.items() if not _missing(value)}
        check_value(plain, "")
    except RowError as error:
        return ["bad", number, error.field, error.reason, printable(as_json(values))]
    return ["row", number, plain]


def _missing(value: object) -> bool:
    """Nulls, and the NaN that pandas writes for them, are cells without a value."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _weight(value: object) -> int:
    """Return the characters of all texts of a row."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    return sum(map(_weight, value)) if isinstance(value, list) else 0


def _plain(value: object) -> object:
    """Return a value as JSON knows it; what JSON cannot say is left for `check_value` to refuse."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value


def _short(error: Exception) -> str:
    return printable(str(error).split("\n", 1)[0][:200])


if __name__ == "__main__":
    sys.exit(main())
