"""Checks that HTML shows every word of the text it was made from."""

import re
import string
from html import unescape
from itertools import filterfalse

_PIECE = re.compile("<(/?)([a-z0-9]+)[^>]*>|([^<]+)")
_WORD = re.compile(r"[^\W_]+")
# Markup is made of these, and an arrow stands between a link and its address.
_MARKUP = str.maketrans(dict.fromkeys((*string.punctuation, "→")))


def visible_text(html: str) -> str:
    """Return what a browser shows, with the numbers it gives to the items of ordered lists."""
    parts: list[str] = []
    numbers: list[int | None] = []  # of the open lists; None for those with bullets
    for closes, tag, text in _PIECE.findall(html):
        if text:
            parts.append(text)
            continue
        parts.append(" ")
        if tag in {"ol", "ul"}:
            if not closes:
                numbers.append(0 if tag == "ol" else None)
            elif numbers:
                numbers.pop()
        elif tag == "li" and not closes and numbers and numbers[-1] is not None:
            numbers[-1] += 1
            parts.append(f"{numbers[-1]} ")
    return unescape("".join(parts))


def shows_all(source: str, html: str) -> bool:
    """Tell whether each word of the source is visible, in order.

    Mostly source and rendering are equal once markup and white space are taken away; only where
    the rendering adds words (images) are the words compared one by one.
    """
    visible = visible_text(html)
    if _bare(source) == _bare(visible):
        return True
    following = iter(_WORD.findall(visible))
    return not any(filterfalse(lambda word: word in following, _WORD.findall(source)))


def _bare(text: str) -> str:
    return "".join(text.translate(_MARKUP).split())
