"""A right-to-left pseudo-locale: every word in Arabic letters, every placeholder kept."""

import re

_LETTERS = str.maketrans(
    dict(zip("abcdefghijklmnopqrstuvwxyz", "ابثدهفجحيژكلمنوپقرستعڤوخيز", strict=True))
)
_KEPT = re.compile(r"(%\(\w+\)\w)")


def pseudo(text: str) -> str:
    """Return *text* as a reader of a right-to-left language would meet it."""
    parts = _KEPT.split(text)
    return "".join(
        part if _KEPT.fullmatch(part) else part.lower().translate(_LETTERS) for part in parts
    )


def pseudo_plural(one: str, many: str, number: int) -> str:
    return pseudo(one if number == 1 else many)
