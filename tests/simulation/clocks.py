"""True time, which nobody in the product can see, and the machines whose clocks stray from it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.worlds import START

AGREED_S = 2.0
"""How far two machines that follow time servers may differ. They are off by milliseconds really."""


@dataclass(slots=True)
class TrueTime:
    """Seconds since the history began; whole halves, so that sums of them are exact."""

    seconds: float = 0.0

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass(slots=True)
class Machine:
    """A computer: what its clock on the wall says, and since when it runs.

    Turning the clock takes the kernel's word back that it follows a time server: Linux does so.
    """

    name: str
    time: TrueTime
    honest: float  # how far its wall clock is off while it follows a time server
    off: float = field(init=False)
    boots: int = 1
    booted: float = -1_000.0
    synchronised: bool = True

    def __post_init__(self) -> None:
        self.off = self.honest

    def jump(self, seconds: float) -> None:
        self.off += seconds
        self.synchronised = False

    def reboot(self) -> None:
        self.boots += 1
        self.booted = self.time.seconds

    def heal(self) -> None:
        """Follow a time server again."""
        self.off = self.honest
        self.synchronised = True


@dataclass(slots=True)
class HostClock:
    """What a host's program reads. `reads` are the true times at which a transaction did."""

    machine: Machine
    reads: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.machine.time.seconds + self.machine.off)

    def boot_seconds(self) -> float:
        self.reads.append(self.machine.time.seconds)
        return self.machine.time.seconds - self.machine.booted

    def boot_id(self) -> str:
        return f"{self.machine.name}-{self.machine.boots}"

    def synchronised(self) -> bool:
        return self.machine.synchronised
