"""Errors as calm pages with an id; what happened is in the log, never on the page (S-16)."""

import traceback
from http import HTTPStatus
from pathlib import Path

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from labelhub.web import pages, plain
from labelhub.web.support import everywhere

log = structlog.get_logger(__name__)
_PAGES = frozenset({403, 404, 405, 413, 422, 429, 500, 503})
_UNREADABLE = frozenset({400, 406, 411, 412, 414, 415, 416, 417, 431})
_RETRY_S = "10"


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(DBAPIError, _store_down)
    app.register_error_handler(PoolTimeoutError, _store_down)
    app.register_error_handler(DisconnectionError, _store_down)
    app.register_error_handler(Exception, _failed)


def _refused(error: HTTPException) -> Response:
    """Answer an ordinary refusal: not found, not allowed, not understood."""
    if error.response is not None:  # a redirect that routing asks for
        return make_response(error.response)
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failed(error)
    template = "422" if code in _UNREADABLE else str(code)
    response = _page(template, code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _store_down(error: Exception) -> Response:
    """Say that the store does not answer. Help stays in reach; nothing is served (W-8)."""
    original = getattr(error, "orig", None)
    if isinstance(error, DBAPIError) and not _is_outage(error):
        return _failed(error)
    log.error("store_down", error=type(error).__name__, cause=type(original).__name__)
    response = _page("503", HTTPStatus.SERVICE_UNAVAILABLE, contacts=everywhere())
    response.headers["Retry-After"] = _RETRY_S
    return response


def _is_outage(error: DBAPIError) -> bool:
    """Tell an unreachable or busy store from a statement that is wrong."""
    name = type(error).__name__
    return error.connection_invalidated or name in {"OperationalError", "InterfaceError"}


def _failed(error: Exception) -> Response:
    """Log where it failed, never what it said: messages can hold item text or names (P-8)."""
    log.error(
        "request_failed",
        error=type(error).__name__,
        endpoint=request.endpoint,
        at=[
            f"{Path(frame.filename).name}:{frame.lineno}:{frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    )
    return _page("500", HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(name: str, code: int, **context: object) -> Response:
    g.drawing_error = True
    try:
        if int(name) not in _PAGES:
            name = "422"
        body = render_template(f"errors/{name}.html", incident=_incident(code), **context)
    except Exception as error:  # noqa: BLE001 the page itself needs an address and a template
        log.debug("error_page_failed", error=type(error).__name__)
        bare = plain.page("400" if code < HTTPStatus.INTERNAL_SERVER_ERROR else "500")
        return Response(bare, code, mimetype="text/html")
    response = make_response(body, code)
    if pages.is_fragment():  # never a whole page inside a part of one
        response.headers["HX-Reswap"] = "none"
    return response


def _incident(code: int) -> str:
    return str(g.get("request_id", "")) if code >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
