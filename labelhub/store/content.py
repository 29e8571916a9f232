"""The text of an item for the person it was admitted for. `services.serving` alone reads this."""

from collections.abc import Sequence

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.shown import ShownText, ShownTurn
from labelhub.domain.vocabulary import ItemId, SpeakerRole
from labelhub.domain.welfare.verdicts import Admission
from labelhub.store.prepared import Prepared, settle
from labelhub.tables import metadata

_CONTENT = metadata.tables["content"]
_READ = Prepared(
    sa.select(
        _CONTENT.c.payload, _CONTENT.c.shown, _CONTENT.c.renderer, _CONTENT.c.sha256,
        _CONTENT.c.hidden_characters,
    ).where(_CONTENT.c.item_id == sa.bindparam("item"))
)  # fmt: skip


def read(session: Session, admission: Admission, *, swapped: bool) -> ShownText:
    """Return the admitted item's text. The exposure must be in the same transaction (W-4)."""
    return _read(session, admission.item_id, swapped=swapped)


def read_again(session: Session, item_id: ItemId, *, swapped: bool) -> ShownText:
    """Return the text of an exposure that is still open; the caller has counted the showing."""
    return _read(session, item_id, swapped=swapped)


def _read(session: Session, item_id: ItemId, *, swapped: bool) -> ShownText:
    settle(session)  # the exposure is on record before its text is read (W-4)
    row = _READ.one(session, {"item": item_id})
    payload, shown = orjson.loads(row.payload), orjson.loads(row.shown)
    completions = [
        _turns(turns, html)
        for turns, html in zip(payload["completions"], shown["completions"], strict=True)
    ]
    return ShownText(
        prompt=_turns(payload["prompt"], [html for _, html in shown["prompt"]]),
        completions=tuple(reversed(completions)) if swapped else tuple(completions),
        renderer=row.renderer,
        sha256=row.sha256,
        hidden_characters=row.hidden_characters,
    )


def _turns(said: Sequence[Sequence[str]], rendered: Sequence[str] | str) -> tuple[ShownTurn, ...]:
    pages = [rendered] if isinstance(rendered, str) else rendered
    return tuple(
        ShownTurn(SpeakerRole(role), html, text)
        for (role, text), html in zip(said, pages, strict=True)
    )
