"""Projects as their own laboratory sees them: every look and every change names its scope."""

from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Begun, Declaration, NewProject, Project, Scope
from labelhub.domain.taxonomy import HazardCategory, as_rows
from labelhub.domain.vocabulary import OrganisationId, ProjectId, Severity
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_PROJECT = metadata.tables["project"]
_ITEM = metadata.tables["item"]
_JOINING = metadata.tables["joining"]


class NoSuchProjectError(LookupError):
    """There is no such project, or it is somebody else's: the two are not told apart (S-1)."""


def add(
    session: Session,
    organisation_id: OrganisationId,
    new: NewProject,
    instrument_version: int,
    now: datetime,
) -> ProjectId:
    project_id = ProjectId(new_id())
    session.connection().execute(
        sa.insert(_PROJECT),
        {
            "id": project_id,
            "organisation_id": organisation_id,
            "slug": new.slug,
            "instrument": new.instrument,
            "instrument_version": instrument_version,
            "guidelines_version": 1,
            "created_at": now,
            **_columns(new.declared),
        },
    )
    return project_id


def slug_taken(session: Session, slug: str) -> bool:
    statement = sa.select(sa.exists().where(_PROJECT.c.slug == slug))
    return bool(session.connection().execute(statement).scalar_one())


def find_by_slug(session: Session, scope: Scope, slug: str) -> Project | None:
    statement = sa.select(_PROJECT).where(_PROJECT.c.slug == slug, _within(scope))
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else _project(row)


def get_by_slug(session: Session, scope: Scope, slug: str) -> Project:
    found = find_by_slug(session, scope, slug)
    if found is None:
        raise NoSuchProjectError(slug)
    return found


def get(session: Session, scope: Scope, project_id: ProjectId) -> Project:
    statement = sa.select(_PROJECT).where(_PROJECT.c.id == project_id, _within(scope))
    row = session.connection().execute(statement).one_or_none()
    if row is None:
        raise NoSuchProjectError(str(project_id))
    return _project(row)


def belonging_to(session: Session, scope: Scope) -> list[Project]:
    """Return the projects of some organisations, the newest first."""
    statement = (
        sa.select(_PROJECT)
        .where(_within(scope))
        .order_by(_PROJECT.c.created_at.desc(), _PROJECT.c.slug)
    )
    return [_project(row) for row in session.connection().execute(statement)]


def owner_of(session: Session, slug: str) -> OrganisationId | None:
    """Return whose project it is, for a command-line operator, who acts for every organisation."""
    statement = sa.select(_PROJECT.c.organisation_id).where(_PROJECT.c.slug == slug)
    found = session.connection().execute(statement).scalar_one_or_none()
    return None if found is None else OrganisationId(found)


def change(session: Session, project: Project, declared: Declaration) -> None:
    _update(session, project, **_columns(declared))


def pause(session: Session, project: Project, since: datetime | None) -> None:
    _update(session, project, paused_at=since)


def use_guidelines(session: Session, project: Project, version: int) -> bool:
    """Make the next version the current one; False if somebody else was first."""
    statement = (
        sa.update(_PROJECT)
        .where(
            _PROJECT.c.id == project.id,
            _PROJECT.c.organisation_id == project.organisation_id,
            _PROJECT.c.guidelines_version == version - 1,
        )
        .values(guidelines_version=version)
    )
    return session.connection().execute(statement).rowcount == 1


def begun(session: Session, project: Project) -> Begun:
    items = sa.exists().where(
        _ITEM.c.project_id == project.id, _ITEM.c.organisation_id == project.organisation_id
    )
    joined = sa.exists().where(_JOINING.c.project_id == project.id)
    row = session.connection().execute(sa.select(items.label("i"), joined.label("j"))).one()
    return Begun(has_items=bool(row.i), has_joined=bool(row.j))


def _update(session: Session, project: Project, **values: Any) -> None:
    session.connection().execute(
        sa.update(_PROJECT)
        .where(_PROJECT.c.id == project.id, _PROJECT.c.organisation_id == project.organisation_id)
        .values(**values)
    )


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    return _PROJECT.c.organisation_id.in_(list(scope))


def _columns(declared: Declaration) -> dict[str, object]:
    return {
        "title": declared.title,
        "summary": declared.summary,
        "overlap": declared.overlap,
        "content_notice": declared.content_notice,
        "max_severity": int(declared.max_severity),
        "veil_tier": declared.veil_tier,
        "hazards": orjson.dumps(as_rows(declared.hazards)).decode(),
        "render_style": declared.render_style,
        "language": declared.language,
        "pay_note": declared.pay_note,
    }


def _project(row: Any) -> Project:
    return Project(
        id=ProjectId(row.id),
        organisation_id=OrganisationId(row.organisation_id),
        slug=row.slug,
        instrument=row.instrument,
        instrument_version=row.instrument_version,
        declared=Declaration(
            title=row.title,
            summary=row.summary,
            overlap=row.overlap,
            content_notice=row.content_notice,
            max_severity=Severity(row.max_severity),
            veil_tier=row.veil_tier,
            hazards=tuple(
                HazardCategory(kind["id"], kind["name"], kind.get("definition", ""))
                for kind in orjson.loads(row.hazards)
            ),
            render_style=row.render_style,
            language=row.language,
            pay_note=row.pay_note,
        ),
        guidelines_version=row.guidelines_version,
        created_at=row.created_at,
        paused_at=row.paused_at,
    )
