"""Requests already done, so that a retry does nothing twice (safety-case.md, R3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.store.inserting import insert_unless_known, keep_unless_known
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_REQUEST = metadata.tables["replayed_request"]


@dataclass(frozen=True, slots=True)
class Replay:
    """A request that was done before, and what came of it."""

    request_hash: str
    outcome: dict[str, Any]


def begin(
    session: Session,
    person_id: PersonId,
    key: str,
    stage: str,
    request_hash: str,
    now: datetime,
    outcome: dict[str, Any] | None = None,
) -> Replay | None:
    """Claim the key for this stage; return the earlier request if there was one.

    *outcome* is what will come of it, where that is known already.
    """
    values = {
        "person_id": person_id, "key": key, "stage": stage, "request_hash": request_hash,
        "outcome": orjson.dumps(outcome).decode() if outcome else "", "recorded_at": now,
    }  # fmt: skip
    if insert_unless_known(session, _REQUEST, values):
        return None
    return find(session, person_id, key, stage)


def find(session: Session, person_id: PersonId, key: str, stage: str) -> Replay | None:
    asked = {"person": person_id, "asked_key": key, "asked_stage": stage}
    row = _FIND.one_or_none(session, asked)
    if row is None:
        return None
    return Replay(row.request_hash, orjson.loads(row.outcome) if row.outcome else {})


def finish(
    session: Session, person_id: PersonId, key: str, stage: str, outcome: dict[str, Any]
) -> None:
    """Keep what came of the request, in its own transaction."""
    session.connection().execute(
        sa.update(_REQUEST)
        .where(_REQUEST.c.person_id == person_id, _REQUEST.c.key == key, _REQUEST.c.stage == stage)
        .values(outcome=orjson.dumps(outcome, default=str).decode())
    )


def note(
    session: Session,
    person_id: PersonId,
    key: str,
    stage: str,
    outcome: dict[str, Any],
    now: datetime,
) -> None:
    """Keep what a stage came to, unless an earlier request already did."""
    keep_unless_known(
        session, _REQUEST,
        {
            "person_id": person_id, "key": key, "stage": stage, "request_hash": "",
            "outcome": orjson.dumps(outcome).decode(), "recorded_at": now,
        },
    )  # fmt: skip


_FIND = Prepared(
    sa.select(_REQUEST.c.request_hash, _REQUEST.c.outcome).where(
        _REQUEST.c.person_id == sa.bindparam("person"),
        _REQUEST.c.key == sa.bindparam("asked_key"),
        _REQUEST.c.stage == sa.bindparam("asked_stage"),
    )
)


def forget(session: Session, before: datetime) -> int:
    """Delete what is older than the longest time a client may still retry."""
    gone = session.connection().execute(sa.delete(_REQUEST).where(_REQUEST.c.recorded_at < before))
    return gone.rowcount
