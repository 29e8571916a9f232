"""Opens a file as a bounded stream of bytes and finds out what kind of file it is."""

import codecs
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from labelhub.layouts.errors import UnreadableFileError
from labelhub.layouts.files.gzip_stream import CHUNK, gunzip, too_large
from labelhub.layouts.options import Limits

_HEAD = 64 * 1024
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
# Containers that people upload by mistake; their first bytes, and what to call them.
_CONTAINERS = (
    (b"PK\x03\x04", "a zip archive (or an Office file)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%PDF", "a PDF document"),
    (b"\x89HDF", "an HDF5 file"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileKind(StrEnum):
    JSON_LINES = "JSON lines"
    JSON_ARRAY = "a JSON array"
    CSV = "CSV"
    PARQUET = "Parquet"


class Source:
    """An opened file: its kind, its first bytes, and the rest as unpacked chunks."""

    def __init__(
        self,
        stream: BinaryIO,
        name: str,
        limits: Limits,
        on_bytes: Callable[[int], None] | None = None,
    ) -> None:
        self.stream = stream
        self.name = name
        self.limits = limits
        self._on_bytes = on_bytes
        self._consumed = 0
        self._chunks = self._unpacked()
        self.head = next(self._chunks, b"")
        if not self.head.strip(b" \t\r\n" + codecs.BOM_UTF8):
            blank = len(self.head) >= _HEAD
            reason = f"begins with {len(self.head)} blank bytes or more" if blank else "is empty"
            raise UnreadableFileError(name, f"the file {reason}", "Choose a file with rows")
        self.kind = _kind(self.head, name)

    def chunks(self) -> Iterator[bytes]:
        """Yield the unpacked bytes from the beginning, without a byte order mark. Only once."""
        yield self.head.removeprefix(codecs.BOM_UTF8)
        yield from self._chunks

    def consumed(self, count: int) -> None:
        """Tell the progress bar that `count` bytes of the file on disk were read in all."""
        self._consumed = count
        if self._on_bytes is not None:
            self._on_bytes(count)

    def _packed(self) -> Iterator[bytes]:
        """Read the file on disk; its head is filled up, so that its kind can be seen in it."""
        head = b""
        while len(head) < _HEAD and (part := self._read(_HEAD - len(head))):
            head += part
        if head.startswith(_PARQUET):
            yield head
            return
        self.consumed(len(head))
        yield head
        while chunk := self._read(CHUNK):
            self.consumed(self._consumed + len(chunk))
            if self._consumed > self.limits.max_file:
                raise too_large(self.name, self.limits.max_file)
            yield chunk

    def _read(self, size: int) -> bytes:
        try:
            return self.stream.read(size)
        except OSError as error:
            reason = f"the file could not be read ({error.strerror or error})"
            raise UnreadableFileError(self.name, reason, "Try again") from error

    def _unpacked(self) -> Iterator[bytes]:
        packed = self._packed()
        head = next(packed, b"")
        if not head.startswith(_GZIP):
            yield head
            yield from packed
            return
        yield from gunzip(chain([head], packed), self.name, self.limits)


def _kind(head: bytes, name: str) -> FileKind:
    """Judge by content; the file's name decides only between CSV and JSON lines."""
    if head.startswith(_PARQUET):
        return FileKind.PARQUET
    for magic, what in (*_CONTAINERS, (_GZIP, "compressed twice")):
        if head.startswith(magic):
            raise UnreadableFileError(
                name, f"the file is {what}", "Unpack it, or export it as JSON lines, CSV or Parquet"
            )
    if head.startswith(_UTF16):
        raise UnreadableFileError(
            name, "the text is in UTF-16", "Save it again as UTF-8 (in Excel: CSV UTF-8)"
        )
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")[:1]
    suffixes = Path(name.lower()).suffixes
    if start == b"[":
        return FileKind.JSON_ARRAY
    if start == b"{" or {".jsonl", ".ndjson", ".json"} & set(suffixes):
        return FileKind.JSON_LINES
    return FileKind.CSV


def open_source(
    file: Path | BinaryIO,
    name: str,
    limits: Limits,
    on_bytes: Callable[[int], None] | None = None,
) -> Source:
    """Open a path, or a binary stream that somebody else will close."""
    if not isinstance(file, Path):
        return Source(file, name, limits, on_bytes)
    try:
        stream = file.open("rb")
    except (OSError, ValueError) as error:
        reason = f"the file cannot be opened ({getattr(error, 'strerror', None) or error})"
        raise UnreadableFileError(name, reason, "Check the path and its permissions") from error
    try:
        return Source(stream, name, limits, on_bytes)
    except BaseException:
        with suppress(OSError):
            stream.close()
        raise
