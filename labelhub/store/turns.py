"""Taking a person's turn: the first statement of every showing and every change of limits (R2)."""

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.store.inserting import insert_unless_known
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_GATE = metadata.tables["person_gate"]

_TAKE = Prepared(
    sa.update(_GATE)
    .where(_GATE.c.person_id == sa.bindparam("person"))
    .values(turn=_GATE.c.turn + 1)
    .returning(_GATE.c.turn, _GATE.c.state)
)
_SAVE = Prepared(
    sa.update(_GATE)
    .where(_GATE.c.person_id == sa.bindparam("person"))
    .values(state=sa.bindparam("new_state"))
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A person's turn, held until the transaction ends. `record` is the gate's stored state."""

    person_id: PersonId
    number: int
    record: dict[str, Any]


def take(session: Session, person_id: PersonId) -> Turn:
    """Wait for the person's turn. Every tab, device and host queues here.

    An UPDATE, not SELECT … FOR UPDATE: SQLite drops the latter without a word, and a locked but
    unchanged row does not protect sums over other tables (safety-case.md, section 5).
    """
    row = _TAKE.one_or_none(session, {"person": person_id})
    if row is None:
        insert_unless_known(session, _GATE, {"person_id": person_id, "turn": 0, "state": "{}"})
        row = _TAKE.one(session, {"person": person_id})
    return Turn(person_id, row.turn, orjson.loads(row.state))


def peek(session: Session, person_id: PersonId) -> Turn:
    """Read a person's stored state without waiting for their turn; never to decide from."""
    row = (
        session.connection()
        .execute(sa.select(_GATE.c.turn, _GATE.c.state).where(_GATE.c.person_id == person_id))
        .one_or_none()
    )
    return (
        Turn(person_id, 0, {})
        if row is None
        else Turn(person_id, row.turn, orjson.loads(row.state))
    )


def save(session: Session, person_id: PersonId, record: dict[str, Any]) -> None:
    """Store the gate's state; only under the person's turn."""
    _SAVE.later(session, {"person": person_id, "new_state": orjson.dumps(record).decode()})
