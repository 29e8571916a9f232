"""Gate time in the database: read after the turn is taken, stored at most once a second."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.gate_time import Anchor, Reading, Tick, advanced
from labelhub.store.prepared import Prepared
from labelhub.tables import metadata

_CLOCK = metadata.tables["gate_clock"]
_EVERY = timedelta(seconds=1)
_ABANDONED = timedelta(seconds=60)
"""Another machine that has not ticked for this long has stopped; this one may take over."""

READ = sa.select(
    _CLOCK.c.gate_time,
    _CLOCK.c.wall,
    _CLOCK.c.boot_id,
    _CLOCK.c.boottime_us,
    _CLOCK.c.synchronised,
    _CLOCK.c.verified,
).where(_CLOCK.c.id == 1)
"""Whoever reads more at the same moment adds columns to it."""
_READ = Prepared(READ)
_STORED = (
    "gate_time", "verified", "wall", "boot_id", "boottime_us", "synchronised",
)  # fmt: skip
_STORE = Prepared(
    sa.update(_CLOCK)
    .where(_CLOCK.c.id == 1)
    .values({name: sa.bindparam(f"new_{name}") for name in _STORED})
)


class NoGateTimeError(RuntimeError):
    """The installation has no gate clock, so nothing may be served."""


def reading_of(clock: Clock) -> Reading:
    return Reading(
        wall=clock.now(),
        boottime=timedelta(seconds=clock.boot_seconds()),
        boot_id=clock.boot_id(),
        synchronised=clock.synchronised(),
    )


def start(session: Session, clock: Clock) -> None:
    """Set gate time going, once, when an installation is made."""
    reading = reading_of(clock)
    session.connection().execute(
        sa.insert(_CLOCK).values(
            id=1, gate_time=reading.wall, verified=True, epoch=1, **_columns(reading)
        )
    )


def tick(session: Session, clock: Clock) -> Tick:
    """Return gate time now; store it if the stored one is a second old.

    A machine with another boot identifier only reads the stored time, unless the one that kept it
    has stopped: an older time is the safe side.

    Raises:
        NoGateTimeError: no installation was made in this database.

    """
    return ticked(session, clock, _READ.one_or_none(session, {}))


def ticked(session: Session, clock: Clock, row: Any) -> Tick:
    """Do what `tick` does, from a row that was read already; None: there is none."""
    anchor, reading = _anchor(row), reading_of(clock)
    same_boot = reading.boot_id == anchor.reading.boot_id
    if not same_boot and reading.wall - anchor.reading.wall < _ABANDONED:
        # A wall clock far behind the stored one would stand still for as long; staff must know.
        behind = anchor.reading.wall - reading.wall > _ABANDONED
        return Tick(anchor.gate_time, anchor.verified and not behind, None)
    now = advanced(anchor, reading)
    stale = now.gate_time - anchor.gate_time >= _EVERY
    if (stale or not same_boot or now.anomaly is not None) and _may_store(session, row):
        _store(session, now, reading)
    return now


def peek(session: Session, clock: Clock) -> Tick:
    """Return gate time now without storing it; for pages that only read."""
    anchor, reading = _anchor(_READ.one_or_none(session, {})), reading_of(clock)
    if reading.boot_id != anchor.reading.boot_id:
        return Tick(anchor.gate_time, anchor.verified, None)
    return advanced(anchor, reading)


def confirm(session: Session, clock: Clock) -> Tick:
    """Verify time after a restart that nobody could vouch for: an administrator does."""
    anchor, reading = _anchor(_READ.one_or_none(session, {})), reading_of(clock)
    now = advanced(anchor, reading)
    _store(session, Tick(now.gate_time, verified=True, anomaly=None), reading)
    return Tick(now.gate_time, verified=True, anomaly=None)


def _anchor(row: Any) -> Anchor:
    if row is None:
        raise NoGateTimeError("this database has no gate clock; run `labelhub init`")
    reading = Reading(
        row.wall, timedelta(microseconds=row.boottime_us), row.boot_id, row.synchronised
    )
    return Anchor(row.gate_time, reading, row.verified)


def _may_store(session: Session, read: Any) -> bool:
    """On PostgreSQL one transaction at a time stores the tick; the others must not wait for it.

    Nor may one store over what came after the row it *read*, such as an administrator's word.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return True
    free = connection.execute(READ.with_for_update(skip_locked=True)).one_or_none()
    return free is not None and tuple(free) == tuple(read)[: len(free)]


def _store(session: Session, now: Tick, reading: Reading) -> None:
    stored = {"gate_time": now.gate_time, "verified": now.verified, **_columns(reading)}
    _STORE.run(session, {f"new_{name}": value for name, value in stored.items()})


def _columns(reading: Reading) -> dict[str, object]:
    return {
        "wall": reading.wall,
        "boot_id": reading.boot_id,
        "boottime_us": reading.boottime // timedelta(microseconds=1),
        "synchronised": reading.synchronised,
    }
