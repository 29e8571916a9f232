"""Appending to the record: one salted event per change, in the same transaction (R5)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.record.events import FIRST_PREV, SALT_BYTES, Event, commitment
from labelhub.domain.vocabulary import OrganisationId, PersonId
from labelhub.identifiers import new_id
from labelhub.store.inserting import insert_unless_known
from labelhub.store.prepared import Prepared, inserting
from labelhub.tables import metadata

_CHAIN = metadata.tables["chain"]
_EVENT = metadata.tables["event"]
_PAYLOAD = metadata.tables["event_payload"]

_OF_PERSON = Prepared(
    sa.select(_CHAIN.c.id, (_CHAIN.c.seq + 1).label("seq"), _CHAIN.c.head).where(
        _CHAIN.c.organisation_id == sa.bindparam("organisation"),
        _CHAIN.c.person_id == sa.bindparam("person"),
    )
)
"""Read only: the person's turn keeps others away, and a second update of one row is dear."""
_OF_ORGANISATION = Prepared(
    sa.update(_CHAIN)
    .where(
        _CHAIN.c.organisation_id == sa.bindparam("organisation"),
        _CHAIN.c.person_id.is_(None),
    )
    .values(seq=_CHAIN.c.seq + 1)
    .returning(_CHAIN.c.id, _CHAIN.c.seq, _CHAIN.c.head)
)
_insert_event = inserting(_EVENT)
_insert_payload = inserting(_PAYLOAD)
_ADVANCE = Prepared(
    sa.update(_CHAIN)
    .where(_CHAIN.c.id == sa.bindparam("chain"))
    .values(seq=sa.bindparam("new_seq"), head=sa.bindparam("new_head"))
)


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
    chain = _next_place(session, organisation_id, person_id)
    salt = secrets.token_bytes(SALT_BYTES)
    body = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS, default=str)
    event = Event(
        organisation_id, chain.id, chain.seq, chain.head, kind, gate_time, wall_time,
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
    advanced = {"chain": event.chain_id, "new_seq": event.seq, "new_head": event.digest()}
    _ADVANCE.later(session, advanced)


def _next_place(
    session: Session, organisation_id: OrganisationId, person_id: PersonId | None
) -> Any:
    asked: dict[str, object] = {"organisation": organisation_id}
    statement = _OF_ORGANISATION
    if person_id is not None:
        statement, asked = _OF_PERSON, {**asked, "person": person_id}
    row = statement.one_or_none(session, asked)
    if row is None:
        first = {"id": new_id(), "organisation_id": organisation_id, "person_id": person_id}
        insert_unless_known(session, _CHAIN, {**first, "seq": 0, "head": FIRST_PREV})
        row = statement.one(session, asked)
    return row
