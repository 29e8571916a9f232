"""Plain text as HTML: every line break and space is kept by elements and characters, not style."""

import re
from html import escape

_TAB = 4
_SPACES = re.compile("^ +| {2,}", re.MULTILINE)
_BREAK = "<br>\n"


def plain_html(text: str) -> str:
    """Return one paragraph with the text's lines. Runs of spaces stay as wide as they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " " * _TAB)
    kept = _SPACES.sub(_unbroken, lines)
    return f"<p>{escape(kept, quote=False).replace(chr(10), _BREAK)}</p>"


def _unbroken(spaces: re.Match[str]) -> str:
    """Leave one space to break the line at; the others would be collapsed by a browser."""
    if spaces.start() == 0 or spaces.string[spaces.start() - 1] == "\n":
        return "\N{NO-BREAK SPACE}" * len(spaces.group())
    return "\N{NO-BREAK SPACE}" * (len(spaces.group()) - 1) + " "
