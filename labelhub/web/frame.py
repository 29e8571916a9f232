"""What surrounds every page: language, the person, and the places their roles open."""

from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, request, url_for

from labelhub.domain.audiences import Entry, Visitor, entry
from labelhub.domain.vocabulary import Role
from labelhub.web import access, languages
from labelhub.web.context import running, visitor
from labelhub.web.languages import gettext as _

_MOST_PLACES = 5


def install(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    return {"frame": Frame()}


class Frame:
    """What templates may ask for, each worked out when one does: a fragment asks for little."""

    def __init__(self) -> None:
        found = None if g.get("drawing_error") else visitor()
        self._visitor = None if found is not None and found.second_factor_due else found

    @cached_property
    def language(self) -> str:
        return languages.language()

    @cached_property
    def direction(self) -> str:
        return languages.direction()

    @cached_property
    def person(self) -> dict[str, str] | None:
        return None if self._visitor is None else {"name": self._visitor.name}

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        return [] if self._visitor is None else places(self._visitor)

    @cached_property
    def labeler(self) -> bool:
        return _may_rest(self._visitor)

    @cached_property
    def demonstration(self) -> bool:
        return self._visitor is not None and self._visitor.demonstration

    @cached_property
    def version(self) -> str:
        return running().asset_version


def places(person: Visitor) -> list[dict[str, Any]]:
    """Return the places this person may go to from anywhere, at most five."""
    known = (
        ("start.page", _("Start")),
        ("projects.index", _("Projects")),
        ("roster.page", _("Roster")),
        ("administration.people", _("People")),
        ("administration.organisations", _("Organisations")),
    )
    return [
        {"label": label, "url": url_for(endpoint), "current": request.endpoint == endpoint}
        for endpoint, label in known
        if may_open(person, endpoint)
    ][:_MOST_PLACES]


def may_open(person: Visitor, endpoint: str) -> bool:
    """Whether *endpoint* exists, needs nothing named, and serves this person."""
    if endpoint not in current_app.view_functions:
        return False
    if any(rule.arguments for rule in current_app.url_map.iter_rules(endpoint)):
        return False
    return entry(access.audience_of(current_app, endpoint), person) is Entry.ADMITTED


def _may_rest(person: Visitor | None) -> bool:
    """Whether *I need a moment* stands in the top line: on every page of a labeler."""
    known = "desk.moment" in current_app.view_functions
    return known and person is not None and Role.LABELER in person.roles
