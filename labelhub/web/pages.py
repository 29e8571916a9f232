"""Turns outcomes into responses: a page or its fragment, a redirect, a notice."""

from collections.abc import Collection
from http import HTTPStatus
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)

from labelhub.web import fixed


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page. Boosted and history requests get the page."""
    htmx = current_app.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    page: str, fragment: str | None = None, *, status: int = HTTPStatus.OK, **context: Any
) -> Response:
    """Show *fragment* to htmx, else *page*, which includes the same fragment.

    The page finds the fragment's name in `fragment`. Context must be plain values.
    """
    if fragment is not None and is_fragment():
        return make_response(render_template(fragment, **context), status)
    if "notice" not in context:
        context["notice"] = _notice()
    return make_response(render_template(page, fragment=fragment, **context), status)


def render_filled(fragment: str, only_printed: Collection[str], **context: Any) -> Response:
    """Show *fragment* to htmx as `render` does, drawn once for many (`fixed.filled`)."""
    return make_response(fixed.filled(fragment, context, only_printed), HTTPStatus.OK)


def render_secret(page: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """Show a page that holds a secret: never compressed, never changed on the way.

    Compressed pages leak what they repeat next to attacker-chosen text (BREACH); ours hold no
    token, and the few pages that hold a secret are sent as they are.
    """
    response = render(page, None, status=status, **context)
    response.cache_control.no_store = True
    response.cache_control.no_transform = True
    return response


def go(address: str, *, ended: bool = False, notice: str | None = None) -> Response:
    """Send the browser to *address*, in a way that htmx follows as a whole page.

    *ended*: the reason is that the sign-in ended, so an htmx request is answered 401.
    """
    if notice is not None:
        flash(notice)
    if bool(current_app.htmx):  # type: ignore[attr-defined]
        response = make_response("", HTTPStatus.UNAUTHORIZED if ended else HTTPStatus.OK)
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))


def _notice() -> str | None:
    """Return what the request before this one left to say, once."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return None
    return " ".join(str(message) for message in get_flashed_messages()) or None
