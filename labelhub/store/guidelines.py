"""Guidelines of projects: versions are added, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import PersonId, ProjectId
from labelhub.tables import metadata

_GUIDELINES = metadata.tables["guidelines"]
_RATING = metadata.tables["rating"]
_PERSON = metadata.tables["person"]


@dataclass(frozen=True, slots=True)
class GuidelinesVersion:
    """One version: as it was written, and as it is shown."""

    version: int
    markdown: str
    html: str
    created_at: datetime
    written_by: str = ""  # the person's name, where a person wrote it


def append(
    session: Session,
    project: Project,
    version: int,
    markdown: str,
    html: str,
    by: PersonId | None,
    now: datetime,
) -> None:
    session.connection().execute(
        sa.insert(_GUIDELINES),
        {
            "project_id": project.id,
            "version": version,
            "markdown": markdown,
            "html": html,
            "written_by": by,
            "created_at": now,
        },
    )


def find(session: Session, project: Project, version: int) -> GuidelinesVersion | None:
    statement = _VERSIONS.where(
        _GUIDELINES.c.project_id == project.id, _GUIDELINES.c.version == version
    )
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else _version(row)


def words(session: Session, project_id: ProjectId, version: int) -> int:
    """Return how many words a version has; 0 where there is none."""
    found = session.connection().execute(
        sa.select(_GUIDELINES.c.markdown).where(
            _GUIDELINES.c.project_id == project_id, _GUIDELINES.c.version == version
        )
    )
    return len((found.scalar_one_or_none() or "").split())


def history(session: Session, project: Project) -> list[GuidelinesVersion]:
    """Return every version, the newest first."""
    statement = _VERSIONS.where(_GUIDELINES.c.project_id == project.id).order_by(
        _GUIDELINES.c.version.desc()
    )
    return [_version(row) for row in session.connection().execute(statement)]


def ratings_by_version(session: Session, project: Project) -> dict[int, int]:
    statement = (
        sa.select(_RATING.c.guidelines_version, sa.func.count())
        .where(
            _RATING.c.project_id == project.id,
            _RATING.c.organisation_id == project.organisation_id,
            _RATING.c.current,
        )
        .group_by(_RATING.c.guidelines_version)
    )
    rows = session.connection().execute(statement)
    return {row[0]: row[1] for row in rows}


_VERSIONS = sa.select(
    _GUIDELINES.c.version,
    _GUIDELINES.c.markdown,
    _GUIDELINES.c.html,
    _GUIDELINES.c.created_at,
    _PERSON.c.name,
).select_from(_GUIDELINES.outerjoin(_PERSON, _PERSON.c.id == _GUIDELINES.c.written_by))


def _version(row: Any) -> GuidelinesVersion:
    return GuidelinesVersion(row.version, row.markdown, row.html, row.created_at, row.name or "")
