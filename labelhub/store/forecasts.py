"""What a project's items are said to be, and what the people who rated them found."""

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ProjectId, Severity
from labelhub.domain.welfare.timeline import HARD
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_ASSIGNMENT = metadata.tables["assignment"]

MOST = 2_000
"""Rated items that are looked at: a join page must not wait for a million of them."""


def items_by_severity(session: Session, project_id: ProjectId) -> dict[Severity, int]:
    """Count the items that can be served, by the severity they are served at."""
    rows = session.connection().execute(_ITEMS, {"project": project_id})
    return {Severity(row.tier): row.many for row in rows}


def found(session: Session, project_id: ProjectId) -> list[tuple[Severity, Severity]]:
    """Return, of rated hard items, the severity each was served at and the one that was found."""
    rows = session.connection().execute(_FOUND, {"project": project_id})
    return [(Severity(row.severity), _worst(row.harm)) for row in rows]


def _worst(harm: str) -> Severity:
    said = orjson.loads(harm)["completions"]
    return Severity(max((one["severity"] for one in said), default=0))


_ITEMS = (
    sa.select(_ITEM.c.tier, sa.func.count().label("many"))
    .where(_ITEM.c.project_id == sa.bindparam("project"), _ITEM.c.state == "ready")
    .group_by(_ITEM.c.tier)
)
_FOUND = (
    sa.select(_ASSIGNMENT.c.severity, _RATING.c.harm)
    .select_from(_ITEM)
    .join(_RATING, _RATING.c.item_id == _ITEM.c.id)
    .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _RATING.c.assignment_id)
    .where(
        _ITEM.c.project_id == sa.bindparam("project"),
        _ITEM.c.tier >= int(HARD),
        _ASSIGNMENT.c.severity >= int(HARD),
        _RATING.c.current,
        _RATING.c.harm != "",
        _RATING.c.status.in_(("accepted", "late")),
    )
    .order_by(_RATING.c.id.desc())
    .limit(MOST)
)
