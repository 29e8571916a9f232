"""How many ratings and raters a release would rest on."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import RaterKind
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_RATER = metadata.tables["rater"]


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How many ratings and raters a release would rest on, and from when to when."""

    ratings: int
    complete: int  # items that have all the ratings of their overlap
    labelers: int
    imported: int
    first: datetime | None
    last: datetime | None


def counts(session: Session, project: Project) -> RatingCounts:
    row = session.connection().execute(_COUNTS, {"project": project.id}).one()
    complete = session.connection().execute(_COMPLETE, {"project": project.id}).scalar_one()
    return RatingCounts(
        row.ratings, complete, row.labelers or 0, row.imported or 0, row.first_at, row.last_at
    )


_LABELER = sa.case((_RATER.c.kind == RaterKind.LABELER, _RATING.c.rater_id))
_IMPORTED = sa.case((_RATER.c.kind == RaterKind.IMPORTED, _RATING.c.rater_id))
_COUNTS = (
    sa.select(
        sa.func.count().label("ratings"),
        sa.func.count(sa.distinct(_LABELER)).label("labelers"),
        sa.func.count(sa.distinct(_IMPORTED)).label("imported"),
        sa.func.min(_RATING.c.rated_at).label("first_at"),
        sa.func.max(_RATING.c.rated_at).label("last_at"),
    )
    .join(_RATER, _RATER.c.id == _RATING.c.rater_id)
    .where(_RATING.c.project_id == sa.bindparam("project"), _RATING.c.status != "withdrawn")
)
_COMPLETE = sa.select(sa.func.count()).where(
    _ITEM.c.project_id == sa.bindparam("project"), _ITEM.c.accepted_count == _ITEM.c.overlap
)
