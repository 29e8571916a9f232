"""The plan of a project: many runs, what they say together, and what would change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean
from typing import NamedTuple

from labelhub.domain.planning.run import Outcome, Run
from labelhub.domain.planning.spread import Spread, change, spread
from labelhub.domain.planning.team import Group, Load, Team
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.policy import Policy

RUNS = 9
"""Runs of the plan itself. The next run, and the real one if people are as said, lies between
the least and the greatest of n alike runs with a chance of (n - 1) in (n + 1): here 80 %."""
WHAT_IF_RUNS = 3
"""Runs of each change, with the same draws as the first runs of the plan."""
MOST_RUNS = 199
_POINTS = 40
_SECONDS_AN_HOUR = 3600
_HOURS_A_DAY = 24


class Change(StrEnum):
    """What is tried beside the plan."""

    NONE = "none"
    PERSON = "person"  # one more in the largest group
    MILD = "mild"  # mild work of another project at hand for everyone


class Job(NamedTuple):
    """One run to be made. Jobs are alike to each other: they can be made in any order."""

    load: Load
    team: Team
    policy: Policy
    seed: int
    number: int
    change: Change = Change.NONE

    def run(self) -> Outcome:
        seed = f"{self.seed}/{self.number}"
        return Run(self.load, changed(self.team, self.change), self.policy, seed).outcome()


@dataclass(frozen=True, slots=True)
class Held:
    """How long one limit held people up within their hours, on average over the runs."""

    cause: str
    hours: float
    share: float  # of all time that people were held


@dataclass(frozen=True, slots=True)
class Point:
    """How many ratings were in at one time: least, median and greatest of the runs."""

    day: float
    low: int
    median: int
    high: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What one change would do: the finish, and the difference run by run with the same draws."""

    change: Change
    runs: int
    finish: Spread
    difference: Spread | None  # days; negative is sooner. None: a run never finishes
    left: int  # ratings that nobody could give, the median


@dataclass(frozen=True, slots=True)
class Plan:
    """What the runs say together. Days are counted from a Monday at midnight."""

    seed: int
    runs: int
    people: int
    ratings: int
    finish: Spread
    tiers: Mapping[Severity, Spread]
    left: Mapping[Severity, int]  # ratings that nobody could give, the median
    curve: tuple[Point, ...]
    held: tuple[Held, ...]
    worked_hours: float
    filled_hours: float
    what_ifs: tuple[WhatIf, ...]

    @property
    def held_hours(self) -> float:
        return sum(each.hours for each in self.held)

    @property
    def held_share(self) -> float:
        """Return how much of all hours people were held, of those they worked or were held."""
        total = self.held_hours + self.worked_hours + self.filled_hours
        return self.held_hours / total if total else 0.0

    @property
    def binding(self) -> Held | None:
        """Return the limit that held people longest."""
        return self.held[0] if self.held else None


def changed(team: Team, what: Change) -> Team:
    """Return the team with one change; without one that can be made, the team as it is."""
    if what is Change.MILD:
        return replace(team, groups=tuple(replace(group, mild_work=True) for group in team.groups))
    if what is Change.PERSON:
        largest = max(team.groups, key=lambda group: group.people)
        return replace(team, groups=tuple(_one_more(each, largest) for each in team.groups))
    return team


def jobs(load: Load, team: Team, policy: Policy, seed: int, runs: int = RUNS) -> tuple[Job, ...]:
    """Return every run of a plan, the most telling first: whoever stops early has the most."""
    possible = [Change.PERSON] + ([] if changed(team, Change.MILD) == team else [Change.MILD])
    base = [Job(load, team, policy, seed, number) for number in range(runs)]
    others = [
        Job(load, team, policy, seed, number, what)
        for number in range(min(runs, WHAT_IF_RUNS))
        for what in possible
    ]
    first = len(others) // len(possible)
    return (*base[:first], *others, *base[first:])


def plan(made: Sequence[tuple[Job, Outcome]]) -> Plan:
    """Sum up runs that were made, at least one of them without a change."""
    first = made[0][0]
    base = {job.number: outcome for job, outcome in made if job.change is Change.NONE}
    outcomes = tuple(base.values())
    tried = [each for each in Change if any(job.change is each for job, _ in made)]
    return Plan(
        seed=first.seed,
        runs=len(base),
        people=first.team.people,
        ratings=first.load.ratings,
        finish=spread([_days(outcome) for outcome in outcomes]),
        tiers={tier: spread([_tier_days(o, tier) for o in outcomes]) for tier in first.load.tiers},
        left={tier: _middle([o.left[tier] for o in outcomes]) for tier in first.load.tiers},
        curve=_curve(outcomes),
        held=_held(outcomes),
        worked_hours=fmean(o.worked.total_seconds() for o in outcomes) / _SECONDS_AN_HOUR,
        filled_hours=fmean(o.filled.total_seconds() for o in outcomes) / _SECONDS_AN_HOUR,
        what_ifs=tuple(_what_if(each, made, base) for each in tried if each is not Change.NONE),
    )


def _what_if(
    what: Change, made: Sequence[tuple[Job, Outcome]], base: Mapping[int, Outcome]
) -> WhatIf:
    tried = {job.number: outcome for job, outcome in made if job.change is what}
    pairs = [(_days(base[n]), _days(outcome)) for n, outcome in tried.items() if n in base]
    return WhatIf(
        change=what,
        runs=len(tried),
        finish=spread([_days(outcome) for outcome in tried.values()]),
        difference=change(pairs),
        left=_middle([sum(outcome.left.values()) for outcome in tried.values()]),
    )


def _one_more(group: Group, largest: Group) -> Group:
    return replace(group, people=group.people + 1) if group is largest else group


def _days(outcome: Outcome) -> float | None:
    return outcome.ended.total_seconds() / 86_400 if outcome.is_finished else None


def _tier_days(outcome: Outcome, tier: Severity) -> float | None:
    ended = outcome.tier_ended.get(tier)
    if outcome.left[tier]:
        return None
    return 0.0 if ended is None else ended.total_seconds() / 86_400


def _middle(counts: Sequence[int]) -> int:
    return sorted(counts)[len(counts) // 2]


def _curve(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """Return how many ratings were in over time, at no more than forty moments."""
    last = max((max(outcome.done_by_hour, default=0) for outcome in outcomes), default=0) + 1
    step = -(-last // _POINTS)
    points = [Point(0.0, 0, 0, 0)]
    sums = [0] * len(outcomes)
    for start in range(0, last, step):
        for place, outcome in enumerate(outcomes):
            sums[place] += sum(outcome.done_by_hour[hour] for hour in range(start, start + step))
        ordered = sorted(sums)
        day = (start + step) / _HOURS_A_DAY
        points.append(Point(day, ordered[0], ordered[len(ordered) // 2], ordered[-1]))
    return tuple(points)


def _held(outcomes: Sequence[Outcome]) -> tuple[Held, ...]:
    causes = {cause for outcome in outcomes for cause in outcome.held}
    hours = {
        cause: fmean(outcome.held[cause] for outcome in outcomes) / _SECONDS_AN_HOUR
        for cause in causes
    }
    total = sum(hours.values())
    ordered = sorted(hours, key=lambda cause: (-hours[cause], cause))
    return tuple(
        Held(cause, hours[cause], hours[cause] / total) for cause in ordered if hours[cause]
    )
