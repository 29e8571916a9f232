"""Figures of a release that its card shows, counted while the rows pass."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from labelhub.domain.release.conversation import normalised
from labelhub.domain.release.pairs import Pair, Preference
from labelhub.domain.release.rated import COUNTED, RatedItem
from labelhub.domain.vocabulary import Choice

SECONDS_STEP = 5  # times are rounded to it (R7), so that nobody's rhythm is in a file
_NEAR = 0.9  # only texts of about the same length can be near-duplicates


class Interval(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """How often a model's text was chosen and rejected in written pairs."""

    chosen: int
    rejected: int


def rounded_seconds(seconds: float) -> int:
    """Return seconds to the nearest five."""
    return SECONDS_STEP * round(seconds / SECONDS_STEP)


class Figures:
    """Running counts; their size depends on how answers vary, not on how many there are."""

    def __init__(self) -> None:
        self.patterns: Counter[tuple[int, ...]] = Counter()
        self.shown: Counter[tuple[Choice, bool | None]] = Counter()
        self.seconds: Counter[int] = Counter()
        self.votes_per_item: Counter[int] = Counter()
        self.chosen: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.longer: Counter[str] = Counter()
        self.harm: Counter[tuple[str, int]] = Counter()
        self.near_duplicates = 0

    def receive(self, item: RatedItem) -> None:
        counted = 0
        for vote in item.votes:
            if vote.status in COUNTED:
                counted += 1
                self.shown[vote.choice, vote.first_on_left] += 1
                if vote.seconds_active:
                    self.seconds[rounded_seconds(vote.seconds_active)] += 1
        for harm in item.harms:
            if harm.status in COUNTED:
                counted += 1
                for flag in harm.flags:
                    self.harm[flag.category, flag.severity] += 1
                if harm.seconds_active:
                    self.seconds[rounded_seconds(harm.seconds_active)] += 1
        self.votes_per_item[counted] += 1

    def decided(self, pair: Pair, preference: Preference) -> None:
        """Note a pair that is written."""
        winner = preference.winner
        self.chosen[pair.models[winner]] += 1
        self.rejected[pair.models[1 - winner]] += 1
        texts = [completion.turns[-1].content for completion in pair.item.completions]
        chosen, rejected = len(texts[winner]), len(texts[1 - winner])
        if chosen == rejected:
            self.longer["equal"] += 1
        else:
            self.longer["longer" if chosen > rejected else "shorter"] += 1
        if min(chosen, rejected) > _NEAR * max(chosen, rejected):
            self.near_duplicates += normalised(texts[0]) == normalised(texts[1])

    def models(self) -> Mapping[str, ModelRecord]:
        """Return each named model's record, the most written first."""
        names = sorted((self.chosen + self.rejected).items(), key=lambda item: (-item[1], item[0]))
        return {
            name: ModelRecord(self.chosen[name], self.rejected[name]) for name, _ in names if name
        }

    def positions(self) -> tuple[int, int]:
        """Return how often the side shown on the left, and on the right, was preferred."""
        shown = self.shown
        left = shown[Choice.FIRST, True] + shown[Choice.SECOND, False]
        return left, shown[Choice.FIRST, False] + shown[Choice.SECOND, True]

    def share(self, choice: Choice) -> float:
        """Return the share of counted votes with this choice."""
        total = self.shown.total()
        votes = sum(times for (given, _), times in self.shown.items() if given is choice)
        return votes / total if total else 0.0

    def agreement(self) -> Interval | None:
        return krippendorff(self.patterns)


def median(counts: Counter[int]) -> float:
    """Return the median of values given with how often each occurs; 0 for none."""
    total, passed = counts.total(), 0
    for value in sorted(counts):
        passed += counts[value]
        if 2 * passed > total:
            return value
        if 2 * passed == total:
            return (value + min(later for later in counts if later > value)) / 2
    return 0


def krippendorff(patterns: Counter[tuple[int, ...]]) -> Interval | None:
    """Return Krippendorff's nominal α over pairs, with a delete-one jackknife interval.

    Each pattern is the votes of one pair by answer. Pairs with one vote tell nothing of
    agreement. None where there are fewer than two pairs, or only one answer was ever given.
    """
    useful = {pattern: times for pattern, times in patterns.items() if sum(pattern) > 1}
    units = sum(useful.values())
    full = _alpha(useful)
    if units < 2 or full is None:  # noqa: PLR2004 no spread without two
        return None
    others = []
    for pattern, times in useful.items():
        left = _alpha({**useful, pattern: times - 1})
        if left is None:
            return None
        others.append((left, times))
    mean = sum(value * times for value, times in others) / units
    spread = sum(times * (value - mean) ** 2 for value, times in others) * (units - 1) / units
    margin = 1.96 * math.sqrt(spread)
    return Interval(full, full - margin, min(1.0, full + margin))


def _alpha(patterns: Mapping[tuple[int, ...], int]) -> float | None:
    observed, marginals = 0.0, Counter[int]()
    for pattern, times in patterns.items():
        votes = sum(pattern)
        alike = sum(count * (count - 1) for count in pattern)
        observed += times * (votes * (votes - 1) - alike) / (votes - 1)
        for answer, count in enumerate(pattern):
            marginals[answer] += times * count
    total = marginals.total()
    expected = total * total - sum(count * count for count in marginals.values())
    return 1 - (total - 1) * observed / expected if expected else None
