"""How hard content is spread over the labelers of a project."""

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.queue import Burden
from labelhub.domain.vocabulary import PersonId, ProjectId
from labelhub.tables import metadata

_JOINING = metadata.tables["joining"]


def of(session: Session, project_id: ProjectId, person_id: PersonId) -> Burden:
    """Return the labeler's hard charge in the project beside the mean of all who joined."""
    row = session.connection().execute(_BURDEN, {"project": project_id, "person": person_id}).one()
    return Burden(int(row.own or 0), int(row.mean or 0))


def add(session: Session, project_id: ProjectId, person_id: PersonId, charge_ps: int) -> None:
    """Count one hard charge; the caller holds the person's turn."""
    session.connection().execute(
        sa.update(_JOINING)
        .where(_JOINING.c.project_id == project_id, _JOINING.c.person_id == person_id)
        .values(hard_ps=_JOINING.c.hard_ps + charge_ps)
    )


_OWN = sa.case((_JOINING.c.person_id == sa.bindparam("person"), _JOINING.c.hard_ps))
_BURDEN = sa.select(
    sa.func.max(_OWN).label("own"), sa.func.avg(_JOINING.c.hard_ps).label("mean")
).where(_JOINING.c.project_id == sa.bindparam("project"), _JOINING.c.left_at.is_(None))
