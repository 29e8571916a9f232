"""What Markdown becomes."""

import pytest

from labelhub.rendering import MARKDOWN_RENDERER, PLAIN_RENDERER, render
from tests.rendering.page import read_page

TABLE = """<table>
<thead>
<tr>
<th>a</th>
<th>b</th>
</tr>
</thead>
<tbody>
<tr>
<td>1</td>
<td>2</td>
</tr>
</tbody>
</table>
"""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One **two** *three* ~~four~~ `five`",
         "<p>One <strong>two</strong> <em>three</em> <s>four</s> <code>five</code></p>\n"),
        ("# A\n\n## B", "<h1>A</h1>\n<h2>B</h2>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"),
        ("    x = 1", "<pre><code>x = 1\n</code></pre>\n"),
        ("```python\nx < 1\n```", "<pre><em>python</em>\n<code>x &lt; 1\n</code></pre>\n"),
        ("|a|b|\n|-|:-:|\n|1|2|", TABLE),
        ('[a *b*](https://x.example/y_z?q=1&r=é "t")',
         '<p>a <em>b</em> [→ https://x.example/y_z?q=1&amp;r=é "t"]</p>\n'),
        ("<https://x.example>", "<p>https://x.example</p>\n"),
        ("![a *b*](https://x.example/p.png)",
         "<p>[image: a *b* → https://x.example/p.png]</p>\n"),
        ("[a]: https://x.example\n\n[a]", "<p>[a]: https://x.example</p>\n<p>[a]</p>\n"),
        ("&amp; &lt;b&gt; &#65;", "<p>&amp;amp; &amp;lt;b&amp;gt; &amp;#65;</p>\n"),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
        ("<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;</p>\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_elements_and_everything_else_text(text: str, html: str) -> None:
    shown = render(text, "markdown")

    assert shown.html == html
    assert not shown.fell_back
    assert shown.renderer == MARKDOWN_RENDERER
    read_page(shown.html)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3. a\n4. b", ["3. a", "4. b"]),
        ("1. a\n1. b", ["1. a", "1. b"]),
        ("1) a\n3) b", ["1) a", "3) b"]),
    ],
)
def test_lists_that_do_not_count_from_one_show_their_own_numbers(
    text: str, shown: list[str]
) -> None:
    html = render(text, "markdown").html

    assert "<ol>" not in html
    assert [
        line.removeprefix("<li>").removesuffix("</li>") for line in html.splitlines()[1:-1]
    ] == shown


@pytest.mark.parametrize(
    "text",
    [
        "|a|\n|-|\n|1|lost cell|",
        "> " * 30 + "nested too deeply to be kept",
        "[a](https://x.example/?a=1&amp;b=2)",
        "*a " * 40 + "b" + "*" * 40,
        "x" * 65_537,
        "\n" * 4_001,
        "[" * 10_000,
        "|a" * 200 + "\n" + "|-" * 200 + "\n" + "|b\n" * 100,
    ],
)
def test_what_would_hide_a_word_or_cost_too_much_is_shown_as_plain_text(text: str) -> None:
    shown = render(text, "markdown")

    assert shown.fell_back
    assert shown.renderer == PLAIN_RENDERER
    assert shown.html == render(text, "plain").html
    assert not render(text, "plain").fell_back


def test_the_renderer_is_named_with_its_versions() -> None:
    assert MARKDOWN_RENDERER.startswith("markdown-1 markdown-it-py-")
    assert len(MARKDOWN_RENDERER) <= 80


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one two\n three", 3), ("x" * 1200, 100), ("漢字漢字。かな", 4), ("a `b` c", 3)],
)
def test_words_are_counted_for_the_time_they_take(text: str, words: int) -> None:
    assert render(text, "plain").words == words
