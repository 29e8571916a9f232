"""JSON as its specification has it, and nothing that two readers could read differently."""

import json
import math

from labelhub.layouts.errors import RowError
from labelhub.layouts.files.hygiene import DEEPEST, LARGEST_INTEGER, check_value

_DIGITS = 20  # enough for 64 bits; longer literals are not worth converting
_UNNAMED = object()


class StrictDecoder:
    """Decodes one value and remembers what was wrong in it instead of stopping.

    So a row of an array with, say, a duplicate key is one bad row, not the end of the file. The
    standard library's scanner calls the hooks from C; orjson, faster still, keeps the last of
    two equal keys and turns large integers into floats without a word.
    """

    def __init__(self) -> None:
        self._troubles: list[tuple[str, str]] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._real,
            parse_constant=self._constant,
        )

    def decode(self, text: str, start: int = 0) -> tuple[object, int]:
        """Return the value that begins at `start` and where it ends.

        Raises:
            ValueError: the text is no JSON, or ends before the value does.
            RecursionError: it is nested deeper than the interpreter can follow.
        """
        self._troubles.clear()
        return self._decoder.raw_decode(text, start)

    def row(
        self, value: object, text: str, start: int = 0, end: int | None = None
    ) -> dict[str, object]:
        """Return the value just decoded as a row, or refuse it."""
        for field, reason in self._troubles:
            raise RowError(field, reason)
        if not isinstance(value, dict):
            raise RowError("", f"the row is {_kind(value)}, not an object with named fields")
        brackets = text.count("{", start, end) + text.count("[", start, end)
        escaped = text.find("\\u", start, end if end is not None else len(text)) >= 0
        if escaped or brackets > DEEPEST or not text.isascii():
            check_value(value, "")
        return value

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) != len(pairs):
            self._troubles.append((_first_twice(pairs), "the key occurs twice in one object"))
        if self._troubles and not self._troubles[-1][0]:
            reason = self._troubles[-1][1]
            for key, part in pairs:
                if part is _UNNAMED:
                    self._troubles[-1] = (key, reason)
        return value

    def _integer(self, literal: str) -> object:
        if len(literal) <= _DIGITS and abs(number := int(literal)) <= LARGEST_INTEGER:
            return number
        return self._refused("holds an integer of 64 bits or more")

    def _real(self, literal: str) -> object:
        number = float(literal)
        return number if math.isfinite(number) else self._refused("holds a number out of range")

    def _constant(self, literal: str) -> object:
        return self._refused(f"is {literal}, which is no JSON")

    def _refused(self, reason: str) -> object:
        self._troubles.append(("", reason))
        return _UNNAMED


def json_cell(cell: str, field: str) -> object:
    """Return the value that the cell of a CSV holds as JSON."""
    decoder = StrictDecoder()
    try:
        value, end = decoder.decode(cell)
        decoder.row({}, cell)
        check_value(value, field)
    except (ValueError, RecursionError) as error:
        raise RowError(field, fault(error).replace("the row", "the cell")) from error
    if cell[end:].strip():
        raise RowError(field, "has more after its list")
    return value


def _first_twice(pairs: list[tuple[str, object]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return ""


def _kind(value: object) -> str:
    if value is None:
        return "null"
    names = {list: "a list", str: "a text", bool: "true or false", int: "a number"}
    return names.get(type(value), "a number")


def fault(error: Exception) -> str:
    """Say what is wrong with a text that is no JSON, without repeating it."""
    if isinstance(error, RecursionError):
        return f"the row is nested more than {DEEPEST} levels deep"
    if isinstance(error, json.JSONDecodeError):
        return f"the row is not valid JSON: {error.msg.lower()} at character {error.pos + 1}"
    return "the row is not valid JSON"
