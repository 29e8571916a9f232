"""Counts of a project: its items, the ratings that came in, how far they agree."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import Choice, ProjectId, RaterKind
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_RATER = metadata.tables["rater"]
_JOINING = metadata.tables["joining"]


@dataclass(frozen=True, slots=True)
class ItemCount:
    """Items of one state and tier, the ratings they have, and how many were wanted."""

    project_id: ProjectId
    state: str
    tier: int | None
    items: int
    accepted: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Coincidence:
    """Of all pairs of ratings of one item, how many chose the same; and how often neither won."""

    pairs: int
    agreeing: int
    ratings: int
    ties: int
    both_bad: int


def items(session: Session, projects: Collection[ProjectId]) -> list[ItemCount]:
    statement = (
        sa.select(
            _ITEM.c.project_id,
            _ITEM.c.state,
            _ITEM.c.tier,
            sa.func.count().label("items"),
            sa.func.sum(_ITEM.c.accepted_count).label("accepted"),
            sa.func.sum(_ITEM.c.overlap).label("wanted"),
        )
        .where(_ITEM.c.project_id.in_(list(projects)))
        .group_by(_ITEM.c.project_id, _ITEM.c.state, _ITEM.c.tier)
    )
    return [
        ItemCount(
            ProjectId(row.project_id), row.state, row.tier, row.items,
            int(row.accepted), int(row.wanted),
        )
        for row in session.connection().execute(statement)
    ]  # fmt: skip


def per_day(
    session: Session, projects: Collection[ProjectId], since: datetime
) -> dict[tuple[ProjectId, date], int]:
    """Return how many ratings labelers gave on each day (UTC)."""
    day = sa.func.date(_RATING.c.rated_at)
    statement = (
        sa.select(_RATING.c.project_id, day.label("day"), sa.func.count().label("ratings"))
        .where(
            _RATING.c.project_id.in_(list(projects)),
            _RATING.c.status == "accepted",
            _RATING.c.current,
            _RATING.c.rated_at >= since,
        )
        .group_by(_RATING.c.project_id, day)
    )
    return {
        (ProjectId(row.project_id), date.fromisoformat(str(row.day))): row.ratings
        for row in session.connection().execute(statement)
    }


def labelers(session: Session, project_id: ProjectId) -> int:
    """Return how many labelers have joined and not left."""
    statement = sa.select(sa.func.count()).where(
        _JOINING.c.project_id == project_id, _JOINING.c.left_at.is_(None)
    )
    return int(session.connection().execute(statement).scalar_one())


def _chosen(project_id: ProjectId) -> sa.Subquery:
    """Return how often each choice was made for each item, by labelers."""
    return (
        sa.select(_RATING.c.item_id, _RATING.c.choice, sa.func.count().label("same"))
        .join(_RATER, _RATER.c.id == _RATING.c.rater_id)
        .where(
            _RATING.c.project_id == project_id,
            _RATING.c.current,
            _RATING.c.choice.is_not(None),
            _RATER.c.kind == RaterKind.LABELER,
        )
        .group_by(_RATING.c.item_id, _RATING.c.choice)
        .subquery()
    )


def coincidence(session: Session, project_id: ProjectId) -> Coincidence:
    """Compare what labelers chose, item by item; ratings that came in files are left out."""
    chosen = _chosen(project_id)
    same = chosen.c.same
    of_item = (
        sa.select(
            sa.func.sum(same).label("all"),
            sa.func.sum(same * (same - 1)).label("agreeing"),
            sa.func.sum(sa.case((chosen.c.choice == Choice.TIE, same), else_=0)).label("ties"),
            sa.func.sum(sa.case((chosen.c.choice == Choice.BOTH_BAD, same), else_=0)).label("bad"),
        )
        .group_by(chosen.c.item_id)
        .subquery()
    )
    every = of_item.c["all"]
    sums = (every * (every - 1), of_item.c.agreeing, every, of_item.c.ties, of_item.c.bad)
    statement = sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in sums))
    row: Any = session.connection().execute(statement).one()
    pairs, agreeing, ratings, ties, bad = (int(value) for value in row)
    return Coincidence(pairs // 2, agreeing // 2, ratings, ties, bad)
