"""Signing in and out: password, second factor, and the demonstration's switcher."""

import ipaddress
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from labelhub.domain.accounts import LONGEST
from labelhub.services import demonstration, passwords, second_factors, sign_ins, signing_in
from labelhub.web import pages, visitors
from labelhub.web.access import PASSWORD_GIVEN, PUBLIC, audience, safe_way_back
from labelhub.web.context import current_person, now, read, running, transact
from labelhub.web.forms import LONGEST_EMAIL, Fields
from labelhub.web.known_browser import KnownBrowser
from labelhub.web.languages import gettext as _

bp = Blueprint("sign_in", __name__)
_LONGEST_WAY_BACK = 500
_LONGEST_CODE = 40


@bp.get("/sign-in")
@audience(PUBLIC)
def form() -> Response:
    way_back = request.args.get("next", "")[:_LONGEST_WAY_BACK]
    return _form({"email": "", "next": way_back}, {})


def _form(values: dict[str, str], errors: dict[str, str], status: int = HTTPStatus.OK) -> Response:
    accounts = read(demonstration.accounts) if _on_this_machine() else []
    return pages.render(
        "sign_in/form.html", status=status, form=values, errors=errors, accounts=accounts
    )


@bp.post("/sign-in")
@audience(PUBLIC)
def enter() -> Response:
    """Check a password. Every failure looks alike and costs alike, known account or not."""
    fields = Fields()
    email = fields.line("email", longest=LONGEST_EMAIL)
    password = fields.secret("password", longest=LONGEST)
    way_back = fields.line("next", longest=_LONGEST_WAY_BACK, optional=True)
    if not fields.valid:
        return _form(fields.values, fields.errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    known, keys = KnownBrowser.of_request(), running().settings.secret_keys
    caller = signing_in.Caller(source(), visitors.browser(), known.key_for(email))
    attempt = transact(lambda session: signing_in.begin(session, email, caller, keys, now()))
    if attempt is None:
        return _too_many(fields)
    try:
        right = passwords.matches(attempt.password_hash, password)
        newer = _newer_hash(attempt.password_hash, password) if right else None
    except passwords.HashingBusyError:
        transact(lambda session: signing_in.give_back(session, attempt))
        fields.fail("password", _("Many people sign in just now. Try again in a moment."))
        return _form(fields.values, fields.errors, HTTPStatus.SERVICE_UNAVAILABLE)
    if not right:
        fields.fail("password", _("The address or the password is not right."))
        return _form(fields.values, fields.errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    token = transact(
        lambda session: signing_in.finish(session, attempt, caller.browser, newer, keys, now())
    )
    response = pages.go(safe_way_back(way_back) or url_for("start.page"))
    visitors.set_token(response, token)
    known.remember(email, response)
    return response


def _newer_hash(password_hash: str | None, password: str) -> str | None:
    if password_hash is None or not passwords.outdated(password_hash):
        return None
    return passwords.hashed(password)


def _too_many(fields: Fields) -> Response:
    fields.fail("password", _("Too many attempts. Wait a quarter of an hour, then try again."))
    return _form(fields.values, fields.errors, HTTPStatus.TOO_MANY_REQUESTS)


def source() -> str:
    """Return where a request comes from: an address, for IPv6 the network it can choose from."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@bp.get("/sign-in/second-factor")
@audience(PASSWORD_GIVEN)
def second_factor() -> Response:
    if not current_person().has_second_factor:
        return pages.go(url_for("account.enrol_second_factor"))
    return pages.render("sign_in/second_factor.html", errors={})


@bp.post("/sign-in/second-factor")
@audience(PASSWORD_GIVEN)
def prove() -> Response:
    fields, person, keys = Fields(), current_person(), running().settings.secret_keys
    code = fields.line("code", longest=_LONGEST_CODE)
    token = None
    if fields.valid:
        token = transact(lambda session: second_factors.prove(session, person, code, keys, now()))
    if token is None:
        errors = {"code": _("This code is not right, or was used already. Wait for the next one.")}
        return pages.render(
            "sign_in/second_factor.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            errors=errors,
        )
    response = pages.go(url_for("start.page"))
    visitors.set_token(response, token)
    return response


@bp.post("/sign-out")
@audience(PUBLIC)
def leave() -> Response:
    """End this sign-in, if there is one; the cookie goes in any case."""
    person = visitors.load()
    if person is not None:
        transact(lambda session: sign_ins.end(session, person.sign_in_id, person.person_id, now()))
    response = pages.go(url_for("sign_in.form"))
    visitors.drop_token(response)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.post("/demonstration/sign-in")
@audience(PUBLIC)
def demo_as() -> Response:
    """Sign in as one of the demonstration's people, without a password, on this machine only."""
    if not _on_this_machine():
        abort(HTTPStatus.NOT_FOUND)
    try:
        account = UUID(request.form.get("account", ""))
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    keys = running().settings.secret_keys
    token = transact(
        lambda session: demonstration.sign_in_as(session, account, visitors.browser(), keys, now())
    )
    if token is None:
        abort(HTTPStatus.NOT_FOUND)
    response = pages.go(url_for("start.page"))
    visitors.set_token(response, token)
    return response


def _on_this_machine() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
