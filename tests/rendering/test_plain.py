"""The plain view: the text as it is, by elements and characters alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.rendering import render
from tests.rendering.page import read_page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\nb\r\nc\rd", "<p>a<br>\nb<br>\nc<br>\nd</p>"),
        ("a\n\nb", "<p>a<br>\n<br>\nb</p>"),
        ("if x:\n    y", "<p>if x:<br>\n\u00a0\u00a0\u00a0\u00a0y</p>"),
        ("\tx", "<p>\u00a0\u00a0\u00a0\u00a0x</p>"),
        ("a   b", "<p>a\u00a0\u00a0 b</p>"),
        (" a b", "<p>\u00a0a b</p>"),
        ("<b>&amp;\"'", "<p>&lt;b&gt;&amp;amp;\"'</p>"),
        ("# *no* markup", "<p># *no* markup</p>"),
    ],
)
def test_plain_text_keeps_its_lines_and_spaces(text: str, html: str) -> None:
    assert render(text, "plain").html == html


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Mn", "Me"])))
def test_plain_text_shows_every_character(text: str) -> None:
    shown = render(text, "plain")

    page = "".join(read_page(shown.html).text)
    assert "".join(page.split()) == "".join(text.split()) or shown.hidden
