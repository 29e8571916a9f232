"""A labeler's time: what was paid, by day and kind, and the breaks they began themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.tables import metadata

_PAID = metadata.tables["paid_time"]
_BREAK = metadata.tables["rest_break"]
_PROJECT = metadata.tables["project"]
_ORGANISATION = metadata.tables["organisation"]
_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class Paid:
    """One entry of paid time: seconds, what they were for, and who owes them."""

    recorded_at: datetime
    kind: str
    seconds: int
    organisation: str
    project: str | None


@dataclass(frozen=True, slots=True)
class Break:
    kind: str
    started_at: datetime
    ended_at: datetime | None


def paid_by_day(
    session: Session, person_id: PersonId, bounds: Sequence[tuple[datetime, datetime]]
) -> list[dict[str, int]]:
    """Return the paid seconds by kind of each span of time."""
    spans = sa.values(
        sa.column("place", sa.Integer),
        sa.column("begins", _PAID.c.recorded_at.type),
        sa.column("ends", _PAID.c.recorded_at.type),
        name="spans",
    ).data([(place, start, end) for place, (start, end) in enumerate(bounds)])
    given = spans.cte("spans_given")
    statement = (
        sa.select(given.c.place, _PAID.c.kind, sa.func.sum(_PAID.c.seconds).label("seconds"))
        .select_from(given)
        .join(
            _PAID,
            sa.and_(
                _PAID.c.person_id == person_id,
                _PAID.c.recorded_at >= given.c.begins,
                _PAID.c.recorded_at < given.c.ends,
            ),
        )
        .group_by(given.c.place, _PAID.c.kind)
    )
    found: list[dict[str, int]] = [{} for _ in bounds]
    for row in session.connection().execute(statement):
        found[row.place][row.kind] = int(row.seconds)
    return found


def all_paid(session: Session, person_id: PersonId) -> Iterator[Paid]:
    """Return every entry of paid time, oldest first, in bounded memory."""
    last: tuple[Any, Any] | None = None
    while True:
        statement = _ALL_PAID.where(_PAID.c.person_id == person_id)
        if last is not None:
            statement = statement.where(
                _PAID.c.recorded_at >= last[0],
                sa.or_(_PAID.c.recorded_at > last[0], _PAID.c.id > last[1]),
            )
        rows = session.connection().execute(statement).all()
        for row in rows:
            yield Paid(row.recorded_at, row.kind, row.seconds, row.organisation, row.project)
        if len(rows) < _PIECE:
            return
        last = rows[-1].recorded_at, rows[-1].id


def breaks(session: Session, person_id: PersonId, since: datetime | None = None) -> list[Break]:
    """Return the breaks a labeler began themselves, oldest first."""
    statement = (
        sa.select(_BREAK.c.kind, _BREAK.c.started_at, _BREAK.c.ended_at)
        .where(_BREAK.c.person_id == person_id)
        .order_by(_BREAK.c.started_at)
    )
    if since is not None:
        statement = statement.where(sa.or_(_BREAK.c.ended_at.is_(None), _BREAK.c.ended_at >= since))
    return [Break(*row) for row in session.connection().execute(statement)]


_ALL_PAID = (
    sa.select(
        _PAID.c.id,
        _PAID.c.recorded_at,
        _PAID.c.kind,
        _PAID.c.seconds,
        _ORGANISATION.c.name.label("organisation"),
        _PROJECT.c.title.label("project"),
    )
    .join(_ORGANISATION, _ORGANISATION.c.id == _PAID.c.organisation_id)
    .outerjoin(_PROJECT, _PROJECT.c.id == _PAID.c.project_id)
    .order_by(_PAID.c.recorded_at, _PAID.c.id)
    .limit(_PIECE)
)
