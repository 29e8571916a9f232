"""What a plan is made from: the people, their habits, and the ratings that are left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from labelhub.domain.planning.roster import Roster
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import reading_time

DECIDING = timedelta(seconds=20)
"""What an answer takes besides reading where nothing better is known; a guess of this product."""


@dataclass(frozen=True, slots=True)
class Group:
    """People who are alike to the limits."""

    name: str
    people: int
    ramp_days: int  # days with exposure behind them (L-18)
    roster: Roster
    agrees_to: frozenset[Severity]  # of S2, S3, S4; milder work needs no consent
    mild_work: bool  # mild items of another project are at hand
    planned_shifts: bool = False  # then the end of a shift counts too (L-17)

    def planned_end(self, now: datetime) -> datetime | None:
        """Return when the planned shift in progress ends; None where none is planned."""
        return self.roster.ends_at(now) if self.planned_shifts else None


@dataclass(frozen=True, slots=True)
class Habits:
    """How people work, as far as no rule says. The spreads are those of a log-normal."""

    continuing: float = 0.8  # chance of *continue* when half of the day's dose is used (L-06)
    pace_spread: float = 0.2  # between people
    item_spread: float = 0.5  # between items
    between: timedelta = timedelta(seconds=2)  # from an answer to the next text
    filler: timedelta = timedelta(seconds=45)  # a mild item of another project
    seconds: Mapping[Severity, int] = field(default_factory=dict)  # an item, where it is known


@dataclass(frozen=True, slots=True)
class Team:
    groups: tuple[Group, ...]
    habits: Habits = field(default_factory=Habits)

    @property
    def people(self) -> int:
        return sum(group.people for group in self.groups)


@dataclass(frozen=True, slots=True)
class TierLoad:
    """The items of one severity that still want ratings, by how many ratings each wants."""

    wanting: Mapping[int, int]
    words: int  # of a typical item
    seconds: int  # of a typical item on screen: half take less, half more

    @property
    def ratings(self) -> int:
        return sum(each * items for each, items in self.wanting.items())


@dataclass(frozen=True, slots=True)
class Load:
    """All that is left to rate in a project."""

    tiers: Mapping[Severity, TierLoad]
    max_severity: Severity

    @property
    def ratings(self) -> int:
        return sum(tier.ratings for tier in self.tiers.values())


def typical_seconds(words: int) -> int:
    """Return how long an item of so many words takes where nobody has measured it."""
    return (reading_time(words) + DECIDING) // timedelta(seconds=1)
