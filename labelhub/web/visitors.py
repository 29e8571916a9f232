"""Finds who asks: one read per request, from the token in the browser's cookie."""

from collections.abc import Collection

import structlog
from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from labelhub.domain.audiences import Visitor
from labelhub.domain.vocabulary import Role
from labelhub.services import people, sign_ins
from labelhub.web.context import glance, now, running, transact, visitor

_LONGEST_BROWSER = 200
_LONGEST_TOKEN = 64
log = structlog.get_logger(__name__)


def cookie_name(purpose: str = "labelhub") -> str:
    """Return the cookie's name. `__Host-` binds it to this host, and browsers want TLS for it."""
    return f"__Host-{purpose}" if running().settings.tls else purpose


def load() -> Visitor | None:
    """Return the visitor, looked up once per request and never remembered between two."""
    if "visitor" not in g:
        g.visitor = _find()
    return visitor()


def held_before(roles: Collection[Role]) -> bool:
    """Whether the visitor once held one of these roles; asked only where it opens a page."""
    found = load()
    return found is not None and glance(
        lambda session: people.held_before(session, found.person_id, roles)
    )


def _find() -> Visitor | None:
    token = request.cookies.get(cookie_name())
    if not token or len(token) > _LONGEST_TOKEN or not token.isascii():
        return None
    keys = running().settings.secret_keys
    found = glance(lambda session: sign_ins.find_visitor(session, token, keys, now()))
    if found is not None and sign_ins.worth_noting(found, now()):
        _note_use(found)
    return found


def _note_use(found: Visitor) -> None:
    """Put off the idle limit. Failing to is no reason to refuse the page."""
    try:
        transact(lambda session: sign_ins.note_use(session, found.sign_in_id, now()))
    except SQLAlchemyError as error:
        log.warning("sign_in_use_not_noted", error=type(error).__name__)


def second_factor_endpoint() -> str:
    """Return where the second factor is given, or first set up."""
    person = load()
    if person is not None and not person.has_second_factor:
        return "account.enrol_second_factor"
    return "sign_in.second_factor"


def set_token(response: Response, token: str, name: str | None = None) -> None:
    """Hand the browser its token; it lives until the browser closes or the server ends it."""
    response.set_cookie(
        name or cookie_name(),
        token,
        secure=running().settings.tls,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_token(response: Response) -> None:
    response.delete_cookie(
        cookie_name(), secure=running().settings.tls, httponly=True, samesite="Lax", path="/"
    )


def browser() -> str:
    """Return what the browser calls itself, cut to printable ASCII of bounded length."""
    text = request.headers.get("User-Agent", "")
    printable = "".join(letter for letter in text if " " <= letter <= "~")
    return printable[:_LONGEST_BROWSER]
