"""An item drawn once for many is, letter for letter, the item drawn for one."""

from typing import Any

import pytest
from flask import Flask, render_template
from markupsafe import Markup

from labelhub.web import desk_pages, fixed
from tests.web.gallery.desk_scenes import (
    ARABIC,
    CODE,
    HARM,
    HARM_ITEM,
    HELPFULNESS,
    LONG,
    TODAY,
    UNDO,
    item,
    turn,
)

ITEM = "desk/_item.html"
ONLY_PRINTED = desk_pages._ONLY_PRINTED
MANY_TURNS = [turn(who, f"Turn {who} <b>&amp;") for who in ("system", "user", "tool", "assistant")]
CONTEXTS: dict[str, dict[str, Any]] = {
    "a pair": {"project": HELPFULNESS, "item": item(), "today": TODAY, "undo": UNDO},
    "rich text": {
        "project": HELPFULNESS, "item": item(completions=[CODE, ARABIC]), "today": TODAY,
        "undo": None,
    },
    "many turns": {
        "project": HELPFULNESS, "item": item(turns=MANY_TURNS, completions=[LONG, LONG]),
        "today": {**TODAY, "limits": []}, "undo": UNDO,
    },
    "one completion": {"project": HARM, "item": HARM_ITEM, "today": TODAY, "undo": None},
    "stopped for today": {
        "project": HARM, "item": {**item(), "hard": True}, "today": {**TODAY, "stopped": True},
        "undo": UNDO,
    },
    "no day": {"project": HARM, "item": HARM_ITEM, "today": None, "undo": None},
}  # fmt: skip
OTHERS = {
    "assignment": "5f0f7a3c8d9e4b6fa1c2d3e4f5a6b7c8", "key": "k<e>y", "hide_after": 7, "done": 1,
    "html": Markup("<p>Another &amp; <em>rich</em> one</p>"), "plain": "Another <plain> & one",
    "used": 0, "text": "none > of it", "rating": "00000000000000000000000000000001",
}  # fmt: skip


def _changed(part: Any) -> Any:
    """Return a context with other values for all that is only printed."""
    if isinstance(part, dict):
        return {
            key: OTHERS[key] if key in ONLY_PRINTED and value is not None else _changed(value)
            for key, value in part.items()
        }
    return [_changed(each) for each in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", CONTEXTS)
@pytest.mark.parametrize("language", ["en", "ar-XB"])
def test_both_ways_draw_the_same(app: Flask, name: str, language: str) -> None:
    for context in (CONTEXTS[name], _changed(CONTEXTS[name]), CONTEXTS[name]):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert fixed.filled(ITEM, context, ONLY_PRINTED) == render_template(ITEM, **context)


def test_what_is_only_printed_does_not_make_another_page(app: Flask) -> None:
    kept = app.extensions[fixed.TORN]
    context = CONTEXTS["a pair"]

    with app.test_request_context():
        fixed.filled(ITEM, context, ONLY_PRINTED)
        before = kept.cache_info().misses
        fixed.filled(ITEM, _changed(context), ONLY_PRINTED)

    assert kept.cache_info().misses == before


def test_nothing_of_one_persons_item_is_kept(app: Flask) -> None:
    context = CONTEXTS["rich text"]
    secret = {**context["item"], "assignment": "f" * 32, "key": "e" * 32}

    with app.test_request_context():
        fixed.filled(ITEM, {**context, "item": secret}, ONLY_PRINTED)
        again = fixed.filled(ITEM, _changed(context), ONLY_PRINTED)

    assert "f" * 32 not in again
    assert "e" * 32 not in again
    assert "return sum(values)" not in again


def test_a_text_like_a_mark_stays_a_text(app: Flask) -> None:
    context = CONTEXTS["a pair"]
    odd = item(turns=[turn("user", f"{fixed._MARK}0- {fixed._MARK}999-")])

    with app.test_request_context():
        drawn = fixed.filled(ITEM, {**context, "item": odd}, ONLY_PRINTED)

    assert f"{fixed._MARK}0- {fixed._MARK}999-" in drawn
