"""Rows of a file with one JSON object a line."""

from collections.abc import Iterable, Iterator

from labelhub.domain.items import BadRow
from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.row import Row, bad_row, overlong
from labelhub.layouts.files.source import Source
from labelhub.layouts.files.strict_json import StrictDecoder, fault


def split_lines(chunks: Iterable[bytes], max_line: int) -> Iterator[tuple[bytes, bool]]:
    """Yield each line without its line feed, and whether it was too long and is only begun."""
    rest, cut = b"", False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        if not cut:
            rest += first
            cut = len(rest) > max_line
            rest = rest[: max_line + 1]
        for line in others:
            yield rest, cut
            rest, cut = line, len(line) > max_line
            if cut:
                rest = rest[: max_line + 1]
    if rest or cut:
        yield rest, cut


def json_lines(source: Source) -> Iterator[Row | BadRow]:
    decoder = StrictDecoder()
    max_line = source.limits.max_line
    for number, (line, cut) in enumerate(split_lines(source.chunks(), max_line), start=1):
        if cut:
            yield overlong(number, line, max_line)
            continue
        stripped = line.strip()
        if not stripped:
            continue
        if number == 1 and stripped == b"{":
            raise UnreadableFileError(
                f"{source.name}, line 1",
                "the file is one JSON object spread over lines, not rows",
                "Save its rows as a JSON array, or one object a line",
            )
        yield _row(decoder, number, stripped)


def _row(decoder: StrictDecoder, number: int, line: bytes) -> Row | BadRow:
    try:
        text = line.decode()
        value, end = decoder.decode(text)
        if text[end:].strip():
            return bad_row(number, "", "more follows after the row's object", line)
        return Row(number, decoder.row(value, text), line)
    except UnicodeDecodeError as error:
        reason = f"the row is not UTF-8 at byte {error.start + 1}"
    except RowError as error:
        return bad_row(number, error.field, error.reason, line)
    except (ValueError, RecursionError) as error:
        reason = fault(error)
    return bad_row(number, "", reason, line)
