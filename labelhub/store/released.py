"""What releases are made of: rated items, their ratings, the splits they keep, and the register."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.projects import Project
from labelhub.domain.release.rated import HarmVote, Split, Vote, VoteStatus, harm_flags
from labelhub.domain.vocabulary import Choice, ItemId, PersonId, RaterKind
from labelhub.identifiers import new_id
from labelhub.store.inserting import insert_unless_known
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]
_RATING = metadata.tables["rating"]
_RATER = metadata.tables["rater"]
_SPLIT = metadata.tables["split_assignment"]
_RELEASE = metadata.tables["release"]

_STATUS = {
    "accepted": VoteStatus.ACCEPTED,
    "imported": VoteStatus.ACCEPTED,
    "late": VoteStatus.LATE,
}


@dataclass(frozen=True, slots=True)
class RatedRow:
    """An item that has any rating, without its text."""

    item_id: ItemId
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


@dataclass(frozen=True, slots=True)
class Registered:
    """A release in the register."""

    id: UUID
    name: str
    format: str
    file_type: str
    state: str
    message: str
    folder: str
    manifest: Mapping[str, Any]
    digest: str
    created_at: datetime


def rated(session: Session, project: Project, after: ItemId | None, most: int) -> list[RatedRow]:
    """Return the next rated items by id: one page, so that memory stays bounded."""
    statement = _RATED.where(_ITEM.c.project_id == project.id).order_by(_ITEM.c.id).limit(most)
    if after is not None:
        statement = statement.where(_ITEM.c.id > after)
    return [_rated(row) for row in session.connection().execute(statement)]


def of_ids(
    session: Session, project: Project, item_ids: Collection[ItemId]
) -> dict[ItemId, RatedRow]:
    statement = _ROWS.where(_ITEM.c.project_id == project.id, _ITEM.c.id.in_(list(item_ids)))
    return {ItemId(row.id): _rated(row) for row in session.connection().execute(statement)}


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
    session: Session, item_ids: Collection[ItemId]
) -> tuple[dict[ItemId, list[Vote]], dict[ItemId, list[HarmVote]]]:
    """Return the preferences and the harm ratings of some items, withdrawn ones left out."""
    preferences: dict[ItemId, list[Vote]] = {}
    harms: dict[ItemId, list[HarmVote]] = {}
    for row in session.connection().execute(_RATINGS, {"items": list(item_ids)}):
        item_id = ItemId(row.item_id)
        if row.choice is not None:
            preferences.setdefault(item_id, []).append(_vote(row))
        elif row.harm:
            harms.setdefault(item_id, []).append(_harm(row))
    return preferences, harms


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


def register(
    session: Session,
    project: Project,
    name: str,
    values: Mapping[str, Any],
    by: PersonId | None,
    now: datetime,
) -> UUID:
    """Note a release that is being built; `values` are its format, file type and options."""
    release_id = new_id()
    options = {**values["options"], "name": name}
    insert_unless_known(
        session,
        _RELEASE,
        {
            "id": release_id, "organisation_id": project.organisation_id,
            "project_id": project.id, "format": values["format"],
            "file_type": values["file_type"], "options": orjson.dumps(options).decode(),
            "state": "building", "message": "", "folder": values["folder"], "manifest": "",
            "digest": "", "snapshot_at": now, "created_by": by, "created_at": now,
        },
    )  # fmt: skip
    return release_id


def finish(
    session: Session, release_id: UUID, manifest: Mapping[str, Any], digest: str, now: datetime
) -> None:
    _end(session, release_id, now, state="complete", digest=digest,
         manifest=orjson.dumps(manifest).decode())  # fmt: skip


def fail(session: Session, release_id: UUID, message: str, now: datetime) -> None:
    _end(session, release_id, now, state="failed", message=message)


def of_project(session: Session, project: Project) -> list[Registered]:
    """Return the project's releases, the newest first."""
    statement = (
        sa.select(_RELEASE)
        .where(_RELEASE.c.project_id == project.id)
        .order_by(_RELEASE.c.created_at.desc())
    )
    return [_registered(row) for row in session.connection().execute(statement)]


def find(session: Session, project: Project, release_id: UUID) -> Registered | None:
    statement = sa.select(_RELEASE).where(
        _RELEASE.c.project_id == project.id, _RELEASE.c.id == release_id
    )
    row = session.connection().execute(statement).one_or_none()
    return None if row is None else _registered(row)


_ROWS = sa.select(
    _ITEM.c.id, _ITEM.c.external_id, _ITEM.c.source, _ITEM.c.source_id, _ITEM.c.language,
    _ITEM.c.severity, _ITEM.c.tier,
)  # fmt: skip
_RATED = _ROWS.where(
    sa.exists().where(_RATING.c.item_id == _ITEM.c.id, _RATING.c.status != "withdrawn"),
    _ITEM.c.state.in_(("ready", "rendered")),
)
_RATINGS = (
    sa.select(_RATING, _RATER.c.kind)
    .join(_RATER, _RATER.c.id == _RATING.c.rater_id)
    .where(
        _RATING.c.item_id.in_(sa.bindparam("items", expanding=True)),
        _RATING.c.status != "withdrawn",
    )
    .order_by(_RATING.c.item_id, _RATING.c.id)
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


def _end(session: Session, release_id: UUID, now: datetime, **values: object) -> None:
    session.connection().execute(
        sa.update(_RELEASE).where(_RELEASE.c.id == release_id).values(ended_at=now, **values)
    )


def _rated(row: Any) -> RatedRow:
    return RatedRow(
        ItemId(row.id), row.external_id, row.source, row.source_id, row.language,
        int(row.severity if row.severity is not None else row.tier or 0),
    )  # fmt: skip


def _vote(row: Any) -> Vote:
    imported = row.kind == RaterKind.IMPORTED
    return Vote(
        rating_id=row.id.hex,
        rater=row.rater_id.hex,
        day=row.rated_at.date(),
        choice=Choice(row.choice),
        strength=row.strength,
        status=_STATUS[row.status],
        imported=imported,
        first_on_left=None if imported else not row.swapped,
        guideline_version=str(row.guidelines_version) if row.guidelines_version else "",
        rationale=row.rationale,
        seconds_active=row.active_ms / 1_000,
    )


def _harm(row: Any) -> HarmVote:
    found = orjson.loads(row.harm)["completions"]
    return HarmVote(
        rating_id=row.id.hex,
        rater=row.rater_id.hex,
        day=row.rated_at.date(),
        flags=harm_flags((one["severity"], one["hazards"]) for one in found),
        status=_STATUS[row.status],
        imported=row.kind == RaterKind.IMPORTED,
        guideline_version=str(row.guidelines_version) if row.guidelines_version else "",
        rationale=row.rationale,
        seconds_active=row.active_ms / 1_000,
    )


def _registered(row: Any) -> Registered:
    options = orjson.loads(row.options)
    return Registered(
        id=row.id, name=options.get("name", ""), format=row.format, file_type=row.file_type,
        state=row.state, message=row.message, folder=row.folder,
        manifest=orjson.loads(row.manifest) if row.manifest else {}, digest=row.digest,
        created_at=row.created_at,
    )  # fmt: skip
