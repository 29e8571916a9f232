"""Renders one text: Markdown where it is safe, cheap and complete, else plain."""

import re
from importlib.metadata import version
from typing import Final

import nh3

from labelhub.rendering.bounds import affordable
from labelhub.rendering.hidden import mark_hidden
from labelhub.rendering.plain import plain_html
from labelhub.rendering.rendered import Rendered, Style
from labelhub.rendering.visible import shows_all

ELEMENTS: Final = frozenset(
    {
        "p", "br", "hr", "em", "strong", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    }
)  # fmt: skip
"""All that item text can become; none of them has an attribute (safety-case.md, R9)."""

PLAIN_RENDERER: Final = "plain-1"
MARKDOWN_RENDERER: Final = (
    f"markdown-1 markdown-it-py-{version('markdown-it-py')} nh3-{version('nh3')}"
)
_GROWTH = 8
_GRACE = 1024  # bytes of markup that even an empty text may have
_CHARACTERS_PER_WORD = 12  # a run without spaces takes time to read, too
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def render(text: str, style: Style) -> Rendered:
    """Return a text as inert HTML.

    Whatever the text, the HTML has only `ELEMENTS`, no attributes, and every word of the text
    in order; each hidden character is shown as a mark.
    """
    marked, hidden = mark_hidden(text)
    words = _words(text)
    if style == "markdown":
        html = _markdown(marked)
        if html is not None:
            return Rendered(html, MARKDOWN_RENDERER, hidden=hidden, words=words)
    return Rendered(
        plain_html(marked),
        PLAIN_RENDERER,
        fell_back=style == "markdown",
        hidden=hidden,
        words=words,
    )


def _markdown(text: str) -> str | None:
    """Return the text as Markdown, or None where that would cost too much or hide a word."""
    from labelhub.rendering.markup import (  # noqa: PLC0415 whoever serves does not render
        TooDeepError,
        markdown_html,
    )

    if not affordable(text):
        return None
    try:
        html = markdown_html(text)
    except (TooDeepError, RecursionError):
        return None
    if len(html) > _GROWTH * len(text) + _GRACE:
        return None
    cleaned = nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes={},
        url_schemes=set(),
        strip_comments=True,
        link_rel=None,
    )
    return cleaned if shows_all(text, cleaned) else None


def _words(text: str) -> int:
    """Count words as reading time needs them; two ideographs count as a word."""
    words = max(len(text.split()), len(text) // _CHARACTERS_PER_WORD)
    return words if text.isascii() else words + len(_CJK.findall(text)) // 2
