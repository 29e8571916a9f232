"""Items on their way in and out of the queue, in bulk and in short steps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.imports import ImportId
from labelhub.domain.projects import Project
from labelhub.domain.vocabulary import ItemId
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_HAZARD = metadata.tables["item_hazard"]
_RATING = metadata.tables["rating"]


@dataclass(frozen=True, slots=True)
class Known:
    """An item that the project has already, by its fingerprint."""

    item_id: ItemId
    batch_id: ImportId
    line: int
    models: str


def known(session: Session, project: Project, fingerprints: Sequence[str]) -> dict[str, Known]:
    """Return which of these the project has."""
    asked = {"project": project.id, "fingerprints": list(fingerprints)}
    return {
        row.fingerprint: Known(ItemId(row.id), ImportId(row.batch_id), row.line, row.models)
        for row in session.connection().execute(_KNOWN, asked)
    }


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert items that nothing was counted of yet."""
    if rows:
        session.connection().execute(_ADD, list(rows))


def add_hazards(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(sa.insert(_HAZARD), list(rows))


def publish(session: Session, batch_id: ImportId, limit: int) -> int:
    """Make up to *limit* rendered items of a batch servable; return how many there were.

    They take the project's overlap of this moment, which may have risen since they were staged.
    """
    project = metadata.tables["project"]
    overlap = (
        sa.select(project.c.overlap).where(project.c.id == _ITEM.c.project_id).scalar_subquery()
    )
    return _move(session, batch_id, ("rendered",), limit, state="ready", overlap=overlap)


def republish(session: Session, batch_id: ImportId, limit: int) -> int:
    """Bring back up to *limit* withdrawn items; one without words holds votes only."""
    state = sa.case((_ITEM.c.words == 0, "votes_only"), else_="ready")
    return _move(session, batch_id, ("withdrawn",), limit, state=state)


def hide(session: Session, batch_id: ImportId, limit: int) -> int:
    """Take up to *limit* items of a batch out of the queue; their ratings stay."""
    return _move(session, batch_id, ("ready", "votes_only"), limit, state="withdrawn")


def unpublished(session: Session, batch_id: ImportId, limit: int) -> list[ItemId]:
    """Return items of a batch that nobody can have seen or rated."""
    unrated = sa.and_(
        _ITEM.c.state == "votes_only", ~sa.exists().where(_RATING.c.item_id == _ITEM.c.id)
    )
    statement = (
        sa.select(_ITEM.c.id)
        .where(
            _ITEM.c.batch_id == batch_id,
            sa.or_(_ITEM.c.state == "rendered", unrated),
        )
        .limit(limit)
    )
    return [ItemId(key) for key in session.connection().execute(statement).scalars()]


def remove(session: Session, item_ids: Collection[ItemId]) -> None:
    """Delete items that were never published."""
    connection = session.connection()
    connection.execute(sa.delete(_HAZARD).where(_HAZARD.c.item_id.in_(list(item_ids))))
    connection.execute(sa.delete(_ITEM).where(_ITEM.c.id.in_(list(item_ids))))


def external_ids(session: Session) -> dict[ItemId, str]:
    """Return the researchers' own names of all items; for small installations only."""
    rows = session.connection().execute(sa.select(_ITEM.c.id, _ITEM.c.external_id))
    return {ItemId(row.id): row.external_id for row in rows}


def below_overlap(session: Session, project: Project) -> bool:
    """Whether any item of the project has a lower overlap; without the writers' queue."""
    statement = sa.select(
        sa.exists().where(
            _ITEM.c.project_id == project.id,
            _ITEM.c.organisation_id == project.organisation_id,
            _ITEM.c.overlap < project.declared.overlap,
        )
    )
    return bool(session.connection().execute(statement).scalar_one())


def raise_overlap(session: Session, project: Project, limit: int) -> int:
    """Give up to *limit* items of a project its higher overlap; return how many there were."""
    lower = (
        sa.select(_ITEM.c.id)
        .where(
            _ITEM.c.project_id == project.id,
            _ITEM.c.organisation_id == project.organisation_id,
            _ITEM.c.overlap < project.declared.overlap,
        )
        .limit(limit)
    )
    statement = (
        sa.update(_ITEM).where(_ITEM.c.id.in_(lower)).values(overlap=project.declared.overlap)
    )
    return int(session.connection().execute(statement).rowcount)


def _move(
    session: Session, batch_id: ImportId, before: Sequence[str], limit: int, **values: Any
) -> int:
    chosen = (
        sa.select(_ITEM.c.id)
        .where(_ITEM.c.batch_id == batch_id, _ITEM.c.state.in_(before))
        .limit(limit)
    )
    statement = (
        sa.update(_ITEM).where(_ITEM.c.id.in_(chosen), _ITEM.c.state.in_(before)).values(**values)
    )
    return int(session.connection().execute(statement).rowcount)


_KNOWN = sa.select(
    _ITEM.c.fingerprint, _ITEM.c.id, _ITEM.c.batch_id, _ITEM.c.line, _ITEM.c.models
).where(
    _ITEM.c.project_id == sa.bindparam("project"),
    _ITEM.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True)),
)
_ADD = sa.insert(_ITEM).values(
    open_count=sa.literal_column("0"),
    accepted_count=sa.literal_column("0"),
    taken_count=sa.literal_column("0"),
    **{
        column.name: sa.bindparam(column.name)
        for column in _ITEM.columns
        if column.name not in {"open_count", "accepted_count", "taken_count"}
    },
)
