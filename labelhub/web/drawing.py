"""How templates are drawn: Flask's way, with fewer look-ups on each page."""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.templating import Environment

_MOST_ADDRESSES = 4096
"""Addresses kept; those of a project come on every page of it."""


class Templates(Environment):
    """Jinja's environment, with the two look-ups that every page makes most often made short."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a template's globals as one dictionary: all are known before the first is read.

        Jinja lays a chain of two over them and walks it at every import of a macro.
        """
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look a name up in a dictionary first: our contexts are made of them."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Notices(SecureCookieSessionInterface):
    """Flask's signed cookie, read only where there is one: it carries notices and nothing else."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def install(app: Flask) -> None:
    """Must come before anything that touches the templates' environment."""
    app.jinja_environment = Templates
    app.session_interface = Notices()
    app.ensure_sync = _as_it_is  # type: ignore[assignment,method-assign]  # as Flask would have it

    @lru_cache(maxsize=_MOST_ADDRESSES)
    def known(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return app.url_for(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        special = endpoint.startswith(".") or any(name.startswith("_") for name in values)
        if special or any(type(value) is not str for value in values.values()):
            return app.url_for(endpoint, **values)
        return known(request.script_root, endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = url_for


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """Flask asks of every function at every request whether it is asynchronous; none of ours is."""
    return function
