"""Choosing a new password with a link that an administrator or the operator made."""

from http import HTTPStatus

from flask import Response, request, url_for
from werkzeug.exceptions import NotFound, TooManyRequests

from labelhub.domain.accounts import (
    LONGEST,
    PER_INVITATION_SOURCE,
    SHORTEST_ALONE,
    SHORTEST_WITH_SECOND_FACTOR,
)
from labelhub.services import passwords, resets, throttling
from labelhub.services.resets import ResetError, ResetFacts
from labelhub.web import pages, visitors
from labelhub.web.access import PUBLIC, audience
from labelhub.web.context import clock, now, read, running, transact
from labelhub.web.forms import Fields
from labelhub.web.invitations import password_sentence
from labelhub.web.languages import gettext as _
from labelhub.web.sign_in import bp, source


@bp.get("/reset/<token>")
@audience(PUBLIC)
def reset(token: str) -> Response:
    return _page(token, _found(token), Fields())


@bp.post("/reset/<token>")
@audience(PUBLIC)
def choose_password(token: str) -> Response:
    """Take the new password. Whoever has a second factor still proves it at sign-in."""
    found, fields = _found(token), Fields()
    password_hash = _new_hash(found, fields)
    if password_hash is None:
        return _page(token, found, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        transact(lambda session: resets.use(session, found, password_hash, clock()))
    except ResetError as error:
        raise NotFound from error
    response = pages.go(
        url_for("sign_in.form"), notice=_("Your password has changed. Sign in with the new one.")
    )
    visitors.drop_token(response)
    return response


def _found(token: str) -> ResetFacts:
    """Return the link, or end in a 404; guessing is held back per source."""
    keys = running().settings.secret_keys
    found = read(lambda session: resets.find(session, token, keys, now()))
    if found is not None:
        return found
    key = f"reset:{source()}"
    if not transact(lambda session: throttling.take(session, key, PER_INVITATION_SOURCE, now())):
        raise TooManyRequests
    raise NotFound


def _new_hash(found: ResetFacts, fields: Fields) -> str | None:
    password = fields.secret("password", longest=LONGEST)
    if password != request.form.get("password_again", ""):
        fields.fail("password_again", _("The two passwords differ."))
    if not fields.valid:
        return None
    alone = read(lambda session: resets.stands_alone(session, found))
    wrong = passwords.fault(password, [found.name, found.email], alone=alone)
    if wrong is not None:
        fields.fail("password", password_sentence(wrong, alone=alone))
        return None
    try:
        return passwords.hashed(password)
    except passwords.HashingBusyError:
        fields.fail("password", _("Many people sign in just now. Try again in a moment."))
        return None


def _page(token: str, found: ResetFacts, fields: Fields, status: int = HTTPStatus.OK) -> Response:
    alone = read(lambda session: resets.stands_alone(session, found))
    return pages.render_secret(
        "sign_in/reset.html",
        status=status,
        token=token,
        email=found.email,
        second_factor=found.second_factor,
        shortest=SHORTEST_ALONE if alone else SHORTEST_WITH_SECOND_FACTOR,
        errors=fields.errors,
    )
