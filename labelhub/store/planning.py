"""What a project has left to rate, counted for the capacity plan."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ProjectId, Severity
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]


@dataclass(frozen=True, slots=True)
class Left:
    """Items of one tier that each want so many more ratings, and their mean length."""

    tier: Severity
    wanting: int
    items: int
    words: int


def left(session: Session, project_id: ProjectId) -> list[Left]:
    """Return the items that are served and want ratings; what is on a screen now counts as left."""
    wanting = _ITEM.c.overlap - _ITEM.c.accepted_count
    statement = (
        sa.select(
            _ITEM.c.tier,
            wanting.label("wanting"),
            sa.func.count().label("items"),
            sa.func.avg(_ITEM.c.words).label("words"),
        )
        .where(
            _ITEM.c.project_id == project_id,
            _ITEM.c.state == "ready",
            _ITEM.c.tier.is_not(None),
            wanting > 0,
        )
        .group_by(_ITEM.c.tier, wanting)
        .order_by(_ITEM.c.tier, wanting)
    )
    return [
        Left(Severity(row.tier), int(row.wanting), row.items, round(row.words or 0))
        for row in session.connection().execute(statement)
    ]
