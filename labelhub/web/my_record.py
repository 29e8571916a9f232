"""My record: what is held about a labeler, for their own eyes, to take along and to bring."""

import tempfile
from datetime import date
from http import HTTPStatus
from typing import Any, BinaryIO

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for
from flask_babel import format_date

from labelhub import signing_key
from labelhub.domain.accounts import PER_CARRIER
from labelhub.domain.audiences import LABELER_OR_FORMER
from labelhub.domain.imports import SourceFile
from labelhub.domain.record.carried import CarriedError
from labelhub.domain.vocabulary import PersonId, Role
from labelhub.exports.sealed import public_key
from labelhub.layouts import own_record
from labelhub.services import throttling
from labelhub.services.my_record import carrying, document, printing
from labelhub.services.my_record import pages as reading
from labelhub.web import pages, record_choices, record_pages, uploads
from labelhub.web import record_words as words
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, database, now, read, running, transact
from labelhub.web.languages import gettext as _

bp = Blueprint("record", __name__, url_prefix="/record")

_IN_MEMORY = 1024 * 1024
_MULTIPART = 64 * 1024
_MOST_DIGITS = 18


@bp.get("")
@audience(LABELER_OR_FORMER)
def page() -> Response:
    me = current_person().person_id
    found = read(lambda s: reading.summary(s, me, clock()))
    return pages.render("record/page.html", **record_pages.summary(found))


@bp.get("/exposures")
@audience(LABELER_OR_FORMER)
def exposures() -> Response:
    me, before = current_person().person_id, _before()
    found = read(lambda s: reading.exposures_page(s, me, before, clock()))
    return pages.render("record/exposures.html", **record_pages.exposures(found))


@bp.get("/time")
@audience(LABELER_OR_FORMER)
def time() -> Response:
    me = current_person().person_id
    found = read(lambda s: reading.days(s, me, clock()))
    return pages.render("record/time.html", **record_pages.days(found))


@bp.get("/choices")
@audience(LABELER_OR_FORMER)
def choices() -> Response:
    me = current_person().person_id
    found = read(lambda s: reading.choices_page(s, me, clock()))
    return pages.render("record/choices.html", **record_choices.context(found))


@bp.get("/print")
@audience(LABELER_OR_FORMER)
def printable() -> Response:
    """Send a month to read on paper, drawn into a file piece by piece, however long it is."""
    me, first = current_person().person_id, _month()
    file = _spool()
    with database().reading(snapshot=True) as session:
        month = printing.month(session, me, first, clock())
        context = {
            "name": month.name,
            "email": month.email,
            "month": format_date(month.first, "MMMM yyyy"),
            "issued": month.standing.turn.wall,
            "months": [
                {"label": format_date(one, "MMMM yyyy"), "value": one.isoformat()[:7]}
                for one in printing.months(session, me, clock())
            ],
            "windows": [
                record_pages.window(each, month.standing) for each in month.standing.windows
            ],
            "exposures": (record_pages.exposure(each) for each in month.exposures),
            **record_pages.days([day for day in month.days if day.paid or day.items or day.breaks]),
        }
        template = current_app.jinja_env.get_template("record/print.html")
        current_app.update_template_context(context)
        template.stream(context).dump(file, encoding="utf-8")
    file.seek(0)
    return send_file(file, mimetype="text/html", max_age=0)


@bp.get("/download")
@audience(LABELER_OR_FORMER)
def download() -> Response:
    """Send the whole record as a signed file, made in bounded memory."""
    me, key = current_person().person_id, signing_key.load(running().settings.data)
    file = _spool()
    with database().reading(snapshot=True) as session:
        document.write(session, me, key, file, clock())
    file.seek(0)
    return send_file(
        file, mimetype="application/json", as_attachment=True, max_age=0,
        download_name=f"labelhub-record-{clock().now():%Y-%m-%d}.json",
    )  # fmt: skip


@bp.get("/bring")
@audience(Role.LABELER)
def bring() -> Response:
    return _bring({})


@bp.post("/bring")
@audience(Role.LABELER)
def take() -> Response:
    """Take a record of another installation; it can only lower what remains."""
    request.max_content_length = own_record.LARGEST + _MULTIPART
    given = request.files.get("file")
    if given is None or not given.filename:
        return _bring({"file": _("Choose a file.")})
    me = current_person().person_id
    if not transact(lambda s: throttling.take(s, f"carry:{me.hex}", PER_CARRIER, now())):
        many = _("Many files came in a short time. Nothing was kept of this one; try in an hour.")
        return _bring({"file": many}, HTTPStatus.TOO_MANY_REQUESTS)
    return _taken(me, uploads.keep(given))


def _taken(me: PersonId, kept: SourceFile) -> Response:
    path = uploads.folder() / kept.stored_as
    own = public_key(signing_key.load(running().settings.data))
    try:
        brought = own_record.open_record(path)
        outcome = transact(lambda s: carrying.carry(s, me, brought, own, clock()))
    except CarriedError as error:
        return _bring({"file": words.refusal(error)})
    finally:
        path.unlink(missing_ok=True)
    if outcome.known:
        said = _("This record is here already: nothing has changed.")
    else:
        said = _("It counts from now on: exposures of the last 28 days taken in: %(count)s.",
                 count=outcome.counted)  # fmt: skip
    return pages.go(url_for("record.page"), notice=said)


def _bring(errors: dict[str, str], status: int = HTTPStatus.OK) -> Response:
    if errors and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return pages.render("record/bring.html", status=status, errors=errors, form={})


def _before() -> int | None:
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        abort(HTTPStatus.NOT_FOUND)
    return int(text)


def _month() -> date | None:
    text = request.args.get("month", "")
    if not text:
        return None
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    if not 2000 <= found.year < 9000:  # noqa: PLR2004 there are no other months
        abort(HTTPStatus.NOT_FOUND)
    return found


def _spool() -> BinaryIO:
    """Return a file that stays in memory while it is small, and is gone when it is closed."""
    file: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 sent, then closed
    return file  # type: ignore[no-any-return]  # a file in all but name
