"""Accepting an invitation: a new account, or one more role for the person signed in."""

from http import HTTPStatus

from flask import Response, abort, request, url_for
from sqlmodel import Session
from werkzeug.exceptions import NotFound, TooManyRequests

from labelhub.domain.accounts import LONGEST, PER_INVITATION_SOURCE, PasswordFault
from labelhub.domain.audiences import Visitor
from labelhub.services import invitations, passwords, sign_ins, throttling
from labelhub.services.invitations import InvitationError, InvitationFacts, NewAccount
from labelhub.web import languages, pages, visitors, whereabouts
from labelhub.web.access import PUBLIC, audience
from labelhub.web.context import clock, now, read, running, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _
from labelhub.web.sign_in import bp, source

_LONGEST_NAME = 120


@bp.get("/invitation/<token>")
@audience(PUBLIC)
def invitation(token: str) -> Response:
    found = _found(token)
    return _page(token, found, Fields())


@bp.post("/invitation/<token>")
@audience(PUBLIC)
def accept(token: str) -> Response:
    """Add the role to the account that is signed in, if the link is theirs; else make one.

    Whether the address has an account decides only after everything else was checked, and at the
    same cost: neither the page nor a wrong form tells a manager who works elsewhere.
    """
    found = _found(token)
    if _is_for(visitors.load(), found):
        return _accept_as_known(token, found)
    fields = Fields()
    account = _new_account(found, fields)
    if account is None:
        return _page(token, found, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sign_in = transact(lambda session: _make(session, found, account))
    except InvitationError:
        fields.fail("name", _("No account could be made. If you have one, sign in with it first."))
        return _page(token, found, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = pages.go(url_for("start.page"))
    visitors.set_token(response, sign_in)
    return response


def _is_for(person: Visitor | None, found: InvitationFacts) -> bool:
    return person is not None and person.email == found.email


def _make(session: Session, found: InvitationFacts, account: NewAccount) -> str:
    person_id = invitations.accept_as_new(session, found, account, clock())
    keys = running().settings.secret_keys
    return sign_ins.start(session, person_id, visitors.browser(), keys, now())


def _found(token: str) -> InvitationFacts:
    """Return the invitation, or end in a 404; guessing is held back per source."""
    keys = running().settings.secret_keys
    found = read(lambda session: invitations.find(session, token, keys, now()))
    if found is not None:
        return found
    key = f"invitation:{source()}"
    if not transact(lambda session: throttling.take(session, key, PER_INVITATION_SOURCE, now())):
        raise TooManyRequests
    raise NotFound


def _new_account(found: InvitationFacts, fields: Fields) -> NewAccount | None:
    name = fields.line("name", longest=_LONGEST_NAME)
    email = found.email or fields.email()
    country, zone = whereabouts.country(fields), fields.zone()
    password = fields.secret("password", longest=LONGEST)
    if password != request.form.get("password_again", ""):
        fields.fail("password_again", _("The two passwords differ."))
    if not fields.valid:
        return None
    alone = not invitations.needs_second_factor(found)
    about = [name, email, found.organisation_name, found.organisation_slug]
    wrong = passwords.fault(password, about, alone=alone)
    if wrong is not None:
        fields.fail("password", password_sentence(wrong, alone=alone))
        return None
    try:
        password_hash = passwords.hashed(password)
    except passwords.HashingBusyError:
        fields.fail("password", _("Many people sign in just now. Try again in a moment."))
        return None
    return NewAccount(email, name, country, zone, languages.language(), password_hash)


def password_sentence(fault: PasswordFault, *, alone: bool) -> str:
    if fault is PasswordFault.TOO_SHORT:
        return str(_("At least 15 characters.") if alone else _("At least 8 characters."))
    sentences: dict[PasswordFault, str] = {
        PasswordFault.TOO_LONG: _("At most 256 characters."),
        PasswordFault.WELL_KNOWN: _("This is one of the passwords that everybody tries first."),
        PasswordFault.ABOUT_YOU: _("This is mostly your name, your address or this place's name."),
        PasswordFault.EASY_TO_GUESS: _("This is easy to guess. Add a word or two."),
    }
    return sentences[fault]


def _page(
    token: str, found: InvitationFacts, fields: Fields, status: int = HTTPStatus.OK
) -> Response:
    """Show one page to whoever is not signed in as the addressee, account or not."""
    mine = _is_for(visitors.load(), found)
    template = "sign_in/invitation.html" if found.email else "sign_in/invitation_open.html"
    if mine:
        template = "sign_in/invitation_known.html"
    return pages.render_secret(
        template,
        status=status,
        token=token,
        invitation={
            "organisation": found.organisation_name,
            "role": found.role.value,
            "email": found.email,
            "expires": found.expires_at,
            "second_factor": invitations.needs_second_factor(found),
        },
        **whereabouts.choices(),
        form={**whereabouts.as_form("", "UTC"), **fields.values},
        errors=fields.errors,
    )


def _accept_as_known(token: str, found: InvitationFacts) -> Response:
    person = visitors.load()
    if person is None or person.second_factor_due:
        return pages.go(url_for("sign_in.form", next=url_for("sign_in.invitation", token=token)))
    keys = running().settings.secret_keys

    def work(session: Session) -> str:
        invitations.accept_as_known(session, found, person.person_id, clock())
        return sign_ins.rotate(session, person.sign_in_id, person.second_factor_at, keys)

    try:
        sign_in = transact(work)
    except InvitationError:
        abort(HTTPStatus.NOT_FOUND)
    response = pages.go(url_for("start.page"), notice=_("You have one more role."))
    visitors.set_token(response, sign_in)
    return response
