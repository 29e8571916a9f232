"""What is left in a project's queue: enough mild items for its hard ones, or too few."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ProjectId, Severity
from labelhub.domain.welfare.timeline import HARD
from labelhub.store import queue

MOST = 2_000
"""Items of a tier that are counted; where there are more, there are enough."""
KEPT = timedelta(seconds=60)
"""How long a count is used: it decides an order, never an admission."""
_MOST_PROJECTS = 256

_counted: dict[ProjectId, tuple[datetime, bool]] = {}


def mild_is_short(session: Session, project_id: ProjectId, now: datetime) -> bool:
    """Say whether fewer mild items wait than hard ones, as of the last minute."""
    known = _counted.get(project_id)
    if known is not None and timedelta() <= now - known[0] < KEPT:
        return known[1]
    if len(_counted) >= _MOST_PROJECTS:
        _counted.clear()
    short = _short(session, project_id)
    _counted[project_id] = (now, short)
    return short


def _short(session: Session, project_id: ProjectId) -> bool:
    waiting = {tier: _waiting(session, project_id, tier) for tier in Severity}
    mild = sum(many for tier, many in waiting.items() if tier < HARD)
    return mild < min(MOST, sum(waiting.values()) - mild)


def _waiting(session: Session, project_id: ProjectId, tier: Severity) -> int:
    asked = {"project": project_id, "tier": int(tier)}
    return int(session.connection().execute(_COUNT, asked).scalar_one())


_COUNT = sa.select(sa.func.count()).select_from(
    queue.lane(sa.literal_column("1").label("one")).limit(MOST).subquery()
)
