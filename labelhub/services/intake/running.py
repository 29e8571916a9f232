"""Carrying an import from its file to the queue, whatever interrupts it on the way."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.imports import BatchState, ImportBatch, ImportId, ImportOptions, SourceFile
from labelhub.domain.projects import Project
from labelhub.services.intake.progress import Reports
from labelhub.services.intake.single import SingleImport
from labelhub.store import imports
from labelhub.store.database import Database
from labelhub.store.import_turns import import_turn

_PATIENCE_S = 600
_POLL_S = 0.5
_KEPT = timedelta(days=1)


class BusyImportError(RuntimeError):
    """Another import of the project is not finished, so this one would mistake its rows."""


def run_file(
    database: Database,
    project: Project,
    path: Path,
    options: ImportOptions,
    clock: Clock,
    *,
    uploads: Path,
    reports: Reports | None = None,
) -> ImportBatch:
    """Import a file that lies where a command found it, and return the batch as it ended.

    What a dead process left in the project is finished or cleared first. Killed in the middle,
    nothing of this import is served, and the next one clears it.

    Raises:
        BusyImportError: another import of the project is under way, or waits for a person.

    """
    with import_turn(database, project.id) as held:
        if not held:
            raise BusyImportError(project.slug)
        _settle(database, project, uploads, clock)
        file = SourceFile(path.name, size=path.stat().st_size)
        import_id = database.run(
            lambda session: imports.add(
                session, project, file, options, BatchState.STAGING, None, clock.now()
            )
        )
        single = SingleImport(database, _batch(database, project, import_id), clock, path)
        return single.go(reports)


def finish(
    database: Database, project: Project, import_id: ImportId, *, uploads: Path, clock: Clock
) -> None:
    """Carry one uploaded import on as far as it goes, waiting for the project's turn.

    Made for a thread of its own: whoever asked does not wait.
    """
    for _ in range(int(_PATIENCE_S / _POLL_S)):
        with import_turn(database, project.id) as held:
            if held:
                batch = _batch(database, project, import_id)
                ended = SingleImport(database, batch, clock, _stored(uploads, batch)).go()
                _forget_ended(uploads, ended)
                return
        time.sleep(_POLL_S)


def carry_on(database: Database, *, uploads: Path, clock: Clock) -> None:
    """Finish or clear whatever imports are left, those of dead processes too. Safe to repeat.

    An import whose turn somebody has is left to them. An upload that nobody started within a
    day is forgotten.
    """
    _forget_abandoned(database, uploads, clock)
    with database.reading() as session:
        waiting = imports.unsettled(session)
    for each in waiting:
        with import_turn(database, each.project_id) as held:
            if held:
                ended = SingleImport(database, each, clock, _stored(uploads, each)).go()
                _forget_ended(uploads, ended)


def _settle(database: Database, project: Project, uploads: Path, clock: Clock) -> None:
    """Finish or clear what is left in a project, under its turn."""
    with database.reading() as session:
        others = imports.unsettled(session, project.id)
    for each in others:
        left = SingleImport(database, each, clock, _stored(uploads, each)).go()
        if left.state is BatchState.RENDERED:
            raise BusyImportError(left.file_name)


def _batch(database: Database, project: Project, import_id: ImportId) -> ImportBatch:
    with database.reading() as session:
        found = imports.find(session, (project.organisation_id,), import_id)
    if found is None:
        raise LookupError(str(import_id))
    return found


def _stored(uploads: Path, batch: ImportBatch) -> Path | None:
    return uploads / batch.stored_as if batch.stored_as else None


def _forget_abandoned(database: Database, uploads: Path, clock: Clock) -> None:
    with database.reading() as session:
        left = imports.abandoned(session, clock.now() - _KEPT)
    for batch in left:
        _withdraw_upload(database, batch, clock)
        forget_upload(uploads, batch)


def _withdraw_upload(database: Database, batch: ImportBatch, clock: Clock) -> None:
    def work(session: Session) -> None:
        ended = clock.now()
        before = {BatchState.UPLOADED}
        imports.move(session, batch.id, before, BatchState.WITHDRAWN, ended_at=ended)

    database.run(work)


def _forget_ended(uploads: Path, batch: ImportBatch) -> None:
    """Delete the uploaded file once its rows are in the database, or will never be."""
    if batch.state not in {BatchState.UPLOADED, BatchState.STAGING}:
        forget_upload(uploads, batch)


def forget_upload(uploads: Path, batch: ImportBatch) -> None:
    path = _stored(uploads, batch)
    if path is not None:
        with suppress(FileNotFoundError):
            path.unlink()
