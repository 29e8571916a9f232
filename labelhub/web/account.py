"""A person's own account: where they are signed in, second factor, password."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from labelhub.domain.accounts import LONGEST, SHORTEST_ALONE, SHORTEST_WITH_SECOND_FACTOR
from labelhub.domain.vocabulary import SEES_OTHERS
from labelhub.services import credentials, passwords, people, resets, second_factors, sign_ins
from labelhub.web import pages, visitors, whereabouts
from labelhub.web.access import PASSWORD_GIVEN, SIGNED_IN, audience
from labelhub.web.context import clock, current_person, now, read, running, transact
from labelhub.web.forms import Fields
from labelhub.web.invitations import password_sentence
from labelhub.web.languages import gettext as _
from labelhub.web.user_agents import described

bp = Blueprint("account", __name__, url_prefix="/account")
_GROUP = 4
_LONGEST_CODE = 16


@bp.get("/sessions")
@audience(SIGNED_IN)
def sessions() -> Response:
    person = current_person()
    found = read(lambda session: sign_ins.of_person(session, person, now()))
    links = read(lambda session: resets.latest(session, person.person_id))
    return pages.render(
        "account/sessions.html",
        sessions=[
            {
                "id": str(one.id),
                "current": one.id == person.sign_in_id,
                "started": one.started_at,
                "seen": one.seen_at,
                "client": described(one.browser),
                "source": "",
            }
            for one in found
        ],
        resets=[
            {
                "at": one.created_at,
                "by": one.made_by,
                "used": one.used_at,
                "second_factor": one.second_factor,
            }
            for one in links
        ],
        second_factor={
            "enrolled": person.has_second_factor,
            "required": bool(person.roles & SEES_OTHERS) and not person.demonstration,
        },
    )


@bp.post("/sessions")
@audience(SIGNED_IN)
def end_session() -> Response:
    """End one of the own sign-ins, or all others."""
    person, which = current_person(), request.form.get("end", "")
    if which == "others":
        transact(
            lambda session: sign_ins.end_all(session, person.person_id, now(), person.sign_in_id)
        )
        return pages.go(url_for("account.sessions"), notice=_("All other sign-ins have ended."))
    try:
        chosen = UUID(which)
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    if not transact(lambda session: sign_ins.end(session, chosen, person.person_id, now())):
        abort(HTTPStatus.NOT_FOUND)
    if chosen == person.sign_in_id:
        response = pages.go(url_for("sign_in.form"))
        visitors.drop_token(response)
        return response
    return pages.go(url_for("account.sessions"), notice=_("That sign-in has ended."))


@bp.get("/place")
@audience(SIGNED_IN)
def place() -> Response:
    person, fields = current_person(), Fields()
    fields.values.update(whereabouts.as_form(person.country, person.zone))
    return _place_page(fields)


def _place_page(fields: Fields, status: int = HTTPStatus.OK) -> Response:
    return pages.render(
        "account/place.html",
        status=status,
        form=fields.values,
        errors=fields.errors,
        **whereabouts.choices(),
    )


@bp.post("/place")
@audience(SIGNED_IN)
def change_place() -> Response:
    """Say where one is; the person alone can."""
    person, fields = current_person(), Fields()
    country, zone = whereabouts.country(fields), fields.zone()
    if not fields.valid:
        return _place_page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    transact(lambda session: people.move(session, person.person_id, country, zone, clock()))
    return pages.go(url_for("account.sessions"), notice=_("Your country and time zone are saved."))


@bp.get("/second-factor")
@audience(PASSWORD_GIVEN)
def enrol_second_factor() -> Response:
    if not second_factors.may_enrol(current_person(), now()):
        return pages.go(url_for("sign_in.second_factor"))
    return _enrolment({})


def _enrolment(errors: dict[str, str], status: int = HTTPStatus.OK) -> Response:
    person, keys = current_person(), running().settings.secret_keys
    proposal = read(lambda session: second_factors.propose(session, person, keys))
    secret = proposal.secret
    groups = [secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)]
    return pages.render_secret(
        "account/enrol_second_factor.html",
        status=status,
        qr=proposal.picture,
        secret=" ".join(groups),
        errors=errors,
    )


@bp.post("/second-factor")
@audience(PASSWORD_GIVEN)
def confirm_second_factor() -> Response:
    """Set the factor up with its first code; the recovery codes are shown this once."""
    person, keys, fields = current_person(), running().settings.secret_keys, Fields()
    if not second_factors.may_enrol(person, now()):
        return pages.go(url_for("sign_in.second_factor"))
    code = fields.line("code", longest=_LONGEST_CODE)
    enrolled = transact(lambda session: second_factors.enrol(session, person, code, keys, now()))
    if enrolled is None:
        errors = {"code": _("This code is not right. Check the time on your telephone.")}
        return _enrolment(errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = pages.render_secret("account/recovery_codes.html", codes=enrolled.recovery_codes)
    visitors.set_token(response, enrolled.token)
    return response


@bp.get("/password")
@audience(SIGNED_IN)
def password() -> Response:
    return _password_page(Fields())


def _password_page(fields: Fields, status: int = HTTPStatus.OK) -> Response:
    return pages.render(
        "account/password.html",
        status=status,
        errors=fields.errors,
        email=current_person().email,
        shortest=(
            SHORTEST_WITH_SECOND_FACTOR if current_person().has_second_factor else SHORTEST_ALONE
        ),
    )


@bp.post("/password")
@audience(SIGNED_IN)
def change_password() -> Response:
    """Change the own password; every other sign-in ends, and this one gets a new token."""
    person, fields, keys = current_person(), Fields(), running().settings.secret_keys
    present = fields.secret("present", longest=LONGEST)
    new = fields.secret("password", longest=LONGEST)
    if new != request.form.get("password_again", ""):
        fields.fail("password_again", _("The two passwords differ."))
    alone = not person.has_second_factor
    about = [person.name, person.email, *(one.organisation_name for one in person.memberships)]
    wrong = passwords.fault(new, about, alone=alone) if fields.valid else None
    if wrong is not None:
        fields.fail("password", password_sentence(wrong, alone=alone))
    if not fields.valid:
        return _password_page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        outcome = _changed(present, new, keys)
    except passwords.HashingBusyError:
        transact(lambda session: credentials.give_back(session, person.person_id, now()))
        fields.fail("present", _("Many people sign in just now. Try again in a moment."))
        return _password_page(fields, HTTPStatus.SERVICE_UNAVAILABLE)
    if outcome is None:
        fields.fail("present", _("This is not your present password, or too many were tried."))
        return _password_page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    response = pages.go(url_for("account.sessions"), notice=_("Your password has changed."))
    visitors.set_token(response, outcome)
    return response


def _changed(present: str, new: str, keys: tuple[str, ...]) -> str | None:
    """Hash outside any transaction: it takes long, and writers would wait for it."""
    person = current_person()
    known = transact(lambda session: credentials.begin_change(session, person.person_id, now()))
    if known is None or not passwords.matches(known, present):
        return None
    password_hash = passwords.hashed(new)
    return transact(lambda session: credentials.change(session, person, password_hash, keys, now()))
