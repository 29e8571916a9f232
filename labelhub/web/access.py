"""Each endpoint's audience: declared beside it, checked at start, enforced on every request."""

from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import quote

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue, RouteCallable
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.routing import Rule

from labelhub.domain.audiences import (
    PASSWORD_GIVEN,
    PUBLIC,
    SIGNED_IN,
    Audience,
    Entry,
    Standing,
    entry,
)
from labelhub.domain.vocabulary import Role
from labelhub.web import pages, visitors

__all__ = ["PASSWORD_GIVEN", "PUBLIC", "SIGNED_IN", "audience", "audience_of", "install"]

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_ATTRIBUTE = "labelhub_audience"
_BODY_VERBS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class UndeclaredAudienceError(RuntimeError):
    """An endpoint does not say whom it serves, so the program does not start (S-2)."""


def audience(first: Role | Audience, *others: Role) -> Callable[[View], View]:
    """Declare whom an endpoint serves: `@audience(Role.LABELER)`, `@audience(PUBLIC)`."""
    if isinstance(first, Audience):
        declared = first
    else:
        declared = Audience(Standing.SIGNED_IN, frozenset({first, *others}))

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, declared)
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> Audience:
    """Return the declared audience.

    Raises:
        UndeclaredAudienceError: there is none.

    """
    view: RouteCallable = app.view_functions[endpoint]
    declared = getattr(view, _ATTRIBUTE, None)
    if declared is None:
        raise UndeclaredAudienceError(f"endpoint {endpoint!r} does not declare its audience")
    return cast("Audience", declared)


def install(app: Flask) -> None:
    """Refuse to start with an undeclared endpoint; then guard every request."""
    for rule in app.url_map.iter_rules():
        audience_of(app, rule.endpoint)
    app.before_request(_enforce)


def _enforce() -> ResponseReturnValue | None:
    """Let the request pass, or answer it here."""
    if request.endpoint is None:  # no such page, or not this verb: answered as such
        return None
    declared = audience_of(current_app, request.endpoint)
    if request.endpoint == "static":  # asks nothing about anybody, and needs no database
        return None
    decision = entry(declared, visitors.load())
    if decision is Entry.ADMITTED or (decision is Entry.WRONG_ROLE and _left(declared)):
        return None
    if decision is Entry.SIGN_IN_FIRST:
        return pages.go(url_for("sign_in.form", next=_way_back()), ended=True)
    if decision is Entry.SECOND_FACTOR_FIRST:
        return pages.go(url_for(visitors.second_factor_endpoint()), ended=True)
    # An address that names an object answers like one that does not exist (P-9).
    raise NotFound if _names_an_object(request.url_rule) else Forbidden


def _left(declared: Audience) -> bool:
    """Whether the visitor held a role that the endpoint serves also afterwards."""
    return declared.former and visitors.held_before(declared.roles)


def _names_an_object(rule: Rule | None) -> bool:
    return rule is not None and bool(rule.arguments)


def _way_back() -> str | None:
    """Return the page to show after signing in; a form that was sent cannot be sent again."""
    if request.method in _BODY_VERBS or pages.is_fragment():
        return None
    return quote(request.full_path.rstrip("?"), safe="/?&=%")


def safe_way_back(target: str | None) -> str | None:
    """Return *target* if it is one of our own pages: never another host's (open redirect)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    path, _, _ = target.partition("?")
    adapter = current_app.create_url_adapter(request)
    if adapter is None:  # never within a request
        return None
    try:
        adapter.match(path, method="GET")
    except HTTPException:
        return None
    return target
