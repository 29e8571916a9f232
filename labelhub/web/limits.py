"""My limits: what holds for a labeler and why, making it stricter, and thinking again."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from sqlmodel import Session

from labelhub.domain.vocabulary import Role
from labelhub.domain.welfare.limits import PolicyError
from labelhub.services.limits import loosening, reading, sleeping, tightening, whose
from labelhub.services.limits.loosening import Answer
from labelhub.services.limits.sleeping import SleepError
from labelhub.services.limits.whose import Whose
from labelhub.web import limit_fields, limit_pages, pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, read, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

bp = Blueprint("limits", __name__, url_prefix="/limits")


@bp.get("")
@audience(Role.LABELER)
def own() -> Response:
    return _page(Fields())


@bp.post("/tighten")
@audience(Role.LABELER)
def tighten() -> Response:
    """Make one's own limits stricter; it holds before this is answered."""
    fields, me = Fields(), current_person().person_id
    document = limit_fields.own_tighter(fields, _mine().own.in_force)
    if fields.valid and document is None:
        return _back(_("No limit was changed."))
    if fields.valid and document is not None:
        try:
            transact(lambda s: tightening.tighten(s, _own(s), document, me, clock()))
        except PolicyError:  # stricter ones came meanwhile, from another tab
            fields.fail("highest", _("Your limits changed meanwhile. Look at them first."))
        else:
            return _back(_("It holds from now on."))
    return _page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)


@bp.post("/ask")
@audience(Role.LABELER)
def ask() -> Response:
    """Take the first of two steps to loosen one of one's own limits."""
    fields, me, layer = Fields(), current_person().person_id, _mine().own
    if request.form.get("limit") not in layer.set_here:
        return _back(None)
    document = limit_fields.one(fields, layer.set_here, layer.own, layer.outer)
    if not fields.valid or document is None:
        return _page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        transact(lambda s: loosening.ask(s, _own(s), document, me, clock()))
    except PolicyError:  # asked for already, or changed meanwhile
        return _back(None)
    return _back(_("Nothing changes yet. You are asked once more."))


@bp.post("/requests/<uuid:request_id>")
@audience(Role.LABELER)
def decide(request_id: UUID) -> Response:
    """Say the second yes, or keep the limit as it is."""
    me, go = current_person(), request.form.get("go", "")
    if go == "withdraw":
        kept = transact(lambda s: loosening.withdraw(s, _own(s), request_id, me.person_id, clock()))
        return _back(_("It stays as it is.")) if kept else abort(HTTPStatus.NOT_FOUND)
    if go != "confirm":
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = transact(
        lambda s: loosening.confirm(s, _own(s), request_id, me.person_id, me.started_at, clock())
    )
    if answer is Answer.GONE:
        abort(HTTPStatus.NOT_FOUND)
    if answer is Answer.DONE:
        return _back(_("It is looser from now on. You can make it stricter again at any time."))
    return _back(_("It cannot be confirmed yet. The page says from when."))


@bp.post("/sleep")
@audience(Role.LABELER)
def sleep() -> Response:
    """Declare the main sleep; it counts after seven days."""
    fields, me, go = Fields(), current_person().person_id, request.form.get("go", "")
    if go == "take-back":
        taken = transact(lambda s: sleeping.take_back(s, me, clock()))
        return _back(_("It stays as it is.") if taken else None)
    if go not in {"declare", "none"}:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    hours = limit_fields.main_sleep(fields) if go == "declare" else None
    if fields.valid:
        try:
            changed = transact(lambda s: sleeping.declare(s, me, hours, clock()))
        except SleepError:
            fields.fail("begins", _("A main sleep has from 4 to 14 hours."))
        else:
            return _back(_("It counts after seven days.") if changed else None)
    return _page(fields, HTTPStatus.UNPROCESSABLE_ENTITY)


def _own(session: Session) -> Whose:
    return whose.of_labeler(session, current_person().person_id)


def _mine() -> reading.Mine:
    me = current_person().person_id
    return read(lambda session: reading.of_labeler_self(session, me, clock()))


def _page(fields: Fields, status: int = HTTPStatus.OK) -> Response:
    return pages.render("limits/own.html", status=status, **limit_pages.own(_mine(), fields))


def _back(notice: str | None) -> Response:
    notice = notice or _("Nothing has changed: the page shows how it stands now.")
    return pages.go(url_for("limits.own"), notice=notice)
