"""Import batches: where each stands, and the rows that were refused."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.imports import (
    UNDER_WAY,
    BatchState,
    ImportBatch,
    ImportId,
    ImportOptions,
    SourceFile,
)
from labelhub.domain.items import BadRow
from labelhub.domain.projects import Project, Scope
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_BATCH = metadata.tables["import_batch"]
_PROBLEM = metadata.tables["import_problem"]
_ITEM = metadata.tables["item"]

_NAME = 200
_FIELD = 120
_REASON = 1_000


def add(
    session: Session,
    project: Project,
    file: SourceFile,
    options: ImportOptions,
    state: BatchState,
    by: PersonId | None,
    now: datetime,
) -> ImportId:
    import_id = ImportId(new_id())
    counts = ("bytes_read", "rows", "added", "known", "refused", "rendered", "ratings")
    session.connection().execute(
        sa.insert(_BATCH),
        {
            "id": import_id, "organisation_id": project.organisation_id, "project_id": project.id,
            "file_name": _storable(file.name, _NAME), "stored_as": file.stored_as,
            "file_sha256": file.sha256, "bytes_total": file.size, "layout": options.layout,
            "options": _options_text(options), "state": state, "message": "", "created_by": by,
            "created_at": now, **dict.fromkeys(counts, 0),
        },
    )  # fmt: skip
    return import_id


def find(session: Session, scope: Scope, import_id: ImportId) -> ImportBatch | None:
    statement = sa.select(_BATCH).where(
        _BATCH.c.id == import_id, _BATCH.c.organisation_id.in_(list(scope))
    )
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else _batch(row)


def of_project(session: Session, project: Project, limit: int) -> list[ImportBatch]:
    """Return the newest imports of a project, those that nobody confirmed left out."""
    statement = (
        sa.select(_BATCH)
        .where(
            _BATCH.c.project_id == project.id,
            _BATCH.c.organisation_id == project.organisation_id,
            _BATCH.c.state != BatchState.UPLOADED,
        )
        .order_by(_BATCH.c.created_at.desc())
        .limit(limit)
    )
    return [_batch(row) for row in session.connection().execute(statement)]


def uploaded(session: Session, project: Project) -> list[ImportBatch]:
    """Return the files of a project that nobody has started to import."""
    statement = sa.select(_BATCH).where(
        _BATCH.c.project_id == project.id,
        _BATCH.c.organisation_id == project.organisation_id,
        _BATCH.c.state == BatchState.UPLOADED,
    )
    return [_batch(row) for row in session.connection().execute(statement)]


def abandoned(session: Session, before: datetime) -> list[ImportBatch]:
    """Return the files that nobody started to import in time."""
    statement = sa.select(_BATCH).where(
        _BATCH.c.state == BatchState.UPLOADED, _BATCH.c.created_at < before
    )
    return [_batch(row) for row in session.connection().execute(statement)]


def has_withdrawn(session: Session, batch: ImportBatch) -> bool:
    """Whether items of the batch were served once and could be again."""
    statement = sa.select(
        sa.exists().where(_ITEM.c.batch_id == batch.id, _ITEM.c.state == "withdrawn")
    )
    return bool(session.connection().execute(statement).scalar_one())


def unsettled(session: Session, project_id: ProjectId | None = None) -> list[ImportBatch]:
    """Return the imports that still have something to be done, oldest first: a project's, or all.

    Also those that were withdrawn and whose rows are still to be cleared.
    """
    ended = _BATCH.c.state.in_([BatchState.WITHDRAWN, BatchState.REFUSED])
    statement = (
        sa.select(_BATCH)
        .where(
            sa.or_(
                _BATCH.c.state.in_(sorted(UNDER_WAY)),
                sa.and_(ended, _BATCH.c.ended_at.is_(None)),
            )
        )
        .order_by(_BATCH.c.created_at)
    )
    if project_id is not None:
        statement = statement.where(_BATCH.c.project_id == project_id)
    return [_batch(row) for row in session.connection().execute(statement)]


def move(
    session: Session,
    import_id: ImportId,
    before: Collection[BatchState],
    after: BatchState,
    **values: Any,
) -> bool:
    """Change the state if it is one of *before*; tell whether it was."""
    statement = (
        sa.update(_BATCH)
        .where(_BATCH.c.id == import_id, _BATCH.c.state.in_(sorted(before)))
        .values(state=after, **values)
    )
    return session.connection().execute(statement).rowcount == 1


def reset(session: Session, import_id: ImportId) -> bool:
    """Begin staging from the first row again; what is staged already is recognised."""
    session.connection().execute(sa.delete(_PROBLEM).where(_PROBLEM.c.batch_id == import_id))
    zeros = dict.fromkeys(("bytes_read", "rows", "added", "known", "refused", "ratings"), 0)
    return move(session, import_id, {BatchState.STAGING}, BatchState.STAGING, **zeros)


def advance(session: Session, import_id: ImportId, state: BatchState, **counts: int) -> bool:
    """Count up while the batch is in *state*; False when somebody changed it meanwhile."""
    absolute = {name: counts.pop(name) for name in ("bytes_read",) if name in counts}
    statement = (
        sa.update(_BATCH)
        .where(_BATCH.c.id == import_id, _BATCH.c.state == state)
        .values(**{name: _BATCH.c[name] + count for name, count in counts.items()}, **absolute)
    )
    return session.connection().execute(statement).rowcount == 1


def describe(session: Session, import_id: ImportId, options: ImportOptions) -> None:
    session.connection().execute(
        sa.update(_BATCH)
        .where(_BATCH.c.id == import_id)
        .values(options=_options_text(options), layout=options.layout)
    )


def add_problems(session: Session, import_id: ImportId, rows: Iterable[BadRow]) -> None:
    values = [
        {
            "batch_id": import_id,
            "line": row.line,
            "field": _storable(row.field, _FIELD),
            "reason": _storable(row.reason, _REASON),
        }
        for row in rows
    ]
    if values:
        session.connection().execute(sa.insert(_PROBLEM), values)


def problems(session: Session, batch: ImportBatch, limit: int) -> list[BadRow]:
    statement = (
        sa.select(_PROBLEM.c.line, _PROBLEM.c.field, _PROBLEM.c.reason)
        .where(_PROBLEM.c.batch_id == batch.id)
        .order_by(_PROBLEM.c.line, _PROBLEM.c.id)
        .limit(limit)
    )
    rows = session.connection().execute(statement)
    return [BadRow(row.line, row.field, row.reason) for row in rows]


def _storable(text: str, longest: int) -> str:
    """Cut a reason to its column, without what no database can hold."""
    plain = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _options_text(options: ImportOptions) -> str:
    document = {
        "layout": options.layout,
        "mapping": dict(options.mapping),
        "severity": options.severity,
        "with_ratings": options.with_ratings,
        "keep_good": options.keep_good,
        "ask": options.ask,
        "questions": options.questions,
    }
    return orjson.dumps(document).decode()


def _options(text: str) -> ImportOptions:
    document = orjson.loads(text)
    severity = document.pop("severity")
    return ImportOptions(severity=Declared(severity) if severity else None, **document)


def _batch(row: Any) -> ImportBatch:
    return ImportBatch(
        id=ImportId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        project_id=ProjectId(row.project_id),
        file_name=row.file_name,
        stored_as=row.stored_as,
        options=_options(row.options),
        state=BatchState(row.state),
        message=row.message,
        bytes_total=row.bytes_total,
        bytes_read=row.bytes_read,
        rows=row.rows,
        added=row.added,
        known=row.known,
        refused=row.refused,
        rendered=row.rendered,
        ratings=row.ratings,
        created_at=row.created_at,
        ended_at=row.ended_at,
    )
