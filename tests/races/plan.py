"""What one round of the race is: its size, its seed and where it happens."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

LIMIT_POINTS = 6
"""S1 content of at least a minute each: six of them fill the hour (L-02, tightened)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One round. The seed decides every worker's choices, not the order in which they win."""

    url: str
    seed: int
    folder: Path
    processes: int = 8
    persons: int = 12
    mild: int = 40
    charged: int = 20
    overlap: int = 3
    seconds: float = 12.0
    kill_every: float = 0.6
    secret_key: str = field(default="race-Xq3-0ZkWm8vJ1rUy5sLd9PbNf2HgTcAeR7iOx4", repr=False)


@dataclass(frozen=True, slots=True)
class Seat:
    """What one worker process starts with. Every person sits at two of them: two devices."""

    plan: Plan
    number: int
    start: int  # how often this seat was started before
    slug: str
    persons: tuple[tuple[UUID, str], ...]  # with the token of a sign-in

    @property
    def journal(self) -> Path:
        return self.plan.folder / f"seat-{self.number}-{self.start:03}.jsonl"

    @property
    def dice(self) -> str:
        return f"{self.plan.seed}/{self.number}/{self.start}"

    @property
    def by_pages(self) -> bool:
        """Half of the seats use the pages, the others the services behind them."""
        return self.number % 2 == 1
