"""The only reader of time: wall time for display and records, boot time for the gate."""

import ctypes
import ctypes.util
import math
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import getnode

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIMEX_BYTES = 512  # struct timex is 208 bytes on 64-bit Linux; room to spare
_TIME_ERROR = 5
_BOOT_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_ASKED_AGAIN_S = 1.0
"""The kernel is asked this often whether it follows a time server; it tells within minutes."""


class Clock(Protocol):
    """What LabelHub asks of a clock. Tests pass one they move by hand."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...

    def boot_seconds(self) -> float:
        """Return seconds since boot; runs on through suspend where the system can tell."""
        ...

    def boot_id(self) -> str:
        """Return an identifier that changes when `boot_seconds` starts again."""
        ...

    def synchronised(self) -> bool:
        """Return whether the kernel says that its wall clock follows a time server."""
        ...


class SystemClock:
    """The machine's clocks (safety-case.md, R4)."""

    def __init__(self) -> None:
        self._told = (-math.inf, False)

    def now(self) -> datetime:
        return utc_now()

    def boot_seconds(self) -> float:
        # Without a boot clock (macOS) monotonic time is used; it may stop during suspend,
        # which is the safe side: too little time is credited, never too much.
        return time.clock_gettime(_BOOT_CLOCK)

    def boot_id(self) -> str:
        return _boot_id()

    def synchronised(self) -> bool:
        now = time.monotonic()
        asked_at, told = self._told
        if now - asked_at >= _ASKED_AGAIN_S:
            told = _kernel_synchronised()
            self._told = now, told
        return told


@cache
def _boot_id() -> str:
    """Read the kernel's identifier once: it outlives every process."""
    if _BOOT_ID.exists():
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return f"process-{getnode()}-{_PROCESS_START}"


def _kernel_synchronised() -> bool:
    """Ask adjtimex(2) for its state; TIME_ERROR means that no time server is followed."""
    ask = _adjtimex()
    if ask is None:
        return False
    request = ctypes.create_string_buffer(_TIMEX_BYTES)  # all zero: read only
    state = int(ask(request))
    return state not in {-1, _TIME_ERROR}


@cache
def _adjtimex() -> Any:
    """Find the call once: looking for the C library starts other programs."""
    library = ctypes.util.find_library("c")
    return None if library is None else getattr(ctypes.CDLL(library), "adjtimex", None)


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 the one place


_PROCESS_START = time.monotonic_ns()
