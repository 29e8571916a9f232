"""Figures of several runs: the least, the median and the greatest."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Days. None stands for never: later than any day."""

    low: float | None
    median: float | None
    high: float | None

    def holds(self, days: float | None) -> bool:
        """Say whether a figure lies between the least and the greatest, both included."""
        if days is None:
            return self.high is None
        if self.low is None or days < self.low:
            return False
        return self.high is None or days <= self.high


def spread(days: Sequence[float | None]) -> Spread:
    """Return the spread of one figure a run."""
    ordered = sorted(days, key=_never_last)
    return Spread(ordered[0], ordered[len(ordered) // 2], ordered[-1])


def change(pairs: Sequence[tuple[float | None, float | None]]) -> Spread | None:
    """Return the spread of the differences, second less first; None if one is never."""
    differences = [
        after - before for before, after in pairs if before is not None and after is not None
    ]
    return spread(differences) if differences and len(differences) == len(pairs) else None


def _never_last(days: float | None) -> tuple[bool, float]:
    return days is None, days or 0.0
