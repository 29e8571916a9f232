"""The main sleep that night workers declare: kept beside the requests, since it waits as they do.

A declaration is a row of `limit_request` of its own layer. It takes effect by itself when it is
ripe, so nothing has to run: the latest ripe one that was not taken back counts.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.night import MainSleep
from labelhub.identifiers import new_id
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_REQUEST = metadata.tables["limit_request"]
_PERSON = metadata.tables["person"]
_LAYER = "main_sleep"
_SCHEMA = "labelhub-main-sleep-v1"


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration; `sleep` None is the ordinary night again. Times are gate time."""

    id: UUID
    sleep: MainSleep | None
    asked_at: datetime
    ripe_at: datetime


def declare(
    session: Session, person_id: PersonId, sleep: MainSleep | None, now: datetime, ripe_at: datetime
) -> None:
    """Keep a declaration that counts from *ripe_at*; under the person's turn."""
    hours = None if sleep is None else [f"{sleep.begins:%H:%M}", f"{sleep.ends:%H:%M}"]
    session.connection().execute(
        sa.insert(_REQUEST),
        {
            "id": new_id(), "layer": _LAYER, "subject": person_id.hex,
            "document": orjson.dumps({"schema": _SCHEMA, "hours": hours}).decode(),
            "asked_by": person_id, "asked_at": now, "ripe_at": ripe_at,
        },
    )  # fmt: skip


def take_back(session: Session, person_id: PersonId, now: datetime) -> bool:
    """Forget what does not count yet; False where nothing waits."""
    statement = (
        sa.update(_REQUEST)
        .where(*_of(person_id), _REQUEST.c.ripe_at > now)
        .values(decided_at=now, decided_by=person_id, decision="withdrawn")
    )
    return session.connection().execute(statement).rowcount > 0


def in_force(session: Session, person_id: PersonId, now: datetime) -> MainSleep | None:
    """Return the main sleep that counts at *now*, gate time; None: the policy's night."""
    row = _IN_FORCE.one_or_none(session, {"subject": person_id.hex, "now": now})
    return None if row is None else _sleep(row.document)


def waiting(session: Session, person_id: PersonId, now: datetime) -> Declared | None:
    """Return the declaration that does not count yet, if there is one."""
    statement = (
        sa.select(_REQUEST)
        .where(*_of(person_id), _REQUEST.c.ripe_at > now)
        .order_by(_REQUEST.c.ripe_at.desc(), _REQUEST.c.id.desc())
        .limit(1)
    )
    row = session.connection().execute(statement).one_or_none()
    if row is None:
        return None
    return Declared(row.id, _sleep(row.document), row.asked_at, row.ripe_at)


def _of(person: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _REQUEST.c.layer == _LAYER,
        _REQUEST.c.subject == person.hex,
        _REQUEST.c.decided_at.is_(None),
    )


def _sleep(document: str) -> MainSleep | None:
    hours = orjson.loads(document)["hours"]
    return None if hours is None else MainSleep(*(time.fromisoformat(hour) for hour in hours))


DECLARED = sa.exists().where(
    _REQUEST.c.layer == _LAYER,
    _REQUEST.c.subject == sa.func.replace(sa.cast(_PERSON.c.id, sa.Text), "-", ""),
    _REQUEST.c.decided_at.is_(None),
)
"""Whether the person of the row ever declared a main sleep, for a statement on `person`."""
_IN_FORCE = Prepared(
    sa.select(_REQUEST.c.document)
    .where(
        _REQUEST.c.layer == _LAYER,
        _REQUEST.c.subject == sa.bindparam("subject"),
        _REQUEST.c.decided_at.is_(None),
        _REQUEST.c.ripe_at <= sa.bindparam("now"),
    )
    .order_by(_REQUEST.c.ripe_at.desc(), _REQUEST.c.id.desc())
    .limit(1)
)
