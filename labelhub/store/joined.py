"""The projects a labeler has joined, each with the team they joined it for."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import OrganisationId, PersonId, ProjectId
from labelhub.tables import metadata

_PROJECT = metadata.tables["project"]
_JOINING = metadata.tables["joining"]
_ORGANISATION = metadata.tables["organisation"]


@dataclass(frozen=True, slots=True)
class Joined:
    """One project of a labeler: whose limits apply to their work in it."""

    project_id: ProjectId
    title: str
    team_id: OrganisationId
    team: str


def of_person(session: Session, person_id: PersonId) -> list[Joined]:
    """Return the projects that the labeler has joined and not left, by title."""
    statement = (
        sa.select(
            _PROJECT.c.id, _PROJECT.c.title,
            _ORGANISATION.c.id.label("team_id"), _ORGANISATION.c.name,
        )
        .select_from(_JOINING)
        .join(_PROJECT, _PROJECT.c.id == _JOINING.c.project_id)
        .join(_ORGANISATION, _ORGANISATION.c.id == _JOINING.c.organisation_id)
        .where(_JOINING.c.person_id == person_id, _JOINING.c.left_at.is_(None))
        .order_by(_PROJECT.c.title, _PROJECT.c.id)
    )  # fmt: skip
    return [
        Joined(ProjectId(row.id), row.title, OrganisationId(row.team_id), row.name)
        for row in session.connection().execute(statement)
    ]
