"""The register of releases: what was built, when, by whom, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import PersonId
from labelhub.identifiers import new_id
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_RELEASE = metadata.tables["release"]


@dataclass(frozen=True, slots=True)
class Registered:
    """A release in the register."""

    id: UUID
    name: str
    format: str
    file_type: str
    state: str
    message: str
    folder: str
    manifest: Mapping[str, Any]
    digest: str
    created_at: datetime


def register(
    session: Session,
    project: Project,
    name: str,
    values: Mapping[str, Any],
    by: PersonId | None,
    now: datetime,
) -> UUID:
    """Note a release that is being built; `values` are its format, file type and options."""
    release_id = new_id()
    options = {**values["options"], "name": name}
    insert_unless_known(
        session,
        _RELEASE,
        {
            "id": release_id, "organisation_id": project.organisation_id,
            "project_id": project.id, "format": values["format"],
            "file_type": values["file_type"], "options": orjson.dumps(options).decode(),
            "state": "building", "message": "", "folder": values["folder"], "manifest": "",
            "digest": "", "snapshot_at": now, "created_by": by, "created_at": now,
        },
    )  # fmt: skip
    return release_id


def finish(
    session: Session, release_id: UUID, manifest: Mapping[str, Any], digest: str, now: datetime
) -> None:
    _end(session, release_id, now, state="complete", digest=digest,
         manifest=orjson.dumps(manifest).decode())  # fmt: skip


def fail(session: Session, release_id: UUID, message: str, now: datetime) -> None:
    _end(session, release_id, now, state="failed", message=message)


def of_project(session: Session, project: Project) -> list[Registered]:
    """Return the project's releases, the newest first."""
    statement = (
        sa.select(_RELEASE)
        .where(_RELEASE.c.project_id == project.id)
        .order_by(_RELEASE.c.created_at.desc())
    )
    return [_registered(row) for row in session.connection().execute(statement)]


def find(session: Session, project: Project, release_id: UUID) -> Registered | None:
    statement = sa.select(_RELEASE).where(
        _RELEASE.c.project_id == project.id, _RELEASE.c.id == release_id
    )
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else _registered(row)


def _end(session: Session, release_id: UUID, now: datetime, **values: object) -> None:
    session.connection().execute(
        sa.update(_RELEASE).where(_RELEASE.c.id == release_id).values(ended_at=now, **values)
    )


def _registered(row: Any) -> Registered:
    options = orjson.loads(row.options)
    return Registered(
        id=row.id, name=options.get("name", ""), format=row.format, file_type=row.file_type,
        state=row.state, message=row.message, folder=row.folder,
        manifest=orjson.loads(row.manifest) if row.manifest else {}, digest=row.digest,
        created_at=row.created_at,
    )  # fmt: skip
