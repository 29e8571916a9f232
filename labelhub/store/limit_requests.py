"""Loosenings that wait for a second yes. What is decided stays on record (L-20)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.loosening import Change, Request
from labelhub.identifiers import new_id
from labelhub.tables import metadata

_REQUEST = metadata.tables["limit_request"]

Decision = Literal["confirmed", "withdrawn"]


def add(
    session: Session,
    layer: Layer,
    subject: str,
    change: Change,
    asked_by: PersonId | None,
    *,
    asked_at: datetime,
    ripe_at: datetime,
) -> Request:
    """Keep a request; the caller holds the layer's limits alone."""
    request = Request(new_id(), layer, subject, change, asked_by, asked_at, ripe_at)
    session.connection().execute(
        sa.insert(_REQUEST),
        {
            "id": request.id, "layer": layer.value, "subject": subject,
            "document": _document(change), "asked_by": asked_by,
            "asked_at": asked_at, "ripe_at": ripe_at,
        },
    )  # fmt: skip
    return request


def open_of(session: Session, layer: Layer, subject: str) -> list[Request]:
    """Return the undecided requests of one layer, oldest first."""
    return open_of_many(session, [(layer, subject)])


def open_of_many(session: Session, layers: Collection[tuple[Layer, str]]) -> list[Request]:
    """Return the undecided requests of several layers, oldest first."""
    of_one = [
        sa.and_(_REQUEST.c.layer == layer.value, _REQUEST.c.subject == subject)
        for layer, subject in layers
    ]
    statement = (
        sa.select(_REQUEST)
        .where(_REQUEST.c.decided_at.is_(None), sa.or_(sa.false(), *of_one))
        .order_by(_REQUEST.c.asked_at, _REQUEST.c.id)
    )
    return [_request(row) for row in session.connection().execute(statement)]


def decide(
    session: Session, request_id: UUID, decision: Decision, by: PersonId | None, now: datetime
) -> bool:
    """Close a request; False if somebody else was first."""
    statement = (
        sa.update(_REQUEST)
        .where(_REQUEST.c.id == request_id, _REQUEST.c.decided_at.is_(None))
        .values(decided_at=now, decided_by=by, decision=decision)
    )
    return session.connection().execute(statement).rowcount == 1


def narrow(session: Session, request_id: UUID, change: Change) -> None:
    """Keep of a request only what a tightening left of it."""
    statement = (
        sa.update(_REQUEST)
        .where(_REQUEST.c.id == request_id, _REQUEST.c.decided_at.is_(None))
        .values(document=_document(change))
    )
    session.connection().execute(statement)


def _document(change: Change) -> str:
    return orjson.dumps(change.to_mapping()).decode()


def _request(row: Any) -> Request:
    return Request(
        id=row.id,
        layer=Layer(row.layer),
        subject=row.subject,
        change=Change.from_mapping(orjson.loads(row.document)),
        asked_by=None if row.asked_by is None else PersonId(row.asked_by),
        asked_at=row.asked_at,
        ripe_at=row.ripe_at,
    )
