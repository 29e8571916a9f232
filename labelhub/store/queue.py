"""Walking a project's queue: what to consider next, at a cost that does not grow with it.

A lane is one (project, tier, level): level is how many labelers have an item already. Within a
lane the order is random and fixed at import. The look at the front of a tier is one index range
over all levels, least-rated first, and nearly always enough. Only a labeler who has had everything
at the front walks on, from a stored cursor, through a bounded number of rows a request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ItemId, PersonId, ProjectId, Severity, SeveritySource
from labelhub.store.prepared import Prepared, at_most
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_ASSIGNMENT = metadata.tables["assignment"]
_HAZARD = metadata.tables["item_hazard"]
_CURSOR = metadata.tables["queue_cursor"]

FRONT = 8
"""Items looked at first; also how far labelers are spread, so that they do not race for one."""
STEP = 64
STEPS = 24
"""At most STEP × STEPS rows are passed over in one request."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item with a free slot, as the queue and the gate see it."""

    item_id: ItemId
    level: int
    position: int
    severity: Severity | None
    severity_source: SeveritySource | None
    tier: Severity
    hazards: tuple[str, ...]
    completions: int
    words: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk found. `unfinished` says that more rows wait behind the request's bound."""

    rows: tuple[Any, ...]
    unfinished: bool = False

    @property
    def levels(self) -> list[int]:
        """Return how many labelers have each item already, in the order of the walk."""
        return [row.taken_count for row in self.rows]

    @property
    def found(self) -> tuple[Waiting, ...]:
        return tuple(_waiting(row) for row in self.rows)

    def at(self, place: int) -> Waiting:
        """Return one item; of eight that are found, seven are not looked at."""
        return _waiting(self.rows[place])


def front(
    session: Session,
    person_id: PersonId,
    project_id: ProjectId,
    tier: Severity,
    declined: Sequence[str],
) -> Walk:
    """Return the least-rated items of a tier that this labeler has not had, walking if needed."""
    asked = _asked(person_id, project_id, tier, declined)
    rows = _rows(session, _FRONT if declined else _FRONT_OF_ALL, asked)
    found = tuple(row for row in rows if not row.passed)
    if found or len(rows) < FRONT:
        return Walk(found)
    return _walk(session, person_id, project_id, tier, declined)


def levels(session: Session, project_id: ProjectId, tier: Severity, most: int = 100) -> list[int]:
    """Return the levels of a tier that have any item with a free slot, fewest ratings first."""
    present: list[int] = []
    level = -1
    while len(present) < most:
        asked = {"project": project_id, "tier": int(tier), "above": level}
        row = session.connection().execute(_NEAREST, asked).one_or_none()
        if row is None:
            return present
        level = row.taken_count
        present.append(level)
    return present


def _walk(
    session: Session,
    person_id: PersonId,
    project_id: ProjectId,
    tier: Severity,
    declined: Sequence[str],
) -> Walk:
    asked = _asked(person_id, project_id, tier, declined)
    cursors = _cursors(session, person_id, project_id, tier)
    steps = STEPS
    for level in levels(session, project_id, tier):
        start = cursors.get(level, -1)
        position, wrapped = start, start < 0
        while steps > 0:
            steps -= 1
            rows = _rows(session, _STEP, {**asked, "level": level, "after": position})
            fresh = [row for row in rows if not row.passed]
            if fresh:
                _keep(session, person_id, project_id, tier, level, fresh[0].position - 1)
                return Walk(tuple(fresh))
            position = rows[-1].position if rows else position
            if len(rows) == STEP and not (wrapped and position > start >= 0):
                continue
            if wrapped:
                break
            position, wrapped = -1, True  # once more from the beginning, up to where we started
        _keep(session, person_id, project_id, tier, level, position)
        if steps <= 0:
            return Walk((), unfinished=True)
    return Walk(())


# A value, not EXISTS: for that PostgreSQL would read all the labeler ever had, to look eight up.
_had = (
    at_most(
        1,
        sa.select(sa.literal_column("1")).where(
            _ASSIGNMENT.c.person_id == sa.bindparam("person"),
            _ASSIGNMENT.c.item_id == _ITEM.c.id,
            sa.text(
                "(assignment.outcome IS NULL OR assignment.outcome NOT IN ('expired','released'))"
            ),
        ),
    )
    .scalar_subquery()
    .is_not(None)
)
_declined = sa.exists().where(
    _HAZARD.c.item_id == _ITEM.c.id,
    _HAZARD.c.category.in_(sa.bindparam("declined", expanding=True)),
)
_servable = sa.text("item.state = 'ready' AND item.taken_count < item.overlap")
_lane = (
    _ITEM.c.project_id == sa.bindparam("project"),
    _ITEM.c.tier == sa.bindparam("tier"),
    _servable,
)


def lane(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select from the items of a project and tier that have a free slot."""
    return sa.select(*columns).select_from(_ITEM).where(*_lane)


_WAITING = sa.select(
    _ITEM.c.id,
    _ITEM.c.taken_count,
    _ITEM.c.position,
    _ITEM.c.severity,
    _ITEM.c.severity_source,
    _ITEM.c.tier,
    _ITEM.c.hazards,
    _ITEM.c.models,
    _ITEM.c.words,
).where(*_lane)
_LANES = _WAITING.add_columns(sa.or_(_had, _declined).label("passed"))
_FRONT = at_most(FRONT, _LANES.order_by(_ITEM.c.taken_count, _ITEM.c.position))
_FRONT_OF_ALL = Prepared(
    at_most(
        FRONT,
        _WAITING.add_columns(_had.label("passed")).order_by(_ITEM.c.taken_count, _ITEM.c.position),
    )
)
_STEP = at_most(
    STEP,
    _LANES.where(
        _ITEM.c.taken_count == sa.bindparam("level"), _ITEM.c.position > sa.bindparam("after")
    ).order_by(_ITEM.c.position),
)
_NEAREST = at_most(
    1,
    sa.select(_ITEM.c.taken_count)
    .where(*_lane, _ITEM.c.taken_count > sa.bindparam("above"))
    .order_by(_ITEM.c.taken_count),
)


def _asked(
    person_id: PersonId, project_id: ProjectId, tier: Severity, declined: Sequence[str]
) -> dict[str, Any]:
    return {
        "person": person_id, "project": project_id, "tier": int(tier), "declined": list(declined)
    }  # fmt: skip


def _rows(session: Session, statement: Any, asked: dict[str, Any]) -> Sequence[Any]:
    if isinstance(statement, Prepared):
        return statement.all(session, asked)
    rows: Sequence[Any] = session.connection().execute(statement, asked).all()
    return rows


def _waiting(row: Any) -> Waiting:
    return Waiting(
        item_id=ItemId(row.id),
        level=row.taken_count,
        position=row.position,
        severity=None if row.severity is None else Severity(row.severity),
        severity_source=row.severity_source,
        tier=Severity(row.tier),
        hazards=tuple(orjson.loads(row.hazards)),
        completions=len(orjson.loads(row.models)),
        words=row.words,
    )


def _cursors(
    session: Session, person_id: PersonId, project_id: ProjectId, tier: Severity
) -> dict[int, int]:
    mine = sa.select(_CURSOR.c.level, _CURSOR.c.position).where(
        _CURSOR.c.person_id == person_id,
        _CURSOR.c.project_id == project_id,
        _CURSOR.c.tier == int(tier),
    )
    return {row.level: row.position for row in session.connection().execute(mine)}


def _keep(
    session: Session,
    person_id: PersonId,
    project_id: ProjectId,
    tier: Severity,
    level: int,
    position: int,
) -> None:
    connection = session.connection()
    where = {
        "person_id": person_id, "project_id": project_id, "tier": int(tier), "level": level
    }  # fmt: skip
    moved = connection.execute(sa.update(_CURSOR).filter_by(**where).values(position=position))
    if moved.rowcount == 0:
        connection.execute(sa.insert(_CURSOR).values(**where, position=position))


def waiting_tiers(
    session: Session, project_id: ProjectId, tiers: Iterable[Severity]
) -> frozenset[Severity]:
    """Return which of the tiers have any item with a free slot: one index look-up a tier."""
    return frozenset(tier for tier in tiers if levels(session, project_id, tier, most=1))
