"""Bringing a file in by the browser: upload, look at ten rows, watch, publish or withdraw."""

import json
import threading
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from flask import Response, abort, request, url_for

from labelhub.domain.imports import BatchState, ImportBatch, ImportId, ImportOptions
from labelhub.domain.projects import Project
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import Role
from labelhub.layouts import FIELDS, LAYOUTS, UnreadableFileError
from labelhub.services import imports, intake
from labelhub.services.imports import NoSuchImportError, UnfinishedImportError
from labelhub.services.projects import NoSuchProjectError
from labelhub.web import import_pages, pages, uploads
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, database, now, read, transact
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _
from labelhub.web.project_scope import project_or_404, scope
from labelhub.web.projects import bp

__all__ = ["bp"]

log = structlog.get_logger(__name__)

_SEVERITIES = {"": None, "unknown": Declared.UNKNOWN} | {
    str(number): Declared(f"S{number}") for number in range(5)
}
_MULTIPART = 1024 * 1024
"""Room for the form around the file."""


@bp.get("/<slug>/import")
@audience(Role.RESEARCHER)
def import_file(slug: str) -> Response:
    return import_pages.file(project_or_404(slug), Fields())


@bp.post("/<slug>/import")
@audience(Role.RESEARCHER)
def upload(slug: str) -> Response:
    request.max_content_length = uploads.LARGEST + _MULTIPART
    project = project_or_404(slug)
    fields = Fields()
    severity = fields.choice("severity", _SEVERITIES)
    layout = fields.choice("layout", ["", *LAYOUTS])
    fields.values["ratings"] = request.form.get("ratings", "")[:8]
    given = request.files.get("file")
    if given is None or not given.filename:
        fields.fail("file", _("Choose a file."))
    if not fields.valid or given is None:
        return import_pages.file(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    options = ImportOptions(
        layout=layout or "",
        severity=_SEVERITIES[severity or ""],
        with_ratings=fields.values["ratings"] == "yes",
    )
    file = uploads.keep(given)
    by = current_person().person_id
    import_id, replaced = transact(
        lambda session: imports.receive(session, scope(), slug, file, options, by, now())
    )
    for batch in replaced:
        intake.forget_upload(uploads.folder(), batch)
    try:
        _look(project, _found(slug, import_id)[1])
    except UnreadableFileError as error:
        _let_go(slug, import_id)
        fields.fail("file", str(error))
        return import_pages.file(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    return pages.go(url_for("projects.import_confirm", slug=slug, import_id=import_id))


@bp.get("/<slug>/import/<uuid:import_id>/rows")
@audience(Role.RESEARCHER)
def import_confirm(slug: str, import_id: UUID) -> Response:
    project, batch = _found(slug, import_id)
    if batch.state is not BatchState.UPLOADED:
        return pages.go(url_for("projects.import_status", slug=slug, import_id=import_id))
    return _confirm(project, batch, Fields())


@bp.post("/<slug>/import/<uuid:import_id>/rows")
@audience(Role.RESEARCHER)
def import_start(slug: str, import_id: UUID) -> Response:
    project, batch = _found(slug, import_id)
    here = url_for("projects.import_confirm", slug=slug, import_id=import_id)
    if batch.state is not BatchState.UPLOADED:
        return pages.go(here)
    fields = Fields()
    layout = fields.choice("layout", LAYOUTS)
    options = replace(batch.options, layout=layout or "", mapping=_mapping(layout or "", fields))
    batch = replace(batch, options=options)
    if not fields.valid:
        return _confirm(project, batch, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    if request.form.get("go") != "import":
        transact(lambda session: imports.choose(session, batch, options))
        return pages.go(here)
    if warning := _look(project, batch).warning:
        fields.fail("layout", warning)
        return _confirm(project, batch, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        transact(lambda session: imports.start(session, batch, options))
    except UnfinishedImportError:
        fields.fail("layout", _("Another import of this project waits: publish or withdraw it."))
        return _confirm(project, batch, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    _carry_on(project, batch)
    return pages.go(url_for("projects.import_status", slug=slug, import_id=import_id))


@bp.get("/<slug>/import/<uuid:import_id>")
@audience(Role.RESEARCHER)
def import_status(slug: str, import_id: UUID) -> Response:
    project, batch = _found(slug, import_id)
    if batch.state is BatchState.UPLOADED:
        return pages.go(url_for("projects.import_confirm", slug=slug, import_id=import_id))
    found = read(lambda session: imports.problems(session, batch, import_pages.PROBLEMS))
    return import_pages.status(project, batch, found)


@bp.post("/<slug>/import/<uuid:import_id>/publish")
@audience(Role.RESEARCHER)
def import_publish(slug: str, import_id: UUID) -> Response:
    project, batch = _found(slug, import_id)
    if transact(lambda session: imports.publish(session, batch)):
        _carry_on(project, batch)
    return pages.go(url_for("projects.import_status", slug=slug, import_id=import_id))


@bp.post("/<slug>/import/<uuid:import_id>/withdraw")
@audience(Role.RESEARCHER)
def import_withdraw(slug: str, import_id: UUID) -> Response:
    project, batch = _found(slug, import_id)
    if transact(lambda session: imports.withdraw(session, batch)):
        _carry_on(project, batch)
    return pages.go(url_for("projects.import_status", slug=slug, import_id=import_id))


@bp.get("/<slug>/import/<uuid:import_id>/rejects")
@audience(Role.RESEARCHER)
def import_rejects(slug: str, import_id: UUID) -> Response:
    """Send the refused rows with their reasons: a download, never shown by the browser."""
    _project, batch = _found(slug, import_id)
    rows = read(lambda session: imports.problems(session, batch, import_pages.REJECTS))
    lines = (
        json.dumps({"line": row.line, "field": row.field, "reason": row.reason}) + "\n"
        for row in rows
    )
    response = Response("".join(lines), mimetype="application/x-ndjson")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{import_id}.jsonl"'
    return response


def _found(slug: str, import_id: UUID) -> tuple[Project, ImportBatch]:
    try:
        return read(lambda session: imports.of(session, scope(), slug, import_id))
    except (NoSuchImportError, NoSuchProjectError):
        abort(HTTPStatus.NOT_FOUND)


def _look(project: Project, batch: ImportBatch) -> intake.Look:
    path = uploads.folder() / batch.stored_as
    if not path.exists():
        abort(HTTPStatus.NOT_FOUND)
    return intake.look(path, project, batch, clock())


def _confirm(
    project: Project, batch: ImportBatch, fields: Fields, status: int = HTTPStatus.OK
) -> Response:
    try:
        looked = _look(project, batch)
    except UnreadableFileError as error:
        fields.fail("file", str(error))
        return import_pages.file(project, fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    return import_pages.confirm(project, batch, looked, fields, status)


def _mapping(layout: str, fields: Fields) -> dict[str, str]:
    """Read which column holds which field; a column of the field's own name needs no mapping."""
    mapping: dict[str, str] = {}
    for field in sorted(FIELDS):
        column = request.form.get(f"map-{field}", "")[: import_pages.LONGEST_COLUMN]
        fields.values[f"map-{field}"] = column
        if column and column != field and layout in intake.GENERIC_LAYOUTS:
            mapping[field] = column
    return mapping


def _let_go(slug: str, import_id: ImportId) -> None:
    project, batch = _found(slug, import_id)
    transact(lambda session: imports.withdraw(session, batch))
    _carry_on(project, batch)


def _carry_on(project: Project, batch: ImportBatch) -> None:
    """Do the work in a thread of its own; if this process dies, the next one goes on."""
    held: dict[str, Any] = {"uploads": uploads.folder(), "clock": clock()}
    work = threading.Thread(
        target=_finish, args=(database(), project, batch.id, held), name="import", daemon=True
    )
    work.start()


def _finish(store: Any, project: Project, import_id: ImportId, held: dict[str, Any]) -> None:
    try:
        intake.finish(store, project, import_id, **held)
    except Exception as error:  # noqa: BLE001 a thread has nobody to raise to
        log.error("import_failed", import_id=str(import_id), error=type(error).__name__)  # noqa: TRY400 a trace can quote items
