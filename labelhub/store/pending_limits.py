"""Limits that were set and do not hold yet: loosenings in their waiting time (L-20)."""

from dataclasses import dataclass
from datetime import datetime

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.tables import metadata

_SETTING = metadata.tables["policy_setting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    policy: Policy
    effective_at: datetime


def of(session: Session, layer: Layer, subject: str, now: datetime) -> list[Waiting]:
    """Return what a layer will say, soonest first; of one moment, what was asked for last."""
    statement = (
        sa.select(_SETTING.c.document, _SETTING.c.effective_at)
        .where(
            _SETTING.c.layer == layer.value,
            _SETTING.c.subject == subject,
            _SETTING.c.effective_at > now,
        )
        .order_by(_SETTING.c.effective_at, _SETTING.c.id)
    )
    latest = {row.effective_at: row.document for row in session.connection().execute(statement)}
    return [
        Waiting(Policy.from_mapping(orjson.loads(document), partial=True), effective_at)
        for effective_at, document in latest.items()
    ]
