"""The independent limiter, with what only a desk has: answers in gaps, findings, tightened limits.

It imports nothing of the product. Where the text leaves room it errs towards allowing, so that
what it refuses was certainly wrong to serve.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from tests.domain.welfare.oracle import DAY, DOSES, MINUTE, WEIGHT, Item, Oracle

PAUSE = 30 * MINUTE
SOON = 30 * MINUTE


@dataclass
class Exposure(Item):
    """Something shown. `dose` is the severity it is charged at: a finding can raise it (W-9)."""

    exposure: str = ""
    dose: int = 0

    @property
    def charge(self) -> int:
        return WEIGHT[self.dose] * max(60, self.active)


@dataclass
class Limiter(Oracle):
    """One person at the desk. `answers` are the times of answers, which restart a gap."""

    answers: list[float] = field(default_factory=list)
    hour_points: int = 240  # what the project asked about allows (L-02)
    sure_of_night: bool = True  # the wall clock and gate time tell the same

    def gaps(self, now: float) -> list[float]:
        """Return each gap's longest piece without an answer in it."""
        starts = [item.shown for item in self.items] + [now]
        ends = [float("-inf")] + [item.hidden for item in self.items]
        return [self._longest(end, start) for end, start in zip(ends, starts, strict=True)]

    def _longest(self, end: float, start: float) -> float:
        inside = [end, *(at for at in self.answers if end < at < start), start]
        return max(later - earlier for earlier, later in pairwise(inside))

    def doses(self, severity: int, now: float) -> list[tuple[str, float]]:
        spans = super().doses(severity, now)
        if not spans:
            return spans
        _, length, _ = DOSES[0]
        budget = self.hour_points * 60 * self.percent(severity, now) // 100
        left = budget - sum(item.charge for item in self.inside(length, now))
        return [*spans, ("L-02", left // WEIGHT[severity])]

    def permissions(self, severity: int, now: float) -> set[str]:
        self.consented = now  # consents are followed step by step elsewhere
        return super().permissions(severity, now)

    def until_night(self, now: float) -> float:
        if not self.sure_of_night:
            return DAY
        return max(super().until_night(now), super().until_night(now + SOON))

    def period_began(self, now: float) -> float:
        did = [(item.shown, item.hidden) for item in self.items]
        did += [(at, at) for at in self.answers]
        began = last = None
        for start, end in sorted([*did, (now, now)]):
            if began is None or last is None or start - last >= PAUSE:
                began = start
            last = end if last is None else max(last, end)
        return now if began is None else began
