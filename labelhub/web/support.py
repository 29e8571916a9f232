"""Who can be talked to. Read once at start, so that help is in reach when nothing else works."""

import json
from functools import cache
from typing import Any

from flask import request

from labelhub.resources import resource_dir
from labelhub.web.context import visitor

Contact = dict[str, str]
_REGION = 2  # letters of ISO 3166


def everywhere() -> list[Contact]:
    return [_shown(one) for one in _document()["everywhere"]["contacts"]]


def contacts(country: str) -> list[Contact]:
    """Return whom a person in *country* (ISO 3166, may be empty) can reach, local ones first."""
    local = _document()["countries"].get(country, {}).get("contacts", [])
    general = [one for one in everywhere() if not local or one["kind"] != "emergency"]
    return [_shown(one) for one in local] + general


def countries() -> dict[str, str]:
    """Return the countries with contacts of their own: ISO 3166 code and English name."""
    return {code: str(entry["name"]) for code, entry in _document()["countries"].items()}


def at_hand() -> list[Contact]:
    """Return whom whoever asks can reach: by their country, else by what their browser says.

    A browser's region is a guess, so the general list stays whole behind it.
    """
    person = visitor()
    if person is not None and person.country:
        return contacts(person.country)
    local = _document()["countries"].get(_region(), {}).get("contacts", [])
    return [_shown(one) for one in local] + everywhere()


def _region() -> str:
    """Return the first region that the browser's languages name: CH of `de-CH`."""
    for tag, _quality in request.accept_languages:
        for part in tag.split("-")[1:]:
            if len(part) == _REGION and part.isalpha():
                return part.upper()
    return ""


def _shown(contact: dict[str, Any]) -> Contact:
    return {key: str(contact[key]) for key in ("kind", "name", "what", "reach", "url", "hours")}


@cache
def _document() -> Any:
    path = resource_dir("seed") / "support" / "contacts.json"
    return json.loads(path.read_text(encoding="utf-8"))
