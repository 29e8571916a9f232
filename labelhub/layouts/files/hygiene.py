"""Text that no database, file or screen can carry: NUL, lone surrogates, non-characters."""

import math
import re

from labelhub.layouts.errors import RowError

# U+FDD0–U+FDEF and the last two code points of each plane are never characters (Unicode, 23.7).
_ENDS = "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_REFUSED = re.compile(f"[\0\ud800-\udfff\ufdd0-\ufdef{_ENDS}]")
# The same in UTF-8, to be found by a fast search; a hit is only a suspicion.
_SUSPECT = (b"\0", b"\xef\xb7", b"\xbf\xbe", b"\xbf\xbf")
LARGEST_INTEGER = 2**63 - 1  # what SQLite and PostgreSQL can hold
DEEPEST = 32
_LAST_SURROGATE = 0xDFFF


def clean(text: str) -> bool:
    """Tell whether a text holds only characters."""
    if text.isascii():
        return "\0" not in text
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return False
    return not (any(s in encoded for s in _SUSPECT) and _REFUSED.search(text))


def check_text(text: str, field: str) -> None:
    if not clean(text):
        found = _REFUSED.search(text)
        code = ord(found.group()) if found else 0
        raise RowError(field, f"holds U+{code:04X}, which is {_described(code)}")


def check_value(value: object, field: str, depth: int = 0) -> None:
    """Refuse a value, or a part of it, that is no text, number, list or object we can keep."""
    if isinstance(value, str):
        check_text(value, field)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise RowError(field, "holds an integer of 64 bits or more")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise RowError(field, f"is {value}, which is no number")
    else:
        _check_parts(value, field, depth)


def _check_parts(value: object, field: str, depth: int) -> None:
    if depth >= DEEPEST:
        raise RowError(field, f"is nested more than {DEEPEST} levels deep")
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise RowError(field, "has a key that is no text")
            check_text(key, field or "key")
            check_value(part, f"{field}.{key}" if field else key, depth + 1)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            check_value(part, f"{field}[{index}]", depth + 1)
    else:
        raise RowError(field, f"holds a value of type {type(value).__name__}, which is not read")


def _described(code: int) -> str:
    if code == 0:
        return "the NUL character"
    return "half a character (a lone surrogate)" if code <= _LAST_SURROGATE else "not a character"
