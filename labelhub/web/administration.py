"""Running the installation: organisations, people, their roles, invitations."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from labelhub.domain.vocabulary import OrganisationKind, PersonId, Role
from labelhub.services import invitations, looking, organisations, people, resets
from labelhub.services.invitations import InvitationError
from labelhub.services.organisations import OrganisationError
from labelhub.services.people import ListedPerson, PeopleError
from labelhub.services.resets import ResetError
from labelhub.web import pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, now, read, running, transact
from labelhub.web.forms import LONGEST_EMAIL, Fields
from labelhub.web.languages import gettext as _

bp = Blueprint("administration", __name__, url_prefix="/administration")
_PAGE = 100
_LONGEST_SLUG = 64


@bp.get("/organisations", endpoint="organisations")
@audience(Role.ADMINISTRATOR)
def organisations_list() -> Response:
    return _organisations(Fields())


def _organisations(fields: Fields, status: int = HTTPStatus.OK) -> Response:
    found = read(organisations.listing)
    return pages.render(
        "administration/organisations.html",
        status=status,
        organisations=[
            {
                "slug": one.facts.slug,
                "name": one.facts.name,
                "kind": one.facts.kind.value,
                "people": one.people,
                "since": one.facts.created_at,
            }
            for one in found
        ],
        form={"kind": "vendor", **fields.values},
        errors=fields.errors,
    )


@bp.post("/organisations")
@audience(Role.ADMINISTRATOR)
def add_organisation() -> Response:
    fields = Fields()
    name = fields.line("name", longest=organisations.LONGEST_NAME)
    slug = fields.line("slug", longest=_LONGEST_SLUG)
    kind = fields.choice("kind", OrganisationKind)
    if fields.valid and kind is not None:
        try:
            transact(lambda session: organisations.add(session, slug, name, kind, clock()))
        except OrganisationError:
            fields.fail("slug", _("Taken already, or not of small letters, digits and hyphens."))
        else:
            notice = _("%(name)s is added.", name=name)
            return pages.go(url_for("administration.organisations"), notice=notice)
    return _organisations(fields, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.get("/people", endpoint="people")
@audience(Role.ADMINISTRATOR)
def people_list() -> Response:
    return _people(Fields(), None)


def _people(fields: Fields, link: str | None, status: int = HTTPStatus.OK) -> Response:
    after = request.args.get("after", "")[:LONGEST_EMAIL]
    me = current_person().person_id
    found = transact(lambda session: looking.listing(session, after, _PAGE, me, now()))
    places = read(organisations.listing)
    pending = read(lambda session: invitations.open_everywhere(session, now()))
    last = found[-1].facts.email if len(found) == _PAGE else None
    show = pages.render if link is None else pages.render_secret
    return show(
        "administration/people.html",
        status=status,
        people=[_row(person) for person in found],
        more=url_for("administration.people", after=last) if last else None,
        organisations=[{"slug": one.facts.slug, "name": one.facts.name} for one in places],
        roles=[role.value for role in Role],
        pending=[_pending(one) for one in pending],
        link=link,
        form=fields.values,
        errors=fields.errors,
    )


def _row(person: ListedPerson) -> dict[str, Any]:
    return {
        "url": url_for("administration.person", person_id=person.facts.id),
        "name": person.facts.name,
        "email": person.facts.email,
        "roles": [
            {"id": str(held.id), "role": held.role.value, "organisation": held.organisation_name}
            for held in person.roles
        ],
        "second_factor": person.second_factor,
        "active": person.facts.suspended_at is None,
    }


def _pending(invitation: invitations.InvitationFacts) -> dict[str, Any]:
    return {
        "email": invitation.email,
        "role": invitation.role.value,
        "organisation": invitation.organisation_name,
        "expires": invitation.expires_at,
        "withdraw": url_for("administration.withdraw", invitation_id=invitation.id),
    }


@bp.post("/people")
@audience(Role.ADMINISTRATOR)
def invite() -> Response:
    """Make an invitation link; it is shown this once."""
    fields, by = Fields(), current_person().person_id
    email, role = fields.email(), fields.choice("role", Role)
    places = {one.facts.slug: one.facts.id for one in read(organisations.listing)}
    slug = fields.choice("organisation", places)
    if not fields.valid or role is None or slug is None:
        return _people(fields, None, HTTPStatus.UNPROCESSABLE_ENTITY)
    keys = running().settings.secret_keys
    try:
        token = transact(
            lambda session: invitations.invite(session, places[slug], role, email, by, keys, now())
        )
    except InvitationError:
        fields.fail("email", _("This person has that role there already."))
        return _people(fields, None, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _people(Fields(), url_for("sign_in.invitation", token=token, _external=True))


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
@audience(Role.ADMINISTRATOR)
def withdraw(invitation_id: UUID) -> Response:
    if not transact(lambda session: invitations.withdraw(session, invitation_id, None, now())):
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(url_for("administration.people"), notice=_("The invitation no longer works."))


@bp.get("/people/<uuid:person_id>")
@audience(Role.ADMINISTRATOR)
def person(person_id: UUID) -> Response:
    return _person(PersonId(person_id), "")


def _person(
    person_id: PersonId, problem: str, status: int = HTTPStatus.OK, link: str | None = None
) -> Response:
    me = current_person().person_id
    found = transact(lambda session: looking.person(session, person_id, me, now()))
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    show = pages.render if link is None else pages.render_secret
    return show(
        "administration/person.html",
        status=status,
        subject={"id": person_id, **_row(found)},
        problem=problem,
        may_reset=found.facts.suspended_at is None and _may_reset(person_id),
        link=link,
    )


def _may_reset(person_id: PersonId) -> bool:
    me = current_person()
    mine = me.organisations(Role.ADMINISTRATOR)
    return read(lambda session: resets.may_make(session, me.person_id, mine, person_id))


@bp.post("/people/<uuid:person_id>/reset")
@audience(Role.ADMINISTRATOR)
def reset(person_id: UUID) -> Response:
    """Make a link with which one of the own organisation's people chooses a new password."""
    by, subject, keys = (
        current_person().person_id,
        PersonId(person_id),
        running().settings.secret_keys,
    )
    if not _may_reset(subject):
        abort(HTTPStatus.NOT_FOUND)
    try:
        token = transact(lambda session: resets.make(session, subject, by, keys, clock()))
    except ResetError:
        abort(HTTPStatus.NOT_FOUND)
    return _person(subject, "", link=url_for("sign_in.reset", token=token, _external=True))


@bp.post("/people/<uuid:person_id>/roles/<uuid:membership_id>/end")
@audience(Role.ADMINISTRATOR)
def end_role(person_id: UUID, membership_id: UUID) -> Response:
    """End one role; whoever holds it is signed out everywhere."""
    by, subject = current_person().person_id, PersonId(person_id)
    try:
        ended = transact(
            lambda session: people.end_role(session, subject, membership_id, by, clock())
        )
    except PeopleError:
        return _refused(subject)
    if ended is None:
        abort(HTTPStatus.NOT_FOUND)
    address = url_for("administration.person", person_id=person_id)
    return pages.go(address, notice=_("The role has ended."))


@bp.post("/people/<uuid:person_id>/suspend")
@audience(Role.ADMINISTRATOR)
def suspend(person_id: UUID) -> Response:
    by, subject = current_person().person_id, PersonId(person_id)
    try:
        changed = transact(lambda session: people.suspend(session, subject, by, clock()))
    except PeopleError:
        return _refused(subject)
    return _changed(subject, changed=changed)


@bp.post("/people/<uuid:person_id>/reinstate")
@audience(Role.ADMINISTRATOR)
def reinstate(person_id: UUID) -> Response:
    by, subject = current_person().person_id, PersonId(person_id)
    changed = transact(lambda session: people.reinstate(session, subject, by, clock()))
    return _changed(subject, changed=changed)


def _changed(subject: PersonId, *, changed: bool) -> Response:
    if not changed:
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(url_for("administration.person", person_id=subject))


def _refused(subject: PersonId) -> Response:
    problem = _("The installation needs at least one administrator who can sign in.")
    return _person(subject, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
