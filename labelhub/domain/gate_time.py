"""Gate time: a clock that credits no more than the time that really passed (safety-case.md, R4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ANOMALY = timedelta(seconds=60)
"""A wall clock that disagrees with gate time by more than this is an event of its own (T-11)."""

_ZERO = timedelta()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one machine's clocks say at one moment."""

    wall: datetime
    boottime: timedelta
    boot_id: str
    synchronised: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """Gate time as last stored, and the reading it was stored with."""

    gate_time: datetime
    reading: Reading
    verified: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Gate time now. `anomaly` is how far the wall clock strayed, if further than `ANOMALY`."""

    gate_time: datetime
    verified: bool
    anomaly: timedelta | None


def advanced(anchor: Anchor, reading: Reading) -> Tick:
    """Return gate time at *reading*, crediting at most the time elapsed since *anchor*.

    On the same boot the smaller of the wall's and the boot clock's step counts. After a restart
    the wall's step counts only if the kernel followed a time server before and after; otherwise
    nothing is credited and time is unverified until an administrator confirms it. Nor while it is
    unverified, or from a wall that lies further behind than `ANOMALY`: two machines then disagree.
    """
    wall_step = reading.wall - anchor.reading.wall
    vouched = reading.synchronised and anchor.reading.synchronised
    if reading.boot_id == anchor.reading.boot_id:
        credit = max(_ZERO, min(wall_step, reading.boottime - anchor.reading.boottime))
        verified = anchor.verified
    elif vouched and anchor.verified and wall_step >= -ANOMALY:
        credit = max(_ZERO, wall_step)
        verified = anchor.verified
    else:
        credit = _ZERO
        verified = False
    strayed = wall_step - credit
    return Tick(anchor.gate_time + credit, verified, strayed if abs(strayed) > ANOMALY else None)
