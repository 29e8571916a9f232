"""The ratings that are still wanted, and who may give them: nobody rates an item twice."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from labelhub.domain.planning.team import TierLoad
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import HARD

COUNT_KEPT = timedelta(seconds=60)
MOST_COUNTED = 2_000
"""As in `store.queue_stock`, which counts for the desk; a test compares them."""

Had = dict[Severity, set[int]]
"""The items that one person had, by tier."""


class Pool:
    """Items of each tier by how many ratings they still want, those with the fewest in first."""

    __slots__ = ("_counted_at", "_levels", "_short", "left")

    def __init__(self, tiers: Mapping[Severity, TierLoad]) -> None:
        self.left = {tier: load.ratings for tier, load in tiers.items()}
        self._levels = {tier: _levels(load) for tier, load in tiers.items()}
        self._counted_at: datetime | None = None
        self._short = False

    def waits(self, tier: Severity, had: Had) -> bool:
        """Say whether an item of the tier waits for a rating that this person can give."""
        if not self.left.get(tier):
            return False
        return tier not in had or self._find(tier, had[tier]) is not None

    def mild_is_short(self, now: datetime) -> bool:
        """Say whether fewer mild items wait than hard ones, as of the last minute."""
        if self._counted_at is None or now - self._counted_at >= COUNT_KEPT:
            self._counted_at = now
            waiting = {tier: self._items(tier) for tier in self._levels}
            mild = sum(items for tier, items in waiting.items() if tier < HARD)
            hard = sum(items for tier, items in waiting.items() if tier >= HARD)
            self._short = mild < min(MOST_COUNTED, hard)
        return self._short

    def _items(self, tier: Severity) -> int:
        return min(MOST_COUNTED, sum(len(items) for items in self._levels[tier].values()))

    def take(self, tier: Severity, had: Had) -> None:
        """Take one rating for which `waits` is true."""
        wanting, place = self._find(tier, had.get(tier, _NOTHING)) or (0, 0)
        levels = self._levels[tier]
        item = levels[wanting][place]
        del levels[wanting][place]
        self.left[tier] -= 1
        if wanting > 1:
            levels[wanting - 1].append(item)
        if wanting > 1 or tier in had:
            had.setdefault(tier, set()).add(item)

    def _find(self, tier: Severity, mine: set[int]) -> tuple[int, int] | None:
        for wanting, items in self._levels[tier].items():
            for place, item in enumerate(items):
                if item not in mine:
                    return wanting, place
        return None


_NOTHING: set[int] = set()


def _levels(load: TierLoad) -> dict[int, deque[int]]:
    """Return the items by how many ratings they want, most first."""
    number = count()
    most = max(load.wanting, default=0)
    return {
        wanting: deque(next(number) for _ in range(load.wanting.get(wanting, 0)))
        for wanting in range(most, 0, -1)
    }
