"""Drafts: what a labeler has answered so far, kept through breaks, limits and crashes (D-7)."""

from datetime import datetime

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.instruments.answers import Fields
from labelhub.domain.vocabulary import AssignmentId
from labelhub.store.inserting import insert_unless_known
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_DRAFT = metadata.tables["draft"]


def save(session: Session, assignment_id: AssignmentId, fields: Fields, now: datetime) -> None:
    """Keep the answer's fields as typed, replacing the earlier draft."""
    answer = orjson.dumps({name: list(values) for name, values in fields.items()}).decode()
    values = {"assignment_id": assignment_id, "answer": answer, "saved_at": now}
    if not insert_unless_known(session, _DRAFT, values):
        session.connection().execute(
            sa.update(_DRAFT)
            .where(_DRAFT.c.assignment_id == assignment_id)
            .values(answer=answer, saved_at=now)
        )


def find(session: Session, assignment_id: AssignmentId) -> dict[str, list[str]]:
    """Return the draft's fields; empty where nothing was typed."""
    row = _FIND.one_or_none(session, {"assignment": assignment_id})
    fields: dict[str, list[str]] = orjson.loads(row.answer) if row else {}
    return fields


def drop(session: Session, assignment_id: AssignmentId) -> None:
    session.connection().execute(_DROP, {"assignment": assignment_id})


_FIND = Prepared(
    sa.select(_DRAFT.c.answer).where(_DRAFT.c.assignment_id == sa.bindparam("assignment"))
)
_DROP = sa.delete(_DRAFT).where(_DRAFT.c.assignment_id == sa.bindparam("assignment"))
