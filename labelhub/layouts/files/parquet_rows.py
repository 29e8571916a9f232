"""Rows of a Parquet file, read in small batches."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from labelhub.domain.items import BadRow
from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.hygiene import check_value
from labelhub.layouts.files.parquet_pages import pages
from labelhub.layouts.files.row import Row, as_json, bad_row, printable
from labelhub.layouts.files.source import Source
from labelhub.layouts.options import GIB, MIB, Limits

_BATCH = 512
_BATCH_BYTES = 32 * MIB
_LARGEST_GROUP = 4 * GIB
_LARGEST_PAGE = 64 * MIB
_REMEDY = "Write it again with smaller row groups, or as JSON lines"
_FAILURES = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, NotImplementedError)


def parquet_rows(source: Source) -> Iterator[Row | BadRow]:
    """Yield the rows; a row's `line` is its number in the file."""
    file = _opened(source)
    total = _size(source)
    number = 0
    try:
        for batch in _batches(file, source):
            for values in _rows(batch):
                number += 1
                yield _row(number, values, source.limits)
            source.consumed(total * number // max(file.metadata.num_rows, number))
    except _FAILURES as error:
        place = f"{source.name}, row {number + 1}"
        raise UnreadableFileError(
            place, f"the Parquet data is damaged ({_short(error)})", _REMEDY
        ) from error


def _opened(source: Source) -> pq.ParquetFile:
    try:
        source.stream.seek(0)
        file = pq.ParquetFile(
            source.stream,
            buffer_size=MIB,  # read by pages; otherwise a whole column of a group is held
            pre_buffer=False,
            thrift_string_size_limit=16 * MIB,
            thrift_container_size_limit=1_000_000,
        )
        names = file.schema_arrow.names
    except _FAILURES as error:
        reason = f"the Parquet file cannot be opened ({_short(error)})"
        raise UnreadableFileError(source.name, reason, "Write or copy it again") from error
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        reason = f"the column {twice[0]!r} occurs twice"
        raise UnreadableFileError(source.name, reason, "Give each column its own name")
    return file


def _batches(file: pq.ParquetFile, source: Source) -> Iterator[pa.RecordBatch]:
    for index in range(file.metadata.num_row_groups):
        rows = _batch_size(file.metadata.row_group(index), index, source)
        yield from file.iter_batches(batch_size=rows, row_groups=[index], use_threads=False)


def _batch_size(group: pq.RowGroupMetaData, index: int, source: Source) -> int:
    """Return how many rows of a group may be unpacked at once, or refuse the group.

    The widest row is estimated from above: for each column the longest text of its dictionary,
    or the fullest page's bytes per value times the values per row.
    """
    place = f"{source.name}, row group {index + 1}"
    unpacked = packed = widest = 0
    for number in range(group.num_columns):
        column = group.column(number)
        start = column.data_page_offset
        if column.dictionary_page_offset:
            start = min(start, column.dictionary_page_offset)
        for page in pages(source.stream, start, start + column.total_compressed_size):
            if page.unpacked > _LARGEST_PAGE:
                reason = f"a page unpacks to {page.unpacked} bytes"
                raise UnreadableFileError(place, reason, _REMEDY)
            unpacked, packed = unpacked + page.unpacked, packed + page.packed
            per_value = page.unpacked // (1 if page.is_dictionary else max(1, page.values))
            widest = max(widest, per_value * max(1, column.num_values // max(1, group.num_rows)))
    limits = source.limits
    bomb = unpacked > limits.ratio_from and unpacked > packed * limits.max_ratio
    if bomb or unpacked > min(_LARGEST_GROUP, limits.max_file):
        raise UnreadableFileError(place, f"it unpacks to {unpacked} bytes", _REMEDY)
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
) -> Row | BadRow:
    if isinstance(values, UnicodeDecodeError):
        return bad_row(number, "", f"a text is not UTF-8 at byte {values.start + 1}", "")
    if _weight(values) > limits.max_line:
        return bad_row(number, "", f"the row is longer than {limits.max_line} bytes", "")
    try:
        plain = {name: _plain(value) for name, value in values.items() if not _missing(value)}
        check_value(plain, "")
    except RowError as error:
        return bad_row(number, error.field, error.reason, as_json(values))
    return Row(number, plain, "")


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


def _size(source: Source) -> int:
    source.stream.seek(0, 2)
    return source.stream.tell()


def _short(error: Exception) -> str:
    return printable(str(error).split("\n", 1)[0][:200])
