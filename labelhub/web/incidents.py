"""Incidents of a lab: items that were stopped, and an auditor's decision about each."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, url_for

from labelhub.domain.projects import Scope
from labelhub.domain.vocabulary import Role
from labelhub.services import incidents
from labelhub.services.incidents import Incident
from labelhub.web import pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, read, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

bp = Blueprint("incidents", __name__, url_prefix="/incidents")
_LONGEST_REASON = 1_000


@bp.get("")
@audience(Role.AUDITOR, Role.RESEARCHER)
def page() -> Response:
    mine = _scope()
    found = read(lambda session: incidents.listing(session, mine))
    return pages.render("incidents/page.html", incidents=[_row(one) for one in found])


@bp.get("/<uuid:incident_id>")
@audience(Role.AUDITOR, Role.RESEARCHER)
def one(incident_id: UUID) -> Response:
    return _one(incident_id, Fields())


@bp.post("/<uuid:incident_id>")
@audience(Role.AUDITOR)
def close(incident_id: UUID) -> Response:
    """Close an incident with a reason; the decision is an event of the lab's record."""
    fields = Fields()
    outcome = fields.choice("outcome", incidents.OUTCOMES)
    reason = fields.text("reason", longest=_LONGEST_REASON)
    if not fields.valid or outcome is None:
        return _one(incident_id, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    me, mine = current_person().person_id, _audited()
    closed = transact(
        lambda session: incidents.close(session, mine, incident_id, outcome, reason, me, clock())
    )
    if not closed:
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(url_for("incidents.page"), notice=_("The incident is closed."))


def _audited() -> Scope:
    return current_person().organisations(Role.AUDITOR)


def _scope() -> Scope:
    return (*_audited(), *current_person().organisations(Role.RESEARCHER))


def _one(incident_id: UUID, fields: Fields, status: int = HTTPStatus.OK) -> Response:
    mine = _scope()
    found = read(lambda session: incidents.find(session, mine, incident_id))
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return pages.render(
        "incidents/one.html",
        status=status,
        incident=_row(found),
        decides=found.closed_at is None and found.organisation_id in _audited(),
        form=fields.values,
        errors=fields.errors,
    )


def _row(one: Incident) -> dict[str, Any]:
    return {
        "url": url_for("incidents.one", incident_id=one.id),
        "item": one.item_name,
        "file": one.file_name,
        "line": one.line,
        "project": one.project_title,
        "opened": one.opened_at,
        "closed": one.closed_at,
        "outcome": one.outcome,
        "reason": one.reason,
    }
