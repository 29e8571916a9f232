"""Openings: to whose labelers a project is offered."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project, Scope
from labelhub.domain.vocabulary import OrganisationId, OrganisationKind
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_OPENING = metadata.tables["project_opening"]
_PROJECT = metadata.tables["project"]
_ORGANISATION = metadata.tables["organisation"]


@dataclass(frozen=True, slots=True)
class Team:
    """An organisation whose labelers a project could have, and whether it is open to them."""

    id: OrganisationId
    slug: str
    name: str
    kind: OrganisationKind
    open_since: datetime | None


def teams(session: Session, project: Project) -> list[Team]:
    """Return the vendors and the project's own lab, with the openings in force."""
    opening = sa.and_(
        _OPENING.c.organisation_id == _ORGANISATION.c.id,
        _OPENING.c.project_id == project.id,
        _OPENING.c.closed_at.is_(None),
    )
    return _teams(session, project.organisation_id, opening)


def possible(session: Session, lab: OrganisationId) -> list[Team]:
    """Return the teams of a project that is not made yet."""
    return _teams(session, lab, sa.false())


def open_slugs(session: Session, scope: Scope) -> frozenset[str]:
    statement = (
        sa.select(_PROJECT.c.slug)
        .join(_OPENING, _OPENING.c.project_id == _PROJECT.c.id)
        .where(
            _PROJECT.c.organisation_id.in_(list(scope)),
            _PROJECT.c.paused_at.is_(None),
            _OPENING.c.closed_at.is_(None),
        )
    )
    return frozenset(session.connection().execute(statement).scalars())


def _teams(session: Session, lab: OrganisationId, opening: sa.ColumnElement[bool]) -> list[Team]:
    statement = (
        sa.select(
            _ORGANISATION.c.id,
            _ORGANISATION.c.slug,
            _ORGANISATION.c.name,
            _ORGANISATION.c.kind,
            _OPENING.c.opened_at,
        )
        .select_from(_ORGANISATION.outerjoin(_OPENING, opening))
        .where(sa.or_(_ORGANISATION.c.kind == OrganisationKind.VENDOR, _ORGANISATION.c.id == lab))
        .order_by(_ORGANISATION.c.name, _ORGANISATION.c.slug)
    )
    return [
        Team(OrganisationId(row.id), row.slug, row.name, row.kind, row.opened_at)
        for row in session.connection().execute(statement)
    ]


def open_to(session: Session, project: Project, team: OrganisationId, now: datetime) -> None:
    key = {"project_id": project.id, "organisation_id": team}
    if not insert_unless_known(session, _OPENING, {**key, "opened_at": now}):
        session.connection().execute(
            sa.update(_OPENING)
            .filter_by(**key)
            .where(_OPENING.c.closed_at.is_not(None))
            .values(opened_at=now, closed_at=None)
        )


def close_to(session: Session, project: Project, team: OrganisationId, now: datetime) -> None:
    """End the offer there: from now on nothing of the project is served to that team."""
    session.connection().execute(
        sa.update(_OPENING)
        .filter_by(project_id=project.id, organisation_id=team)
        .where(_OPENING.c.closed_at.is_(None))
        .values(closed_at=now)
    )
