"""The text of items for intake, which writes it, and for releases, which read it whole."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.imports import ImportId
from labelhub.domain.items import Completion, ImportedRating, ItemDraft, Turn
from labelhub.domain.projects import Scope
from labelhub.domain.release.rated import ReadCompletion, ReadTurn
from labelhub.domain.vocabulary import Choice, ItemId, Severity, SpeakerRole
from labelhub.store.released_keys import Among, Key, KeyOf
from labelhub.tables import metadata

_CONTENT = metadata.tables["content"]
_ROW = metadata.tables["import_row"]
_ITEM = metadata.tables["item"]

Payload = dict[str, Any]
"""`{"prompt": [[role, text], …], "completions": [[[role, text], …], …]}`"""


class UnkeptDraftError(ValueError):
    """An item holds a value that JSON cannot carry; its layout should have refused it."""


@dataclass(frozen=True, slots=True)
class Text:
    """An item's whole text with its models, in the item's order."""

    prompt: tuple[Turn, ...]
    completions: tuple[Completion, ...]
    sha256: str
    renderer: str


@dataclass(frozen=True, slots=True)
class Landed:
    """An item read from a file, waiting to be checked."""

    row_id: int
    draft: ItemDraft


def as_document(draft: ItemDraft) -> str:
    """Return a draft as it is kept while it waits.

    Raises:
        UnkeptDraftError: something in it is no JSON value.

    """
    try:
        return orjson.dumps(draft).decode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UnkeptDraftError(str(error)) from error


def land(session: Session, batch_id: ImportId, documents: Sequence[str]) -> None:
    """Keep items that were read, in the order of the file."""
    if documents:
        rows = [{"batch_id": batch_id, "draft": document} for document in documents]
        session.connection().execute(_LAND, rows)


def landed(session: Session, batch_id: ImportId, limit: int) -> list[Landed]:
    """Return the first items that wait."""
    rows = session.connection().execute(_LANDED, {"batch": batch_id, "most": limit})
    return [Landed(row.id, _draft(orjson.loads(row.draft))) for row in rows]


def take_off(session: Session, batch_id: ImportId, up_to: int) -> None:
    """Delete the items that were checked: those up to a row."""
    session.connection().execute(
        sa.delete(_ROW).where(_ROW.c.batch_id == batch_id, _ROW.c.id <= up_to)
    )


def discard_landed(session: Session, batch_id: ImportId, limit: int) -> int:
    chosen = sa.select(_ROW.c.id).where(_ROW.c.batch_id == batch_id).limit(limit)
    statement = sa.delete(_ROW).where(_ROW.c.id.in_(chosen))
    return int(session.connection().execute(statement).rowcount)


class Spoken(NamedTuple):
    """What a release writes of an item beside its ratings, its texts in the item's order."""

    key: Key
    external_id: str
    source: str
    source_id: str
    language: str
    severity: int
    prompt: tuple[ReadTurn, ...]
    completions: tuple[ReadCompletion, ...]


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert texts as they came and as they are shown; the keys are the columns."""
    if rows:
        session.connection().execute(sa.insert(_CONTENT), list(rows))


def payloads(session: Session, item_ids: Collection[ItemId]) -> dict[ItemId, Payload]:
    asked = {"items": list(item_ids)}
    return {
        ItemId(row.item_id): orjson.loads(row.payload)
        for row in session.connection().execute(_PAYLOADS, asked)
    }


def texts(session: Session, scope: Scope, item_ids: Collection[ItemId]) -> dict[ItemId, Text]:
    """Return the texts of some items; of items without text (votes only) there is none."""
    asked = {"items": list(item_ids), "scope": list(scope)}
    return {ItemId(row.item_id): _text(row) for row in session.connection().execute(_TEXTS, asked)}


def spoken(session: Session, scope: Scope, keys: Sequence[Key]) -> Iterator[Spoken]:
    """Read what some items say, in the order of *keys*; each must have a text in the scope."""
    found = session.connection().execute(_SPOKEN, {"items": keys, "scope": scope})
    rows = {row[0]: row for row in found.all()}  # one by one they take longer
    for wanted in keys:
        key, name, source, source_id, language, severity, payload, models = rows.pop(wanted)
        said = orjson.loads(payload)
        completions = tuple(
            [
                ReadCompletion(_read(turns), model)
                for turns, model in _by_model(said["completions"], models)
            ]
        )
        prompt = _read(said["prompt"])
        yield Spoken(key, name, source, source_id, language, severity, prompt, completions)


def remove(session: Session, item_ids: Collection[ItemId]) -> None:
    """Delete the texts of items that were never published."""
    session.connection().execute(sa.delete(_CONTENT).where(_CONTENT.c.item_id.in_(list(item_ids))))


_LAND = sa.insert(_ROW)
_LANDED = (
    sa.select(_ROW.c.id, _ROW.c.draft)
    .where(_ROW.c.batch_id == sa.bindparam("batch"))
    .order_by(_ROW.c.id)
    .limit(sa.bindparam("most"))
)
_PAYLOADS = sa.select(_CONTENT.c.item_id, _CONTENT.c.payload).where(
    _CONTENT.c.item_id.in_(sa.bindparam("items", expanding=True))
)
_TEXTS = (
    sa.select(
        _CONTENT.c.item_id,
        _CONTENT.c.payload,
        _CONTENT.c.sha256,
        _CONTENT.c.renderer,
        _ITEM.c.models,
    )
    .select_from(_CONTENT.join(_ITEM, _ITEM.c.id == _CONTENT.c.item_id))
    .where(
        _CONTENT.c.item_id.in_(sa.bindparam("items", expanding=True)),
        _ITEM.c.organisation_id.in_(sa.bindparam("scope", expanding=True)),
    )
)

_SPOKEN = (
    sa.select(
        KeyOf(_ITEM.c.id), _ITEM.c.external_id, _ITEM.c.source, _ITEM.c.source_id,
        _ITEM.c.language, sa.func.coalesce(_ITEM.c.severity, _ITEM.c.tier, 0),
        _CONTENT.c.payload, _ITEM.c.models,
    )
    .join(_CONTENT, _CONTENT.c.item_id == _ITEM.c.id)
    .where(Among(_ITEM.c.id, "items"), Among(_ITEM.c.organisation_id, "scope"))
)  # fmt: skip
_ROLES = {role.value: role for role in SpeakerRole}


def _text(row: Any) -> Text:
    payload = orjson.loads(row.payload)
    return Text(
        prompt=_turns(payload["prompt"]),
        completions=tuple(
            Completion(_turns(turns), model)
            for turns, model in _by_model(payload["completions"], row.models)
        ),
        sha256=row.sha256,
        renderer=row.renderer,
    )


def _by_model(completions: Sequence[Any], models: str) -> Iterable[tuple[Any, str]]:
    return zip(completions, _names(models) or ("",) * len(completions), strict=True)


@lru_cache(maxsize=1_024)
def _names(models: str) -> tuple[str, ...]:
    return tuple(orjson.loads(models))


def _turns(said: Sequence[Sequence[str]]) -> tuple[Turn, ...]:
    return tuple([Turn(_ROLES[role], text) for role, text in said])


def _read(said: Sequence[Sequence[str]]) -> tuple[ReadTurn, ...]:
    return tuple([ReadTurn(_ROLES[role], text) for role, text in said])


def _draft(kept: dict[str, Any]) -> ItemDraft:
    severity = kept.pop("severity")
    return ItemDraft(
        prompt=_spoken(kept.pop("prompt")),
        completions=tuple(
            Completion(_spoken(each["turns"]), each["model"]) for each in kept.pop("completions")
        ),
        severity=None if severity is None else Severity(severity),
        hazards=tuple(kept.pop("hazards")),
        ratings=tuple(_rating(each) for each in kept.pop("ratings")),
        **kept,
    )


def _spoken(turns: Sequence[Mapping[str, str]]) -> tuple[Turn, ...]:
    return tuple(Turn(SpeakerRole(turn["role"]), turn["content"]) for turn in turns)


def _rating(kept: dict[str, Any]) -> ImportedRating:
    choice = kept.pop("choice")
    return ImportedRating(choice=None if choice is None else Choice(choice), **kept)
