"""Small teams and loads for tests of the capacity plan; what does not matter stays here."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from labelhub.domain.planning.plan import Job
from labelhub.domain.planning.roster import Roster
from labelhub.domain.planning.run import Outcome
from labelhub.domain.planning.team import Group, Habits, Load, Team, TierLoad
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.policy import Policy

SHIPPED = Policy.from_mapping(
    json.loads((Path(__file__).parents[3] / "seed" / "policy" / "default.json").read_text())
)
WEEKDAYS = frozenset(range(5))
EVERY_HARD_TIER = frozenset({Severity.S2, Severity.S3, Severity.S4})
STEADY = Habits(continuing=1.0, pace_spread=0.0, item_spread=0.0)
"""Everybody works alike and every item takes what is typical: nothing is left to chance."""


def crew(
    people: int = 3,
    days: int = 60,
    *,
    mild: bool = False,
    agrees_to: frozenset[Severity] = EVERY_HARD_TIER,
    hours: float = 8,
    habits: Habits = STEADY,
    **more: Any,
) -> Team:
    roster = Roster(time(9), timedelta(hours=hours), WEEKDAYS)
    return Team((Group("one", people, days, roster, agrees_to, mild, **more),), habits)


def load(*items: int, seconds: int = 40, overlap: int = 1) -> Load:
    """Return a load of so many items of S0, S1, …"""
    tiers = {
        Severity(tier): TierLoad({overlap: number}, 40, seconds)
        for tier, number in enumerate(items)
        if number
    }
    return Load(tiers, max(tiers))


def outcome(of: Load, team: Team, policy: Policy = SHIPPED, seed: int = 1) -> Outcome:
    return Job(of, team, policy, seed, 0).run()


def limited(**values: Any) -> Policy:
    """Return the shipped policy with some values changed, tighter or not."""
    return replace(SHIPPED, **values)


def held_most(of: Outcome) -> str:
    return max(of.held, key=lambda cause: of.held[cause])


def in_days(of: Outcome) -> float | None:
    return of.ended / timedelta(days=1) if of.is_finished else None


def never_longer(before: Sequence[float | None], after: Sequence[float | None]) -> bool:
    """Say whether each figure of *after* is no later; None is never."""
    infinite = float("inf")
    return all(
        (infinite if late is None else late) <= (infinite if early is None else early)
        for early, late in zip(before, after, strict=True)
    )
