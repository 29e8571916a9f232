"""Ratings that came in a file: staged with their batch, and made real when it is published."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.imports import ImportId
from labelhub.domain.vocabulary import ItemId, OrganisationId, RaterId, RaterKind
from labelhub.identifiers import new_id
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_RATER = metadata.tables["rater"]
_RATING = metadata.tables["rating"]
_STAGED = metadata.tables["staged_rating"]
_ITEM = metadata.tables["item"]
_PROJECT = metadata.tables["project"]

PREFIX = "imported:"


def raters(
    session: Session, organisation_id: OrganisationId, judges: Iterable[str]
) -> dict[str, RaterId]:
    """Return the imported raters of these names, making those that are new to the lab."""
    wanted = sorted({PREFIX + judge for judge in judges})
    for name in set(wanted) - _named(session, organisation_id, wanted).keys():
        values = {
            "id": new_id(), "organisation_id": organisation_id, "kind": RaterKind.IMPORTED,
            "person_id": None, "name": name,
        }  # fmt: skip
        insert_unless_known(session, _RATER, values)
    found = _named(session, organisation_id, wanted)
    return {name.removeprefix(PREFIX): key for name, key in found.items()}


def stage(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(sa.insert(_STAGED), list(rows))


def staged(
    session: Session, batch_id: ImportId, item_ids: Collection[ItemId]
) -> set[tuple[ItemId, str]]:
    """Return which judges' ratings of these items wait in the batch already."""
    statement = (
        sa.select(_STAGED.c.item_id, _RATER.c.name)
        .join(_RATER, _RATER.c.id == _STAGED.c.rater_id)
        .where(_STAGED.c.batch_id == batch_id, _STAGED.c.item_id.in_(list(item_ids)))
    )
    return _judges(session, statement)


def given(session: Session, item_ids: Collection[ItemId]) -> set[tuple[ItemId, str]]:
    """Return which judges' ratings of these items are published already."""
    statement = (
        sa.select(_RATING.c.item_id, _RATER.c.name)
        .join(_RATER, _RATER.c.id == _RATING.c.rater_id)
        .where(
            _RATING.c.item_id.in_(list(item_ids)),
            _RATING.c.current,
            _RATER.c.kind == RaterKind.IMPORTED,
        )
    )
    return _judges(session, statement)


def _judges(session: Session, statement: sa.Select[Any]) -> set[tuple[ItemId, str]]:
    rows = session.connection().execute(statement)
    return {(ItemId(row.item_id), row.name.removeprefix(PREFIX)) for row in rows}


def publish(session: Session, batch_id: ImportId, limit: int, now: datetime) -> int:
    """Turn up to *limit* staged ratings into ratings; return how many there were.

    One that its rater has already given is left as it is: the same file twice adds nothing.
    """
    connection = session.connection()
    first = (
        sa.select(_STAGED.c.id)
        .where(_STAGED.c.batch_id == batch_id)
        .order_by(_STAGED.c.id)
        .limit(limit)
    )
    chosen = list(connection.execute(first).scalars())
    if chosen:
        connection.execute(_PUBLISH, {"chosen": chosen, "now": now})
        connection.execute(sa.delete(_STAGED).where(_STAGED.c.id.in_(chosen)))
    return len(chosen)


def discard(session: Session, batch_id: ImportId, limit: int) -> int:
    """Delete up to *limit* staged ratings of a batch that will not be published."""
    chosen = sa.select(_STAGED.c.id).where(_STAGED.c.batch_id == batch_id).limit(limit)
    statement = sa.delete(_STAGED).where(_STAGED.c.id.in_(chosen))
    return int(session.connection().execute(statement).rowcount)


_PUBLISH = sa.insert(_RATING).from_select(
    [
        "id", "organisation_id", "project_id", "item_id", "rater_id", "version", "status",
        "current", "choice", "strength", "harm", "rationale", "swapped", "active_ms",
        "guidelines_version", "instrument_version", "rated_at",
    ],
    sa.select(
        _STAGED.c.id, _ITEM.c.organisation_id, _ITEM.c.project_id, _ITEM.c.id,
        _STAGED.c.rater_id, sa.literal_column("1"), sa.literal_column("'imported'"),
        sa.true(), _STAGED.c.choice, _STAGED.c.strength, _STAGED.c.harm, _STAGED.c.rationale,
        sa.false(), sa.literal_column("0"), sa.literal_column("0"),
        _PROJECT.c.instrument_version,
        sa.bindparam("now", type_=_RATING.c.rated_at.type),
    )
    .select_from(
        _STAGED.join(_ITEM, _ITEM.c.id == _STAGED.c.item_id)
        .join(_PROJECT, _PROJECT.c.id == _ITEM.c.project_id)
    )
    .where(
        _STAGED.c.id.in_(sa.bindparam("chosen", expanding=True)),
        ~sa.exists().where(
            _RATING.c.rater_id == _STAGED.c.rater_id,
            _RATING.c.item_id == _STAGED.c.item_id,
            _RATING.c.current,
        ),
    ),
    include_defaults=False,
)  # fmt: skip


def _named(
    session: Session, organisation_id: OrganisationId, names: Collection[str]
) -> dict[str, RaterId]:
    statement = sa.select(_RATER.c.name, _RATER.c.id).where(
        _RATER.c.organisation_id == organisation_id,
        _RATER.c.name.in_(list(names)),
        _RATER.c.kind == RaterKind.IMPORTED,
    )
    rows = session.connection().execute(statement)
    return {row.name: RaterId(row.id) for row in rows}
