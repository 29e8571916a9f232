"""Imports as a researcher steers them: upload, look, start, publish, withdraw."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from labelhub.domain.imports import (
    WITHDRAWABLE,
    BatchState,
    ImportBatch,
    ImportId,
    ImportOptions,
    SourceFile,
)
from labelhub.domain.items import BadRow
from labelhub.domain.projects import Project, Scope
from labelhub.domain.vocabulary import PersonId
from labelhub.store import imports, projects

LISTED = 50


class NoSuchImportError(LookupError):
    """There is no such import in this project, or the project is somebody else's."""


class UnfinishedImportError(RuntimeError):
    """Another import of the project is not finished, so this one cannot start."""


def receive(
    session: Session,
    scope: Scope,
    slug: str,
    file: SourceFile,
    options: ImportOptions,
    by: PersonId,
    now: datetime,
) -> tuple[ImportId, list[ImportBatch]]:
    """Keep an uploaded file for a person to look at.

    Files of the same project that nobody started to import are let go: they are returned.
    """
    project = projects.get_by_slug(session, scope, slug)
    replaced = imports.uploaded(session, project)
    for batch in replaced:
        imports.move(session, batch.id, {BatchState.UPLOADED}, BatchState.WITHDRAWN, ended_at=now)
    import_id = imports.add(session, project, file, options, BatchState.UPLOADED, by, now)
    return import_id, replaced


def of(session: Session, scope: Scope, slug: str, import_id: UUID) -> tuple[Project, ImportBatch]:
    project = projects.get_by_slug(session, scope, slug)
    batch = imports.find(session, scope, ImportId(import_id))
    if batch is None or batch.project_id != project.id:
        raise NoSuchImportError(str(import_id))
    return project, batch


def of_project(session: Session, project: Project) -> list[ImportBatch]:
    return imports.of_project(session, project, LISTED)


def problems(session: Session, batch: ImportBatch, limit: int) -> list[BadRow]:
    return imports.problems(session, batch, limit)


def choose(session: Session, batch: ImportBatch, options: ImportOptions) -> None:
    """Keep what a person chose while looking."""
    if batch.state is BatchState.UPLOADED:
        imports.describe(session, batch.id, options)


def start(session: Session, batch: ImportBatch, options: ImportOptions) -> None:
    """Let the file be read. Its good rows are kept, and a person is asked before publishing.

    Raises:
        UnfinishedImportError: what another import has staged would be mistaken for known.

    """
    if imports.unsettled(session, batch.project_id):
        raise UnfinishedImportError
    imports.describe(session, batch.id, replace(options, keep_good=True, ask=True))
    imports.move(session, batch.id, {BatchState.UPLOADED}, BatchState.STAGING)


def publish(session: Session, batch: ImportBatch) -> bool:
    """Let the items be served; also those of an import that was withdrawn after publishing."""
    before = {BatchState.RENDERED}
    if batch.state is BatchState.WITHDRAWN and imports.has_withdrawn(session, batch):
        before = {BatchState.WITHDRAWN}
    return imports.move(session, batch.id, before, BatchState.PUBLISHING, ended_at=None)


def withdraw(session: Session, batch: ImportBatch) -> bool:
    """Take back everything of an import: what nobody has seen is deleted, the rest unserved.

    `services.intake` does it, in short steps; until then the import has not ended.
    """
    return imports.move(session, batch.id, WITHDRAWABLE, BatchState.WITHDRAWN, ended_at=None)
