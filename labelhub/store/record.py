"""Appending to the record: one salted event per change, in the same transaction (R5)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.record.events import FIRST_PREV, SALT_BYTES, Event, commitment
from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_id
from labelhub.store.inserting import insert_unless_known
from labelhub.store.prepared import Prepared, inserting
from labelhub.store.sessions import Transaction
from labelhub.tables import metadata

_CHAIN = metadata.tables["chain"]
_EVENT = metadata.tables["event"]
_PAYLOAD = metadata.tables["event_payload"]

TIP = (
    _CHAIN.c.id.label("chain_id"),
    _CHAIN.c.seq.label("chain_seq"),
    _CHAIN.c.head.label("chain_head"),
)
"""Columns for a statement that joins `CHAIN` and is read under a person's turn: see `expect`."""
CHAIN = _CHAIN


def of_person(organisation: Any, person: Any) -> sa.ColumnElement[bool]:
    """Return on what `CHAIN` is joined to the columns of an organisation and a person."""
    return sa.and_(_CHAIN.c.organisation_id == organisation, _CHAIN.c.person_id == person)


_OF_PERSON = Prepared(
    sa.select(*TIP).where(of_person(sa.bindparam("organisation"), sa.bindparam("person")))
)
# Nobody's turn keeps others from an organisation's chain, so its row is changed, to hold it.
_OF_ORGANISATION = Prepared(
    sa.update(_CHAIN)
    .where(
        _CHAIN.c.organisation_id == sa.bindparam("organisation"),
        _CHAIN.c.person_id.is_(None),
    )
    .values(seq=_CHAIN.c.seq)
    .returning(*TIP)
)
_insert_event = inserting(_EVENT)
_insert_payload = inserting(_PAYLOAD)
_ADVANCE = Prepared(
    sa.update(_CHAIN)
    .where(_CHAIN.c.id == sa.bindparam("chain"))
    .values(seq=sa.bindparam("new_seq"), head=sa.bindparam("new_head"))
)


class Tip(NamedTuple):
    """Where a chain ends: the number and the digest of its last event."""

    chain_id: UUID
    seq: int
    head: str


def append(
    session: Session,
    organisation_id: OrganisationId,
    person_id: PersonId | None,
    kind: str,
    payload: Mapping[str, object],
    gate_time: datetime,
    wall_time: datetime,
) -> None:
    """Append one event to the chain of a person in an organisation, or of the organisation.

    For a person's chain the caller holds the person's turn. The payload is JSON values; it is
    stored beside its salt and can be erased without breaking the chain.
    """
    tip = _tip(session, organisation_id, person_id)
    salt = secrets.token_bytes(SALT_BYTES)
    body = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS, default=str)
    event = Event(
        organisation_id, tip.chain_id, tip.seq + 1, tip.head, kind, gate_time, wall_time,
        commitment(salt, body),
    )  # fmt: skip
    _insert_event(
        session,
        {
            "chain_id": event.chain_id, "seq": event.seq, "kind": kind, "gate_time": gate_time,
            "wall_time": wall_time, "prev": event.prev, "commitment": event.commitment,
        },
    )  # fmt: skip
    _insert_payload(
        session,
        {
            "chain_id": event.chain_id, "seq": event.seq,
            "salt": salt.hex(), "payload": body.decode(),
        },
    )  # fmt: skip
    after = Tip(event.chain_id, event.seq, event.digest())
    _ADVANCE.later(session, {"chain": after.chain_id, "new_seq": after.seq, "new_head": after.head})
    expect(session, organisation_id, person_id, after)


def expect(
    session: Session, organisation_id: OrganisationId, person_id: PersonId | None, tip: Tip | None
) -> None:
    """Keep where a person's chain ends for the rest of the transaction.

    Only from what was read under the person's turn, while which nobody else appends to it.
    """
    if tip is not None and person_id is not None and isinstance(session, Transaction):
        session.tips[organisation_id, person_id] = tip


def _tip(session: Session, organisation_id: OrganisationId, person_id: PersonId | None) -> Tip:
    if person_id is None:
        asked: dict[str, object] = {"organisation": organisation_id}
        statement = _OF_ORGANISATION
    else:
        asked = {"organisation": organisation_id, "person": person_id}
        statement = _OF_PERSON
        known = session.tips if isinstance(session, Transaction) else {}
        if (organisation_id, person_id) in known:
            return cast("Tip", known[organisation_id, person_id])
    row = statement.one_or_none(session, asked)
    if row is None:
        first = {"id": new_id(), "organisation_id": organisation_id, "person_id": person_id}
        insert_unless_known(session, _CHAIN, {**first, "seq": 0, "head": FIRST_PREV})
        row = statement.one(session, asked)
    return Tip(row.chain_id, row.chain_seq, row.chain_head)


def tip_of(row: Any) -> Tip | None:
    """Return the end of the chain in a row of a statement with `TIP`; None: it has not begun."""
    return None if row.chain_id is None else Tip(row.chain_id, row.chain_seq, row.chain_head)
