"""The first page after signing in: what is on offer, or the places a role opens."""

from typing import Any

from flask import Blueprint, Response, url_for

from labelhub.domain.audiences import Visitor
from labelhub.domain.vocabulary import Role
from labelhub.services import projects
from labelhub.web import offers, pages, visitors
from labelhub.web.access import SIGNED_IN, audience
from labelhub.web.context import current_person, read
from labelhub.web.frame import may_open
from labelhub.web.languages import gettext as _

bp = Blueprint("start", __name__)


@bp.get("/")
@audience(SIGNED_IN)
def page() -> Response:
    person = current_person()
    if Role.LABELER in person.roles:
        return _labeler(person)
    return _staff(person)


def _labeler(person: Visitor) -> Response:
    return pages.render(
        "start/labeler.html", person={"name": person.name}, **offers.context(person.person_id)
    )


def _staff(person: Visitor) -> Response:
    return pages.render(
        "start/staff.html",
        person={"name": person.name},
        projects=_projects(person),
        doors=_doors(person),
        may_create=may_open(person, "projects.create"),
    )


def _projects(person: Visitor) -> list[dict[str, Any]]:
    if Role.RESEARCHER not in person.roles:
        return []
    organisations = person.organisations(Role.RESEARCHER)
    return read(lambda session: projects.for_start(session, organisations))


def _doors(person: Visitor) -> list[dict[str, str]]:
    known = (
        ("roster.page", _("Roster"), _("Who labels for your organisation, and inviting more.")),
        (
            "incidents.page",
            _("Incidents"),
            _("Items that were stopped because they may be prohibited."),
        ),
        (
            "limits.vendor",
            _("Limits of the team"),
            _("What protects your labelers, and changing it."),
        ),
        ("limits.installation", _("Limits"), _("What protects everyone here, and changing it.")),
        ("administration.people", _("People"), _("Accounts, roles and invitations.")),
        ("administration.organisations", _("Organisations"), _("Labs and vendors.")),
        ("account.sessions", _("Your account"), _("Where you are signed in, second factor.")),
    )
    doors = [
        {"label": label, "url": url_for(endpoint), "about": about}
        for endpoint, label, about in known
        if may_open(person, endpoint)
    ]
    if visitors.held_before({Role.LABELER}):
        about = _("What is held about your work as a labeler; it stays yours.")
        doors.append({"label": _("My record"), "url": url_for("record.page"), "about": about})
    return doors
