"""Rows of a JSON array, one element after the other, without holding the array."""

import codecs
from collections.abc import Iterator

from labelhub.domain.items import BadRow
from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.row import Row, bad_row
from labelhub.layouts.files.source import Source
from labelhub.layouts.files.strict_json import StrictDecoder, fault

_SPACE = " \t\r\n"
_REMEDY = "Mend the file, or save it with one object a line so that the other rows can be read"


class _Window:
    """The part of the text that is being looked at. It grows at the end, shrinks at the start."""

    def __init__(self, source: Source) -> None:
        self._chunks = source.chunks()
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._name = source.name
        self._lines_before = 1
        self.text = ""
        self.at = 0
        self.ended = False

    def grow(self) -> None:
        """Drop what was read and take in the next chunk."""
        self._lines_before += self.text.count("\n", 0, self.at)
        chunk = next(self._chunks, None)
        self.ended = chunk is None
        try:
            more = self._utf8.decode(chunk or b"", final=self.ended)
        except UnicodeDecodeError as error:
            raise self.broken("the text is not UTF-8") from error
        self.text = self.text[self.at :] + more
        self.at = 0

    def peek(self) -> str:
        """Return the next character that is no white space, or "" at the end."""
        while True:
            text, at = self.text, self.at
            while at < len(text) and text[at] in _SPACE:
                at += 1
            self.at = at
            if at < len(text):
                return text[at]
            if self.ended:
                return ""
            self.grow()

    def broken(self, reason: str) -> UnreadableFileError:
        line = self._lines_before + self.text.count("\n", 0, self.at)
        return UnreadableFileError(f"{self._name}, line {line}", reason, _REMEDY)


def json_array(source: Source) -> Iterator[Row | BadRow]:
    """Yield the elements; a row's `line` is its number in the array."""
    window = _Window(source)
    window.peek()
    window.at += 1  # the bracket by which the array was recognised
    decoder = StrictDecoder()
    number = 0
    following = window.peek()
    while following != "]":
        number += 1
        yield _element(window, decoder, number, source.limits.max_line)
        following = window.peek()
        if following == ",":
            window.at += 1
            following = window.peek()
            if following == "]":
                raise window.broken(f"a comma follows row {number}, but no row")
        elif following != "]":
            raise window.broken(f"after row {number} there is neither a comma nor the end")
    window.at += 1
    if window.peek():
        raise window.broken("more follows after the end of the array")


def _element(window: _Window, decoder: StrictDecoder, number: int, max_line: int) -> Row | BadRow:
    while True:
        try:
            value, end = decoder.decode(window.text, window.at)
            if end < len(window.text) or window.ended:
                break
        except RecursionError as error:
            raise window.broken(f"row {number}: {fault(error)}") from error
        except ValueError as error:
            if window.ended:
                raise window.broken(f"row {number} is not valid JSON, or the file ends") from error
        if len(window.text) - window.at > max_line:
            raise window.broken(f"row {number} is not valid JSON, or longer than {max_line} bytes")
        window.grow()
    start, window.at = window.at, end
    raw = window.text[start:end]
    if len(raw) > max_line:
        return bad_row(number, "", f"the row is longer than {max_line} bytes", raw[:1000])
    try:
        return Row(number, decoder.row(value, raw), raw)
    except RowError as error:
        return bad_row(number, error.field, error.reason, raw)
