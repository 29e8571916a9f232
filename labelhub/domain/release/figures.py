"""Figures of a release that its card shows, counted while the rows pass."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from labelhub.domain.release.conversation import normalised
from labelhub.domain.release.pairs import Pair, Preference
from labelhub.domain.release.rated import RatedItem
from labelhub.domain.release.votes import COUNTED, VoteStatus

SECONDS_STEP = 5  # times are rounded to it (R7), so that nobody's rhythm is in a file
_HEAD, _WORD = 48, 8
_NEAR = 0.1  # only texts of about the same length can be near-duplicates


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
    return SECONDS_STEP * int(seconds / SECONDS_STEP + 0.5)


class Figures:
    """Running counts; their size depends on how answers vary, not on how many there are."""

    def __init__(self) -> None:
        self.patterns: Counter[tuple[int, ...]] = Counter()
        self.votes = self.ties = self.both_bad = 0
        self.sided = self.left = 0  # votes for a side whose display is known; shown on the left
        self.seconds: Counter[int] = Counter()  # in steps of five
        self.votes_per_item: Counter[int] = Counter()
        self.chosen: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.longer: Counter[int] = Counter()  # 1: the longer was chosen, −1: the shorter
        self.harm: Counter[tuple[str, int]] = Counter()
        self.near_duplicates = 0

    def receive(self, item: RatedItem) -> int:
        """Note an item's ratings, and return how many there are on record."""
        tally, on_record, counted, sided, left = item.counted()
        for active in item.counted_seconds():
            if active:
                self.seconds[int(active / SECONDS_STEP + 0.5)] += 1
        self.ties += tally.tie
        self.both_bad += tally.both_bad
        self.sided += sided
        self.left += left
        self.votes += counted
        if item.harms:
            counted += self._harms(item)
            on_record += sum(harm.status is not VoteStatus.WITHDRAWN for harm in item.harms)
        self.votes_per_item[counted] += 1
        return on_record

    def _harms(self, item: RatedItem) -> int:
        counted = 0
        for harm in item.harms:
            if harm.status in COUNTED:
                counted += 1
                for flag in harm.flags:
                    self.harm[flag.category, flag.severity] += 1
                if harm.seconds_active:
                    self.seconds[int(harm.seconds_active / SECONDS_STEP + 0.5)] += 1
        return counted

    def decided(self, pair: Pair, preference: Preference) -> None:
        """Note a pair that is written."""
        winner = preference.winner
        self.chosen[pair.models[winner]] += 1
        self.rejected[pair.models[1 - winner]] += 1
        one, other = [completion.turns[-1].content for completion in pair.item.completions]
        longer = len(one) - len(other) if winner == 0 else len(other) - len(one)
        self.longer[(longer > 0) - (longer < 0)] += 1
        if abs(longer) < _NEAR * len(one) and _alike(one, other):
            self.near_duplicates += 1

    def models(self) -> Mapping[str, ModelRecord]:
        """Return each named model's record, the most written first."""
        names = sorted((self.chosen + self.rejected).items(), key=lambda item: (-item[1], item[0]))
        return {
            name: ModelRecord(self.chosen[name], self.rejected[name]) for name, _ in names if name
        }

    def median_seconds(self) -> float:
        return SECONDS_STEP * median(self.seconds)

    def agreement(self) -> Interval | None:
        return krippendorff(self.patterns)


def _alike(one: str, other: str) -> bool:
    """Return whether two texts differ only in white space, case or the form of characters."""
    # Nearly all texts already differ in their first letter or words, which are quick to compare.
    begins, other_begins = one[:_HEAD].lstrip()[:1], other[:_HEAD].lstrip()[:1]
    if begins.isascii() and other_begins.isascii() and begins.lower() != other_begins.lower():
        return False
    if normalised(one[:_HEAD])[:_WORD] != normalised(other[:_HEAD])[:_WORD]:
        return False
    return normalised(one) == normalised(other)


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
