"""One person's charges in memory: rolling windows by running sums, as the store keeps them."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, timedelta

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.windows import Measure, WindowDose, WindowQuestion, amount


class Doses:
    """Charges by time of hiding. Questions must come with times that never go back."""

    __slots__ = ("_edges", "_hidden_at", "_sums")

    def __init__(self) -> None:
        self._hidden_at: list[datetime] = []
        self._sums: dict[Measure, list[int]] = {measure: [0] for measure in Measure}
        self._edges: dict[timedelta, int] = {}

    @property
    def total_ps(self) -> int:
        """Return the points of all charges, however long ago, in point-seconds."""
        return self._sums[Measure.POINTS][-1]

    def add(self, charge: Charge) -> None:
        self._hidden_at.append(charge.hidden_at)
        for measure, sums in self._sums.items():
            sums.append(sums[-1] + amount(charge, measure))

    def add_mild(self, hidden_at: datetime, active_s: int, charge_ps: int) -> None:
        """Add the charge of an item below S2; `add` would do the same."""
        self._hidden_at.append(hidden_at)
        points, work, severe = self._sums.values()
        points.append(points[-1] + charge_ps)
        work.append(work[-1] + active_s)
        severe.append(severe[-1])

    def answer(self, asked: Iterable[WindowQuestion], now: datetime) -> tuple[WindowDose, ...]:
        """Return what lies in each window, and when tiers without room have it again."""
        return tuple(self._dose(question, now) for question in asked)

    def _dose(self, question: WindowQuestion, now: datetime) -> WindowDose:
        sums, window = self._sums[question.measure], question.window
        edge = self._edge(window, now)
        total = sums[-1]
        spent = total - sums[edge]
        room: dict[Severity, datetime] = {}
        if spent:
            for tier, most in question.admits.items():
                if spent > most:
                    first = bisect_left(sums, total - most, edge)
                    room[tier] = self._hidden_at[first - 1] + window
        return WindowDose(question.measure, window, spent, room)

    def _edge(self, window: timedelta, now: datetime) -> int:
        """Return how many charges have left the window `(now - window, now]`."""
        edge, since = self._edges.get(window, 0), now - window
        hidden_at = self._hidden_at
        while edge < len(hidden_at) and hidden_at[edge] <= since:
            edge += 1
        self._edges[window] = edge
        return edge
