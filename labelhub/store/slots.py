"""Slots: how many labelers an item still waits for, and at which tier it is served."""

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import ItemId, Severity, SeveritySource
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_ITEM = metadata.tables["item"]


def take(session: Session, item_id: ItemId) -> bool:
    """Take one of the item's remaining slots; False when somebody else took the last."""
    return _TAKE.run(session, {"item": item_id}) == 1


def give_back(session: Session, item_id: ItemId) -> None:
    _RETURN.run(session, {"item": item_id})


def accept(session: Session, item_id: ItemId) -> None:
    """Turn the open slot into an accepted rating."""
    _ACCEPT.later(session, {"item": item_id})


def reopen(session: Session, item_id: ItemId) -> None:
    """Turn an accepted rating that was undone back into an open slot."""
    _REOPEN.run(session, {"item": item_id})


def stop_item(session: Session, item_id: ItemId) -> None:
    """Stop an item for everyone at once: it may be prohibited."""
    stopped = sa.update(_ITEM).where(_ITEM.c.id == item_id).values(state="prohibited")
    session.connection().execute(stopped)


def serve_again(session: Session, item_id: ItemId) -> None:
    """Let an item be served that was stopped: it is not prohibited after all."""
    ready = sa.update(_ITEM).where(_ITEM.c.id == item_id, _ITEM.c.state == "prohibited")
    session.connection().execute(ready.values(state="ready"))


def raise_tier(session: Session, item_id: ItemId, severity: Severity) -> None:
    """Serve the item at a higher tier from now on, because a person found it; never at a lower."""
    session.connection().execute(
        sa.update(_ITEM)
        .where(_ITEM.c.id == item_id, _ITEM.c.tier < int(severity))
        .values(tier=int(severity), severity=int(severity), severity_source=SeveritySource.PERSON)
    )


_THIS = _ITEM.c.id == sa.bindparam("item")
_TAKE = Prepared(
    sa.update(_ITEM)
    .where(_THIS, _ITEM.c.state == "ready", _ITEM.c.taken_count < _ITEM.c.overlap)
    .values(open_count=_ITEM.c.open_count + 1, taken_count=_ITEM.c.taken_count + 1)
)
_RETURN = Prepared(
    sa.update(_ITEM)
    .where(_THIS)
    .values(open_count=_ITEM.c.open_count - 1, taken_count=_ITEM.c.taken_count - 1)
)
_ACCEPT = Prepared(
    sa.update(_ITEM)
    .where(_THIS)
    .values(open_count=_ITEM.c.open_count - 1, accepted_count=_ITEM.c.accepted_count + 1)
)
_REOPEN = Prepared(
    sa.update(_ITEM)
    .where(_THIS)
    .values(open_count=_ITEM.c.open_count + 1, accepted_count=_ITEM.c.accepted_count - 1)
)
