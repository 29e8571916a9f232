"""What others decided or changed about a labeler, from the record's own events (T-13)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.tables import metadata

_CHAIN = metadata.tables["chain"]
_EVENT = metadata.tables["event"]
_PAYLOAD = metadata.tables["event_payload"]
_ORGANISATION = metadata.tables["organisation"]
_MEMBERSHIP = metadata.tables["membership"]
_PERSON = metadata.tables["person"]

KINDS = (
    "role_given", "role_ended", "suspended", "reinstated", "exposure_corrected",
    "reset_link_made", "password_reset", "place_changed",
)  # fmt: skip
"""Events that change a person's standing or record; the labeler's own work is not among them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One such event. `by` is a person's id, *operator*, or empty where a rule decided."""

    kind: str
    at: datetime  # wall time
    organisation: str
    by: str
    what: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where a labeler's chain of events ends: with it, later omissions can be shown (T-6)."""

    chain_id: UUID
    organisation: str
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Engagement:
    """A role the person holds or held in an organisation."""

    role: str
    organisation: str
    started_at: datetime
    ended_at: datetime | None


def about(session: Session, person_id: PersonId) -> list[Decision]:
    """Return the decisions about a person, the newest first."""
    rows = session.connection().execute(_ABOUT, {"person": person_id})
    found = []
    for row in rows:
        what = {} if row.payload is None else orjson.loads(row.payload)
        by = str(what.pop("by", ""))
        found.append(Decision(row.kind, row.wall_time, row.name, by, what))
    return found


def chains(session: Session, person_id: PersonId) -> list[ChainEnd]:
    rows = session.connection().execute(_CHAINS, {"person": person_id})
    return [ChainEnd(row.id, row.name, row.seq, row.head) for row in rows]


def engagements(session: Session, person_id: PersonId) -> list[Engagement]:
    rows = session.connection().execute(_ENGAGEMENTS, {"person": person_id})
    return [Engagement(row.role.value, row.name, row.started_at, row.ended_at) for row in rows]


def names(session: Session, people: set[UUID]) -> dict[UUID, str]:
    """Return what people are called."""
    if not people:
        return {}
    asked = sa.select(_PERSON.c.id, _PERSON.c.name).where(_PERSON.c.id.in_(people))
    return {row.id: row.name for row in session.connection().execute(asked)}


_OF: sa.BindParameter[Any] = sa.bindparam("person")
_ABOUT = (
    sa.select(_EVENT.c.kind, _EVENT.c.wall_time, _PAYLOAD.c.payload, _ORGANISATION.c.name)
    .select_from(_CHAIN)
    .join(_EVENT, _EVENT.c.chain_id == _CHAIN.c.id)
    .join(_ORGANISATION, _ORGANISATION.c.id == _CHAIN.c.organisation_id)
    .outerjoin(
        _PAYLOAD,
        sa.and_(_PAYLOAD.c.chain_id == _EVENT.c.chain_id, _PAYLOAD.c.seq == _EVENT.c.seq),
    )
    .where(_CHAIN.c.person_id == _OF, _EVENT.c.kind.in_(KINDS))
    .order_by(_EVENT.c.wall_time.desc(), _EVENT.c.seq.desc())
)
_CHAINS = (
    sa.select(_CHAIN.c.id, _CHAIN.c.seq, _CHAIN.c.head, _ORGANISATION.c.name)
    .join(_ORGANISATION, _ORGANISATION.c.id == _CHAIN.c.organisation_id)
    .where(_CHAIN.c.person_id == _OF)
    .order_by(_ORGANISATION.c.name, _CHAIN.c.id)
)
_ENGAGEMENTS = (
    sa.select(
        _MEMBERSHIP.c.role,
        _MEMBERSHIP.c.started_at,
        _MEMBERSHIP.c.ended_at,
        _ORGANISATION.c.name,
    )
    .join(_ORGANISATION, _ORGANISATION.c.id == _MEMBERSHIP.c.organisation_id)
    .where(_MEMBERSHIP.c.person_id == _OF)
    .order_by(_MEMBERSHIP.c.started_at, _MEMBERSHIP.c.id)
)
