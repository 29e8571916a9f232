"""Looks at the page headers of a Parquet file before anything is unpacked.

A page says how large it becomes, and a dictionary page can repeat one long text for every row;
the footer's totals bound neither. The headers are Thrift's compact encoding (parquet-format,
Thrift definition of PageHeader; THRIFT compact protocol).
"""

from dataclasses import dataclass
from typing import BinaryIO

_STOP, _TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(
    13
)
_SIZE_FIELD, _PACKED_FIELD = 2, 3
_BODY_FIELDS = (5, 7, 8)  # data page, dictionary page, data page v2: each begins with num_values
_DICTIONARY_FIELD = 7
_HEADER = 4096
_LONGEST_HEADER = 1 << 20
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Page:
    """One page as its header describes it; sizes in bytes."""

    unpacked: int
    packed: int
    values: int
    is_dictionary: bool


class _Header:
    """A cursor over the bytes of a header. Running off the end raises IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.found: dict[int, int] = {}

    def page(self) -> Page:
        self._struct(0, top=True)
        body = next((field for field in _BODY_FIELDS if -field in self.found), 0)
        return Page(
            unpacked=self.found[_SIZE_FIELD],
            packed=self.found[_PACKED_FIELD],
            values=self.found.get(-body, 0),
            is_dictionary=body == _DICTIONARY_FIELD,
        )

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 the continuation bit
                return value
            shift += 7

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _struct(self, depth: int, *, top: bool = False, body: int = 0) -> None:
        """Read a struct: integers of the header itself, and the first one of a page's body."""
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        field = 0
        while (byte := self.data[self.at]) != _STOP:
            self.at += 1
            kind, delta = byte & 0x0F, byte >> 4
            field = field + delta if delta else self._zigzag()
            if kind == _I32 and (top or (body and field == 1)):
                self.found[field if top else -body] = self._zigzag()
            elif kind == _STRUCT:
                self._struct(depth + 1, body=field if top and field in _BODY_FIELDS else 0)
            elif kind not in {_TRUE, _FALSE}:
                self._skip(kind, depth)
        self.at += 1

    def _skip(self, kind: int, depth: int) -> None:
        if kind in {_I16, _I32, _I64}:
            self._varint()
        elif kind in {_TRUE, _FALSE, _BYTE}:
            self.at += 1
        elif kind == _DOUBLE:
            self.at += 8
        elif kind == _BINARY:
            length = self._varint()
            self.at += length
        elif kind == _STRUCT:
            self._struct(depth + 1)
        else:
            raise ValueError("a list, set or map, which no page header has")


def pages(stream: BinaryIO, start: int, end: int) -> "list[Page]":
    """Return the pages of one column chunk that lies between two offsets of the file.

    Raises:
        ValueError: these are no page headers (damaged, or encrypted).
    """
    found: list[Page] = []
    at = start
    while at < end:
        page, length = _page_at(stream, at)
        if page.packed < 0 or page.unpacked < 0 or page.values < 0:
            raise ValueError("a page of negative size")
        at += length + page.packed
        found.append(page)
    return found


def _page_at(stream: BinaryIO, at: int) -> tuple[Page, int]:
    size = _HEADER
    while size <= _LONGEST_HEADER:
        stream.seek(at)
        header = _Header(stream.read(size))
        try:
            return header.page(), header.at
        except IndexError:
            size *= 4
        except KeyError as error:
            raise ValueError("a page header without sizes") from error
    raise ValueError("a page header without end")
