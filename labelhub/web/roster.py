"""A vendor manager's roster: who labels for the organisation, and inviting more."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for
from flask_babel import format_decimal, ngettext

from labelhub.domain.audiences import RoleIn
from labelhub.domain.vocabulary import Role
from labelhub.services import invitations, looking
from labelhub.services.invitations import InvitationError
from labelhub.services.roster import OnRoster
from labelhub.web import own_organisations, pages
from labelhub.web.access import audience
from labelhub.web.context import current_person, now, read, running, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

bp = Blueprint("roster", __name__, url_prefix="/roster")
_HOUR = timedelta(hours=1)


@bp.get("")
@audience(Role.VENDOR_MANAGER)
def page() -> Response:
    return _page(Fields(), None)


def _own() -> RoleIn:
    """Return an organisation that this person manages; another one does not exist for them."""
    return own_organisations.chosen(Role.VENDOR_MANAGER)


def _page(fields: Fields, link: str | None, status: int = HTTPStatus.OK) -> Response:
    own = _own()
    mine = own.organisation_id
    me = current_person().person_id
    people = transact(lambda session: looking.roster(session, mine, me, now()))
    pending = read(lambda session: invitations.open_in(session, mine, now()))
    show = pages.render if link is None else pages.render_secret
    return show(
        "roster/page.html",
        status=status,
        organisation={"name": own.organisation_name, "slug": own.organisation_slug},
        choices=own_organisations.links("roster.page", own, Role.VENDOR_MANAGER),
        people=[_row(person) for person in people],
        pending=[
            {
                "email": one.email,
                "expires": one.expires_at,
                "withdraw": url_for(
                    "roster.withdraw", invitation_id=one.id, organisation=own.organisation_slug
                ),
            }
            for one in pending
            if one.role is Role.LABELER
        ],
        hard_ready=None,
        link=link,
        form=fields.values,
        errors=fields.errors,
    )


def _row(one: OnRoster) -> dict[str, Any]:
    seconds = int(one.paid.total_seconds())
    return {
        "name": one.membership.person.name,
        "email": one.membership.person.email,
        "joined": one.membership.started_at,
        "worked": format_decimal(round(one.paid / _HOUR, 1)),
        "paid": ngettext("%(num)s second", "%(num)s seconds", seconds),
        "active": one.membership.person.suspended_at is None,
    }


@bp.post("")
@audience(Role.VENDOR_MANAGER)
def invite() -> Response:
    """Invite a labeler to the own organisation; a manager can give no other role."""
    fields, mine, by = Fields(), _own().organisation_id, current_person().person_id
    email = fields.email()
    if not fields.valid:
        return _page(fields, None, HTTPStatus.UNPROCESSABLE_ENTITY)
    keys = running().settings.secret_keys
    try:
        token = transact(
            lambda session: invitations.invite(session, mine, Role.LABELER, email, by, keys, now())
        )
    except InvitationError:
        fields.fail("email", _("This person is on the roster already."))
        return _page(fields, None, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(Fields(), url_for("sign_in.invitation", token=token, _external=True))


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
@audience(Role.VENDOR_MANAGER)
def withdraw(invitation_id: UUID) -> Response:
    own = _own()
    mine = own.organisation_id
    if not transact(lambda session: invitations.withdraw(session, invitation_id, mine, now())):
        abort(HTTPStatus.NOT_FOUND)
    address = url_for("roster.page", organisation=own.organisation_slug)
    return pages.go(address, notice=_("The invitation no longer works."))
