"""What releases are made of: rated items, their ratings, and the splits they keep."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import HarmVote, Split, Vote, VoteStatus, harm_flags
from labelhub.domain.vocabulary import Choice, RaterKind
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_RATER = metadata.tables["rater"]
_SPLIT = metadata.tables["split_assignment"]

_CHOICES = {choice.value: choice for choice in Choice}
_STATUS = {
    "accepted": VoteStatus.ACCEPTED,
    "imported": VoteStatus.ACCEPTED,
    "late": VoteStatus.LATE,
}


Key = Any
"""An identifier as the driver gives it: text on SQLite, a UUID on PostgreSQL. Never taken apart."""


class RatedRow(NamedTuple):
    """An item that has any rating, without its text."""

    key: Key
    external_id: str
    source: str
    source_id: str
    language: str
    severity: int


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How many ratings and raters a release would rest on, and from when to when."""

    ratings: int
    complete: int  # items that have all the ratings of their overlap
    labelers: int
    imported: int
    first: datetime | None
    last: datetime | None


def rated(session: Session, project: Project, after: Key | None, most: int) -> list[RatedRow]:
    """Return the next rated items by id: one page, so that memory stays bounded."""
    statement = _RATED.where(_ITEM.c.project_id == project.id).order_by(_ITEM.c.id).limit(most)
    if after is not None:
        statement = statement.where(_raw(_ITEM.c.id) > after)
    return [_rated(row) for row in session.connection().execute(statement)]


def of_keys(session: Session, keys: Collection[Key]) -> dict[Key, RatedRow]:
    rows = session.connection().execute(_OF_KEYS, {"items": list(keys)})
    return {row[0]: _rated(row) for row in rows}


def repeated_names(session: Session, project: Project) -> frozenset[str]:
    """Return the researchers' item ids that stand for more than one item."""
    statement = (
        sa.select(_ITEM.c.external_id)
        .where(_ITEM.c.project_id == project.id, _ITEM.c.external_id != "")
        .group_by(_ITEM.c.external_id)
        .having(sa.func.count() > 1)
    )
    return frozenset(session.connection().execute(statement).scalars())


def votes(
    session: Session, keys: Collection[Key], kinds: Mapping[Key, RaterKind]
) -> tuple[dict[Key, list[Vote]], dict[Key, list[HarmVote]]]:
    """Return the preferences and the harm ratings of some items, withdrawn ones left out."""
    preferences: dict[Key, list[Vote]] = {}
    harms: dict[Key, list[HarmVote]] = {}
    for row in session.connection().execute(_RATINGS, {"items": list(keys)}):
        item, choice, harm, *said = row
        if choice is not None:
            preferences.setdefault(item, []).append(_vote(_CHOICES[choice], said, kinds))
        elif harm:
            harms.setdefault(item, []).append(_harm(harm, said, kinds))
    return preferences, harms


def rater_kinds(session: Session, project: Project) -> dict[Key, RaterKind]:
    """Return every rater of the project's lab: few, so that ratings need no join."""
    statement = sa.select(_raw(_RATER.c.id), _RATER.c.kind).where(
        _RATER.c.organisation_id == project.organisation_id
    )
    return {key: RaterKind(kind) for key, kind in session.connection().execute(statement)}


def counts(session: Session, project: Project) -> RatingCounts:
    row = session.connection().execute(_COUNTS, {"project": project.id}).one()
    complete = session.connection().execute(_COMPLETE, {"project": project.id}).scalar_one()
    return RatingCounts(
        row.ratings, complete, row.labelers or 0, row.imported or 0, row.first_at, row.last_at
    )


def splits(session: Session, project: Project) -> dict[str, Split]:
    """Return the splits that earlier releases gave, by prompt."""
    statement = sa.select(_SPLIT.c.group_key, _SPLIT.c.split).where(
        _SPLIT.c.project_id == project.id
    )
    rows = session.connection().execute(statement)
    return {row.group_key: Split(row.split) for row in rows}


def keep_splits(
    session: Session, project: Project, assigned: Mapping[str, Split], now: datetime
) -> None:
    """Keep the splits for every later release of the project."""
    connection = session.connection()
    known = splits(session, project)
    fresh = [
        {"project_id": project.id, "group_key": key, "split": split.value, "assigned_at": now}
        for key, split in assigned.items()
        if key not in known
    ]
    for start in range(0, len(fresh), 1_000):
        connection.execute(sa.insert(_SPLIT), fresh[start : start + 1_000])
    for key, split in assigned.items():
        if known.get(key, split) is not split:
            connection.execute(
                sa.update(_SPLIT)
                .where(_SPLIT.c.project_id == project.id, _SPLIT.c.group_key == key)
                .values(split=split.value)
            )


def _raw(column: Any) -> Any:
    """Take a column as the driver gives it: a release reads millions, and needs no UUID of them."""
    return sa.type_coerce(column, sa.types.NullType())


_ROWS = sa.select(
    _raw(_ITEM.c.id), _ITEM.c.external_id, _ITEM.c.source, _ITEM.c.source_id, _ITEM.c.language,
    sa.func.coalesce(_ITEM.c.severity, _ITEM.c.tier, 0),
)  # fmt: skip
_RATED = _ROWS.where(
    sa.exists().where(_RATING.c.item_id == _ITEM.c.id, _RATING.c.status != "withdrawn"),
    _ITEM.c.state.in_(("ready", "rendered")),
)
_OF_KEYS = _ROWS.where(_raw(_ITEM.c.id).in_(sa.bindparam("items", expanding=True)))
_RATINGS = (
    sa.select(
        _raw(_RATING.c.item_id), _raw(_RATING.c.choice), _RATING.c.harm, _raw(_RATING.c.id),
        _raw(_RATING.c.rater_id), sa.func.date(_RATING.c.rated_at), _RATING.c.strength,
        _RATING.c.status, _raw(_RATING.c.swapped), _RATING.c.guidelines_version,
        _RATING.c.rationale, _RATING.c.active_ms,
    )
    .where(
        _raw(_RATING.c.item_id).in_(sa.bindparam("items", expanding=True)),
        _RATING.c.status != "withdrawn",
    )
    .order_by(_RATING.c.item_id, _RATING.c.id)
)  # fmt: skip
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


def _rated(row: Any) -> RatedRow:
    return RatedRow(*row)


def _vote(choice: Choice, said: Sequence[Any], kinds: Mapping[Key, RaterKind]) -> Vote:
    rating, rater, day, strength, status, swapped, version, rationale, active_ms = said
    imported = kinds[rater] is RaterKind.IMPORTED
    return Vote(
        rating_id=_name(rating),
        rater=_name(rater),
        day=_day(str(day)),
        choice=choice,
        strength=strength,
        status=_STATUS[status],
        imported=imported,
        first_on_left=None if imported else not swapped,
        guideline_version=str(version) if version else "",
        rationale=rationale,
        seconds_active=active_ms / 1_000,
    )


def _harm(harm: str, said: Sequence[Any], kinds: Mapping[Key, RaterKind]) -> HarmVote:
    rating, rater, day, _strength, status, _swapped, version, rationale, active_ms = said
    found = orjson.loads(harm)["completions"]
    return HarmVote(
        rating_id=_name(rating),
        rater=_name(rater),
        day=_day(str(day)),
        flags=harm_flags((one["severity"], one["hazards"]) for one in found),
        status=_STATUS[status],
        imported=kinds[rater] is RaterKind.IMPORTED,
        guideline_version=str(version) if version else "",
        rationale=rationale,
        seconds_active=active_ms / 1_000,
    )


def _name(key: Key) -> str:
    """Return the same text for a key on both databases: 32 hexadecimal digits."""
    return key if isinstance(key, str) else str(key.hex)


@lru_cache(maxsize=4_096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
