"""The one way from a file to its rows, whatever its kind."""

from collections.abc import Generator
from typing import Final

from labelhub.domain.items import BadRow
from labelhub.layouts.files.csv_records import csv_rows
from labelhub.layouts.files.json_array import json_array
from labelhub.layouts.files.json_lines import json_lines
from labelhub.layouts.files.parquet_rows import parquet_rows
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import FileKind, Source

_READERS: Final = {
    FileKind.JSON_LINES: json_lines,
    FileKind.JSON_ARRAY: json_array,
    FileKind.CSV: csv_rows,
    FileKind.PARQUET: parquet_rows,
}


def rows_of(source: Source) -> Generator[Row | BadRow, None, None]:
    yield from _READERS[source.kind](source)
