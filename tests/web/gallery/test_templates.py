"""Rules of house-style.md that every template keeps, read from the files and from the scenes."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from labelhub.domain.welfare.verdicts import Reason
from labelhub.resources import resource_dir
from tests.web.gallery.desk_scenes import SCENES as DESK_SCENES
from tests.web.gallery.page_scenes import SCENES as PAGE_SCENES

ROOT = resource_dir("templates")
FILES = sorted(ROOT.rglob("*.html"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
PARTIALS = [name for name in NAMES if "/_" in name and not name.startswith("macros/")]
ITEM_TEXT = re.compile(r"\.(plain|html)\b")
READERS = {"desk/_item.html", "projects/_sample.html"}
GUIDELINES = {"desk/_guidelines.html", "projects/guidelines.html"}
BOTH_ANSWERS = {"desk/_answer_preference.html": "answer", "desk/_answer_harm.html": "answer"}
VOID = {"input", "br", "img", "meta", "link", "line", "rect", "circle", "path", "polyline"}


def source(name: str) -> str:
    """Return a template without its Jinja comments."""
    return re.sub(r"\{#.*?#\}", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.DOTALL)


def markup(name: str) -> str:
    """Return what is left of a template when Jinja is taken out."""
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source(name), flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_marked_safe_styled_or_scripted_inline(name: str) -> None:
    text = source(name)

    assert not re.search(r"\|\s*safe\b|Markup", text)
    assert not re.search(r"\sstyle\s*=|<style", text)
    assert not re.search(r"\son[a-z]+\s*=|hx-on|hx-vals|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_button_says_its_type(name: str) -> None:
    for button in re.findall(r"<button\b[^>]*>", markup(name)):
        assert 'type="' in button


@pytest.mark.parametrize("name", NAMES)
def test_item_text_is_printed_in_one_place_only(name: str) -> None:
    printed = set(re.findall(r"\{\{[^}]*\.(?:plain|html)\b[^}]*\}\}", source(name)))
    if name in GUIDELINES:
        printed -= {"{{ guidelines.html }}", "{{ current.html }}"}

    assert not printed or name in READERS


@pytest.mark.parametrize("name", NAMES)
def test_every_context_is_written_at_the_top(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").startswith("{#-")


@pytest.mark.parametrize("name", NAMES)
def test_every_visible_word_goes_through_gettext(name: str) -> None:
    classes = re.compile(r"\{% block (?:narrow|body_attributes) %\}.*?\{% endblock %\}")
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", classes.sub("", source(name)), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>|&\w+;|[\w-]+=\"[^\"]*\"", " ", bare)
    words = set(re.findall(r"[A-Za-z]{2,}", text)) - {"LabelHub", "SHA"}

    assert words == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_form_action_is_left_to_htmx_alone(name: str) -> None:
    for form in re.findall(r"<form\b[^>]*>", source(name)):
        if "hx-post" in form:
            assert "action=" in form
            assert 'method="post"' in form


class _Roots(HTMLParser):
    """Counts the elements at the top of a fragment and keeps their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs).get("id"))
        if tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1


@pytest.mark.parametrize("name", PARTIALS)
def test_a_partial_has_one_root_named_after_it(name: str) -> None:
    noun = Path(name).stem.removeprefix("_").replace("_", "-")
    body = re.sub(r"\{%-?\s*macro.*?endmacro\s*-?%\}", "", source(name), flags=re.DOTALL)
    parser = _Roots()
    parser.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", body, flags=re.DOTALL))

    assert parser.roots == [BOTH_ANSWERS.get(name, noun)]
    assert parser.depth == 0


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_of_the_gate_has_its_own_sentence(gallery: Flask, reason: Reason) -> None:
    with gallery.test_request_context():
        say = gallery.jinja_env.get_template("macros/reasons.html").module.hold_sentence
        sentences = {other: str(say(other.value)) for other in Reason}

    assert list(sentences.values()).count(sentences[reason]) == 1
    assert "_" not in sentences[reason]


def test_every_page_is_in_the_gallery() -> None:
    shown = {template for template, _context in PAGE_SCENES.values()} | {"desk/page.html"}
    drawn = {context["fragment"] for context in DESK_SCENES.values()}
    pages = {name for name in NAMES if "/_" not in name and not name.startswith("macros/")}
    desk = {f"desk/_{noun}.html" for noun in ("ready", "item", "veil", "break", "refusal")}

    assert pages - shown == {"base.html", "errors/base.html"}
    assert desk <= drawn


@pytest.mark.parametrize("name", [*DESK_SCENES, *PAGE_SCENES])
def test_every_scene_is_drawn_with_unique_ids(gallery: Flask, name: str) -> None:
    answer = gallery.test_client().get(f"/scene/{name}")
    live = re.sub(r"<template.*?</template>", "", answer.text, flags=re.DOTALL)
    found = re.findall(r'\sid="([^"]+)"', live)

    assert answer.status_code == 200
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", [name for name in DESK_SCENES if "desk-" in name])
def test_desk_pages_stay_out_of_history(gallery: Flask, name: str) -> None:
    assert 'hx-history="false"' in gallery.test_client().get(f"/scene/{name}").text


def test_no_text_of_an_item_is_in_the_page_before_it_is_shown(gallery: Flask) -> None:
    for name in ("desk-ready", "desk-veil", "desk-break", "desk-refusal", "desk-moment"):
        page = gallery.test_client().get(f"/scene/{name}").text
        assert "egg" not in page
        assert 'class="text"' not in page
