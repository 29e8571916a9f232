"""Openings: to whose labelers a project is offered."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import OrganisationId, OrganisationKind
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_OPENING = metadata.tables["project_opening"]
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
    statement = (
        sa.select(
            _ORGANISATION.c.id,
            _ORGANISATION.c.slug,
            _ORGANISATION.c.name,
            _ORGANISATION.c.kind,
            _OPENING.c.opened_at,
        )
        .select_from(
            _ORGANISATION.outerjoin(
                _OPENING,
                (_OPENING.c.organisation_id == _ORGANISATION.c.id)
                & (_OPENING.c.project_id == project.id)
                & _OPENING.c.closed_at.is_(None),
            )
        )
        .where(
            sa.or_(
                _ORGANISATION.c.kind == OrganisationKind.VENDOR,
                _ORGANISATION.c.id == project.organisation_id,
            )
        )
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
