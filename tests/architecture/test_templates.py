"""The rules of templates: inert under the policy, complete without scripts, translated."""

import re
from pathlib import Path

import pytest

from tools.templates import FAULTS, faults

TEMPLATES = Path(__file__).parents[2] / "templates"


def pages() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_a_template_keeps_the_rules(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ text|safe }}",
        "{{ text | safe }}",
        "{% autoescape false %}",
        '<p style="color: red">',
        "<style>p {}</style>",
        '<p onclick="go()">',
        '<button type="button" hx-on:click="go()">',
        "<script>go()</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//other.example/x.png">',
        '<a href="javascript:go()">',
        '<form hx-post="/x"></form>',
        "<button>Go</button>",
        "<div hx-vals='js:{a: 1}'>",
    ],
)
def test_each_rule_can_fail(text: str) -> None:
    assert faults(text) != []


def test_every_rule_says_what_to_do() -> None:
    assert all(re.match(r"[a-z]", sentence) for sentence in FAULTS.values())


def test_item_text_stands_in_one_template_only() -> None:
    users = [
        path.relative_to(TEMPLATES).as_posix()
        for path in pages()
        if re.search(r"Markup|\.html\s*}}|shown\.html", path.read_text(encoding="utf-8"))
    ]
    allowed = {"desk/_item.html", "desk/_guidelines.html", "desk/guidelines.html",
               "projects/guidelines.html", "projects/_sample.html"}  # fmt: skip
    assert set(users) <= allowed
