"""The text of items for intake, which writes it, and for releases, which read it whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.imports import ImportId
from labelhub.domain.items import Completion, Turn
from labelhub.domain.projects import Scope
from labelhub.domain.vocabulary import ItemId, SpeakerRole
from labelhub.tables import metadata

_CONTENT = metadata.tables["content"]
_ITEM = metadata.tables["item"]

Payload = dict[str, Any]
"""`{"prompt": [[role, text], …], "completions": [[[role, text], …], …]}`"""


@dataclass(frozen=True, slots=True)
class Unrendered:
    item_id: ItemId
    payload: Payload


@dataclass(frozen=True, slots=True)
class Text:
    """An item's whole text with its models, in the item's order."""

    prompt: tuple[Turn, ...]
    completions: tuple[Completion, ...]
    sha256: str
    renderer: str


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert texts that are not rendered yet: `item_id`, `payload` and its `sha256`."""
    if rows:
        session.connection().execute(_ADD, list(rows))


def unrendered(session: Session, batch_id: ImportId, limit: int) -> list[Unrendered]:
    rows = session.connection().execute(_UNRENDERED, {"batch": batch_id, "most": limit})
    return [Unrendered(ItemId(row.item_id), orjson.loads(row.payload)) for row in rows]


def keep_rendering(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what was rendered: `item`, `shown`, `renderer` and `hidden` (characters as marks)."""
    if rows:
        session.connection().execute(_KEEP, list(rows))


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


def remove(session: Session, item_ids: Collection[ItemId]) -> None:
    """Delete the texts of items that were never published."""
    session.connection().execute(sa.delete(_CONTENT).where(_CONTENT.c.item_id.in_(list(item_ids))))


_ADD = sa.insert(_CONTENT).values(
    item_id=sa.bindparam("item_id"),
    payload=sa.bindparam("payload"),
    sha256=sa.bindparam("sha256"),
    shown=sa.literal_column("''"),
    renderer=sa.literal_column("''"),
    hidden_characters=sa.literal_column("0"),
)
_UNRENDERED = (
    sa.select(_CONTENT.c.item_id, _CONTENT.c.payload)
    .select_from(_ITEM.join(_CONTENT, _CONTENT.c.item_id == _ITEM.c.id))
    .where(_ITEM.c.batch_id == sa.bindparam("batch"), _ITEM.c.state == "staged")
    .limit(sa.bindparam("most"))
)
_KEEP = (
    sa.update(_CONTENT)
    .where(_CONTENT.c.item_id == sa.bindparam("item"))
    .values(
        shown=sa.bindparam("shown"),
        renderer=sa.bindparam("renderer"),
        hidden_characters=sa.bindparam("hidden"),
    )
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


def _text(row: Any) -> Text:
    payload = orjson.loads(row.payload)
    completions = payload["completions"]
    models = orjson.loads(row.models) or [""] * len(completions)
    return Text(
        prompt=_turns(payload["prompt"]),
        completions=tuple(
            Completion(_turns(turns), model)
            for turns, model in zip(completions, models, strict=True)
        ),
        sha256=row.sha256,
        renderer=row.renderer,
    )


def _turns(said: Sequence[Sequence[str]]) -> tuple[Turn, ...]:
    return tuple(Turn(SpeakerRole(role), text) for role, text in said)
