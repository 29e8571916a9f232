"""Rows of a Parquet file, through a child process that may crash without harm."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, BinaryIO

import orjson

from labelhub.domain.items import BadRow
from labelhub.layouts.errors import UnreadableFileError
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import Source
from labelhub.layouts.options import MIB, Limits

_CHILD = "labelhub.layouts.files.parquet_child"
_REMEDY = "Write or copy the file again"


def parquet_rows(source: Source) -> Iterator[Row | BadRow]:
    """Yield the rows; a row's `line` is its number in the file."""
    number = 0
    with _seekable(source.stream) as file, _child(file, source.limits) as messages:
        for message in messages:
            kind, *rest = orjson.loads(message)
            if kind == "row":
                number = rest[0]
                yield Row(number, rest[1], "")
            elif kind == "bad":
                number = rest[0]
                yield BadRow(*rest)
            elif kind == "read":
                source.consumed(rest[0])
            elif kind == "refused":
                place, reason, remedy = rest
                where = f"{source.name}, {place}" if place else source.name
                raise UnreadableFileError(where, reason, remedy)
            else:
                return
    reason = "the Parquet data is damaged: its reader broke down"
    raise UnreadableFileError(f"{source.name}, row {number + 1}", reason, _REMEDY)


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give a file that a child can inherit; a stream in memory is copied to a temporary one."""
    stream.seek(0)
    try:
        stream.fileno()
    except OSError:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy, MIB)
            copy.flush()
            copy.seek(0)
            yield copy
    else:
        yield stream


@contextmanager
def _child(file: BinaryIO, limits: Limits) -> Iterator[IO[bytes]]:
    paths = os.pathsep.join(path for path in sys.path if path)
    child = subprocess.Popen(  # noqa: S603 our own module, no shell
        [sys.executable, "-m", _CHILD, json.dumps(asdict(limits))],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The allocator of the C library keeps within the bound on memory.
        env={**os.environ, "PYTHONPATH": paths, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        bufsize=MIB,
    )
    try:
        if child.stdout is None:
            raise UnreadableFileError("", "the reader of Parquet files did not start", _REMEDY)
        yield child.stdout
    finally:
        child.kill()
        child.communicate()
