"""Limits of the installation, of a team, of a project: for those who speak for them."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, abort, request, url_for
from sqlmodel import Session

from labelhub.domain.vocabulary import Role
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.loosening import fresh_sign_in
from labelhub.services.limits import loosening, reading, tightening, whose
from labelhub.services.limits.loosening import Answer
from labelhub.services.limits.whose import NotTheirsError, Whose
from labelhub.web import limit_fields, limit_pages, own_organisations, pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, now, read, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _
from labelhub.web.limits import bp
from labelhub.web.project_scope import project_or_404


@dataclass(frozen=True, slots=True)
class Subject:
    """What one of the three pages is about, and where its forms are sent."""

    whose: Callable[[Session], Whose]
    address: str
    decide: Callable[[UUID], str]
    context: dict[str, Any]


@bp.get("/installation")
@audience(Role.ADMINISTRATOR)
def installation() -> Response:
    return _page(_installation(), Fields())


@bp.post("/installation")
@audience(Role.ADMINISTRATOR)
def change_installation() -> Response:
    return _change(_installation())


@bp.post("/installation/<uuid:request_id>")
@audience(Role.ADMINISTRATOR)
def decide_installation(request_id: UUID) -> Response:
    return _decide(_installation(), request_id)


@bp.get("/team")
@audience(Role.VENDOR_MANAGER)
def vendor() -> Response:
    return _page(_vendor(), Fields())


@bp.post("/team")
@audience(Role.VENDOR_MANAGER)
def change_vendor() -> Response:
    return _change(_vendor())


@bp.post("/team/<uuid:request_id>")
@audience(Role.VENDOR_MANAGER)
def decide_vendor(request_id: UUID) -> Response:
    return _decide(_vendor(), request_id)


@bp.get("/projects/<slug>")
@audience(Role.RESEARCHER)
def project(slug: str) -> Response:
    return _page(_project(slug), Fields())


@bp.post("/projects/<slug>")
@audience(Role.RESEARCHER)
def change_project(slug: str) -> Response:
    return _change(_project(slug))


@bp.post("/projects/<slug>/<uuid:request_id>")
@audience(Role.RESEARCHER)
def decide_project(slug: str, request_id: UUID) -> Response:
    return _decide(_project(slug), request_id)


def _installation() -> Subject:
    me = current_person().person_id
    return Subject(
        lambda session: whose.of_installation(session, me),
        url_for("limits.installation"),
        lambda one: url_for("limits.decide_installation", request_id=one),
        {"name": "", "choices": [], "back": None},
    )


def _vendor() -> Subject:
    own = own_organisations.chosen(Role.VENDOR_MANAGER)
    slug = own.organisation_slug
    return Subject(
        lambda _session: whose.of_vendor(own.organisation_id),
        url_for("limits.vendor", organisation=slug),
        lambda one: url_for("limits.decide_vendor", request_id=one, organisation=slug),
        {
            "name": own.organisation_name,
            "choices": own_organisations.links("limits.vendor", own, Role.VENDOR_MANAGER),
            "back": None,
        },
    )


def _project(slug: str) -> Subject:
    found = project_or_404(slug)
    return Subject(
        lambda _session: whose.of_project(found),
        url_for("limits.project", slug=slug),
        lambda one: url_for("limits.decide_project", slug=slug, request_id=one),
        {"name": found.title, "choices": [], "back": url_for("projects.edit", slug=slug)},
    )


def _page(subject: Subject, fields: Fields, status: int = HTTPStatus.OK) -> Response:
    me = current_person()
    found = _found(subject)
    addresses = {one.request.id: subject.decide(one.request.id) for one in found.waiting}
    return pages.render(
        "limits/layer.html",
        status=status,
        address=subject.address,
        fresh=fresh_sign_in(me.started_at, now()),
        **subject.context,
        **limit_pages.layer(found, fields, addresses),
    )


def _found(subject: Subject) -> reading.Layered:
    me = current_person().person_id
    return read(lambda s: reading.of_layer(s, subject.whose(s), me, clock()))


def _change(subject: Subject) -> Response:
    """Tighten at once, or ask for a loosening: as the button that was pressed says."""
    fields, me, go = Fields(), current_person().person_id, request.form.get("go", "")
    if go not in {"tighten", "ask"}:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    place = "document" if "document" in request.form else "value"
    document = _document(subject, fields, place)
    if fields.valid and document is not None:
        act = tightening.tighten if go == "tighten" else loosening.ask
        try:
            done = transact(lambda s: act(s, subject.whose(s), document, me, clock()))
        except PolicyError as error:
            fields.fail(place, limit_fields.not_accepted(error))
        except NotTheirsError:
            abort(HTTPStatus.NOT_FOUND)
        else:
            return pages.go(subject.address, notice=_said(go, changed=bool(done)))
    return _page(subject, fields, HTTPStatus.UNPROCESSABLE_ENTITY)


def _document(subject: Subject, fields: Fields, place: str) -> limit_fields.Document | None:
    if place == "document":
        return limit_fields.text(fields)
    found = _found(subject)
    return limit_fields.one(fields, limit_fields.settable(), found.own, found.outer)


def _said(go: str, *, changed: bool) -> str:
    if go == "ask":
        return _("Asked. It stays as it is until a second person agrees, later.")
    return _("It holds from now on.") if changed else _("No limit was changed.")


def _decide(subject: Subject, request_id: UUID) -> Response:
    me, go = current_person(), request.form.get("go", "")
    try:
        if go == "withdraw":
            kept = transact(
                lambda s: loosening.withdraw(s, subject.whose(s), request_id, me.person_id, clock())
            )
            answer = _("It stays as it is.") if kept else None
        elif go == "confirm":
            said = transact(
                lambda s: loosening.confirm(
                    s, subject.whose(s), request_id, me.person_id, me.started_at, clock()
                )
            )
            answer = _answer(said)
        else:
            abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotTheirsError:
        answer = None
    if answer is None:
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(subject.address, notice=answer)


def _answer(said: Answer) -> str | None:
    """Return what becomes of a second yes in words; None where there is no such request."""
    words = {
        Answer.DONE: _("It is looser from now on."),
        Answer.EARLY: _("It cannot be confirmed yet. The page says from when."),
        Answer.SAME_PERSON: _("You asked for it, so somebody else has to confirm."),
        Answer.OLD_SIGN_IN: _(
            "To confirm takes a sign-in of the last 15 minutes. Sign out and in again first."
        ),
    }
    return words.get(said)
