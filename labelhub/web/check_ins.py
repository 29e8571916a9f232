"""Check-ins: a page and a panel on which a labeler writes how they are, for their eyes alone.

The only module that may import `services.check_ins`. An answer decides nothing here: what follows
it is the same for each, and acts only when it is chosen (safety-case.md, P-4).
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from sqlmodel import Session

from labelhub import settings
from labelhub.domain.check_ins import LEAST, LONGEST_WORDS, MOST, CheckIn
from labelhub.domain.projects import slug_problems
from labelhub.domain.vocabulary import PersonId, Role
from labelhub.services import check_ins, safeguarding
from labelhub.services.check_ins import Own
from labelhub.web import check_in_panel as panel
from labelhub.web import pages, support
from labelhub.web.access import audience
from labelhub.web.context import EXTENSION, Running, clock, current_person, now, read, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

bp = Blueprint("check_ins", __name__, url_prefix="/check-in")

T = TypeVar("T")
_KEYS = "labelhub-check-ins"
_DRAWN = 30
"""Check-ins in the chart."""
_LISTED = 100
"""Check-ins on one page; the download has all."""


@bp.record
def _take_keys(state: BlueprintSetupState) -> None:
    """Read the vault's keys once, at start; no other module is given them."""
    running = cast("Running", state.app.extensions[EXTENSION])
    state.app.extensions[_KEYS] = settings.check_in_keys(running.settings.check_in_key_file)


@bp.get("")
@audience(Role.LABELER)
def page() -> Response:
    return _page()


@bp.post("")
@audience(Role.LABELER)
def write() -> Response:
    """Keep one answer. Beside the desk the panel then holds the offer; else the page does."""
    slug, fields = _desk(), Fields()
    feeling = fields.whole("feeling", LEAST, MOST)
    words = fields.text("words", longest=LONGEST_WORDS, optional=True)
    if fields.valid:
        check_in = CheckIn(now(), feeling, words)
        if not _changed(lambda s, keys, me: check_ins.write(s, keys, me, check_in)):
            fields.fail("words", _("No more can be kept. Delete some, then write again."))
    if not fields.valid:
        return _not_kept(slug, fields)
    if pages.is_fragment():
        return _panel(panel.thanks(slug))
    return _back(slug, _("Kept, for your eyes alone. Nothing else has changed."))


@bp.post("/not-now")
@audience(Role.LABELER)
def not_now() -> Response:
    """Put the panel away. Nothing is kept of it."""
    slug = _desk()
    if pages.is_fragment():
        return _panel(None)
    return pages.go(url_for("desk.page", slug=slug) if slug else url_for("start.page"))


@bp.post("/delete")
@audience(Role.LABELER)
def delete() -> Response:
    try:
        row_id = UUID(request.form.get("check_in", ""))
    except ValueError:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    gone = _changed(lambda s, keys, me: check_ins.delete(s, keys, me, row_id))
    return _back("", _("Deleted.") if gone else _("It was not there any more."))


@bp.post("/delete-all")
@audience(Role.LABELER)
def delete_all() -> Response:
    _changed(check_ins.delete_all)
    return _back("", _("Deleted. No check-in of yours is kept."))


@bp.post("/stop-today")
@audience(Role.LABELER)
def stop_today() -> Response:
    """Decline hard content for today, as the desk does: no event tells where it was chosen."""
    me = current_person().person_id
    transact(lambda s: safeguarding.stop_today(s, me, clock()))
    return _back(
        _desk(), _("No hard content comes until you have had your daily rest. Nobody is told.")
    )


@bp.get("/download")
@audience(Role.LABELER)
def download() -> Response:
    """Send the labeler all of their own check-ins, oldest first."""
    kept = [one.check_in.to_document() for one in reversed(_own().kept)]
    response = Response(orjson.dumps({"check_ins": kept}), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="check-ins.json"'
    return response


def _page(status: int = HTTPStatus.OK, fields: Fields | None = None) -> Response:
    own = _own()
    drawn = [one.check_in for one in reversed(own.kept[:_DRAWN])]
    typed = ("", "") if fields is None else (fields.values["words"], _problem(fields))
    return pages.render(
        "check_ins/page.html",
        status=status,
        check_in=panel.asking(_desk(), words=typed[0], problem=typed[1]),
        lower=panel.lower_limits(),
        contacts=support.at_hand(),
        points=[{"at": one.at, "feeling": one.feeling} for one in drawn],
        kept=_listed(own),
        total=len(own.kept),
        unreadable=own.unreadable,
    )


def _listed(own: Own) -> list[dict[str, Any]]:
    return [
        {"id": one.id.hex, "at": one.check_in.at, "feeling": one.check_in.feeling,
         "words": one.check_in.words}
        for one in own.kept[:_LISTED]
    ]  # fmt: skip


def _not_kept(slug: str, fields: Fields) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if not pages.is_fragment():
        return _page(status, fields)
    words = fields.values["words"]
    return _panel(panel.asking(slug, words=words, problem=_problem(fields)), status)


def _problem(fields: Fields) -> str:
    return next(iter(fields.errors.values()), "")


def _panel(check_in: dict[str, Any] | None, status: int = HTTPStatus.OK) -> Response:
    return pages.render(
        panel.TEMPLATE, panel.TEMPLATE, status=status, check_in=check_in, beside=False
    )


def _back(slug: str, notice: str) -> Response:
    return pages.go(url_for("check_ins.page", desk=slug or None), notice=notice)


def _desk() -> str:
    """Return the project whose desk the labeler comes from; empty where none is named."""
    slug = request.values.get("desk", "")
    return "" if slug_problems(slug) else slug


def _own() -> Own:
    keys, me = _keys(), current_person().person_id
    return read(lambda session: check_ins.own(session, keys, me))


def _changed(work: Callable[[Session, tuple[str, ...], PersonId], T]) -> T:
    keys, me = _keys(), current_person().person_id
    return transact(lambda session: work(session, keys, me))


def _keys() -> tuple[str, ...]:
    return cast("tuple[str, ...]", current_app.extensions[_KEYS])
