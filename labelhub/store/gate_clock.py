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
"""Another machine that has not ticked for this long has stopped; this one may take over.

So may one whose wall clock lies as far behind: they disagree, and time counts from here unverified.
"""

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

    A machine with another boot identifier only reads the stored time, at most a minute old, unless
    the one that kept it has stopped, or their wall clocks disagree by more than that.

    Raises:
        NoGateTimeError: no installation was made in this database.

    """
    return ticked(session, clock, _READ.one_or_none(session, {}))


def ticked(session: Session, clock: Clock, row: Any) -> Tick:
    """Do what `tick` does, from a row that was read already; None: there is none."""
    anchor, reading = _anchor(row), reading_of(clock)
    now = _derived(anchor, reading)
    if now is None:
        return Tick(anchor.gate_time, anchor.verified, None)
    if reading.boot_id != anchor.reading.boot_id:
        return _taken_over(session, clock)
    stale = now.gate_time - anchor.gate_time >= _EVERY
    if (stale or now.anomaly is not None) and _may_store(session, row):
        _store(session, now, reading)
    return now


def _taken_over(session: Session, clock: Clock) -> Tick:
    """Keep the time from here on: read it again once nobody else is storing it, and store.

    Whoever took over without storing would date what it does by a time that another is moving on.
    """
    row = session.connection().execute(READ.with_for_update()).one()
    anchor, reading = _anchor(row), reading_of(clock)
    now = _derived(anchor, reading)
    if now is None:
        return Tick(anchor.gate_time, anchor.verified, None)
    _store(session, now, reading)
    return now


def peek(session: Session, clock: Clock) -> Tick:
    """Return gate time now without storing it; for pages that only read."""
    anchor = _anchor(_READ.one_or_none(session, {}))
    now = _derived(anchor, reading_of(clock))
    return Tick(anchor.gate_time, anchor.verified, None) if now is None else now


def _derived(anchor: Anchor, reading: Reading) -> Tick | None:
    """Return gate time as this machine makes it out; None where another one keeps it.

    Whoever only read a time that stands still would date a hiding too early, and its gap would
    seem longer than it was once time is moved on at a stroke (W-6). So nobody reads for longer
    than a minute's disagreement.
    """
    apart = abs(reading.wall - anchor.reading.wall)
    if reading.boot_id != anchor.reading.boot_id and apart < _ABANDONED:
        return None
    return advanced(anchor, reading)


def confirm(session: Session, clock: Clock) -> Tick:
    """Verify time after a restart that nobody could vouch for: an administrator does.

    The machine that keeps the time goes on keeping it, wherever the administrator is.
    """
    anchor, reading = _anchor(_READ.one_or_none(session, {})), reading_of(clock)
    derived = _derived(anchor, reading)
    now = anchor.gate_time if derived is None else derived.gate_time
    confirmed = Tick(now, verified=True, anomaly=None)
    _store(session, confirmed, anchor.reading if derived is None else reading)
    return confirmed


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
