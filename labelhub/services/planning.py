"""Planning: how long a team takes for what a project has left, inside the limits in force."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.planning.plan import RUNS, Change, Job, Plan, jobs, plan
from labelhub.domain.planning.run import Outcome
from labelhub.domain.planning.team import Load, Team, TierLoad, typical_seconds
from labelhub.domain.projects import Scope
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import least_display
from labelhub.domain.welfare.policy import Policy
from labelhub.services import projects_policy
from labelhub.store import planning, projects

MOST_RATINGS = 200_000
"""A run takes about as long as there are ratings; this many take minutes."""
_WORTH_PROCESSES = 20_000  # ratings in all runs together; below, starting processes takes longer


class PlanError(ValueError):
    """Nothing can be planned; the message says why and what helps."""


def load_of(session: Session, scope: Scope, slug: str, team: Team) -> Load:
    """Return what a project has left to rate: ready items with a severity and free slots.

    How long an item takes is what the team's file says, else reading its typical length and
    twenty seconds.

    Raises:
        NoSuchProjectError: there is no such project in *scope*.

    """
    project = projects.get_by_slug(session, scope, slug)
    wanting: dict[Severity, dict[int, int]] = {}
    words: dict[Severity, int] = {}
    for row in planning.left(session, project.id):
        tier = wanting.setdefault(row.tier, {})
        tier[row.wanting] = tier.get(row.wanting, 0) + row.items
        words[row.tier] = max(words.get(row.tier, 0), row.words)
    known = team.habits.seconds
    return Load(
        {
            tier: TierLoad(each, words[tier], known.get(tier) or typical_seconds(words[tier]))
            for tier, each in sorted(wanting.items())
        },
        project.declared.max_severity,
    )


def prepare(
    session: Session,
    scope: Scope,
    slug: str,
    team: Team,
    clock: Clock,
    *,
    seed: int = 1,
    runs: int = RUNS,
) -> tuple[Job, ...]:
    """Return the runs that make the plan of a project; reading is all that it does.

    Raises:
        NoSuchProjectError: there is no such project in *scope*.
        PlanError: nothing is left to rate, or more than a plan can hold.

    """
    load = load_of(session, scope, slug, team)
    if not load.ratings:
        raise PlanError("nothing is left to rate; import items with a severity first")
    if load.ratings > MOST_RATINGS:
        raise PlanError(
            f"{load.ratings} ratings are left, a plan holds {MOST_RATINGS}; plan a part"
            " and multiply"
        )
    project = projects.get_by_slug(session, scope, slug)
    policy = projects_policy.in_force(session, project, clock)
    too_long = [tier for tier, each in load.tiers.items() if not _can_be_shown(policy, tier, each)]
    if too_long:
        names = ", ".join(tier.name for tier in too_long)
        raise PlanError(f"{names}: a typical text takes longer to read than it may be shown (A.1)")
    return jobs(load, team, policy, seed, runs)


def make(
    wanted: Sequence[Job],
    told: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    enough: Callable[[], bool] = lambda: False,
    processes: int = 0,
) -> Plan:
    """Make the runs and sum them up. The same runs give the same plan, in any number of processes.

    Processes of their own leave this one free to answer others. *told* hears how many are made.
    Once *enough* says so, no further run begins, but one run of the plan is always made.
    """
    made: list[tuple[Job, Outcome]] = []
    for job, outcome in zip(wanted, _outcomes(wanted, processes), strict=False):
        made.append((job, outcome))
        told(len(made), len(wanted))
        if enough():
            break
    return plan(made)


def processes_for(wanted: Sequence[Job]) -> int:
    """Return how many processes of their own are worth starting: none where little is to do."""
    ratings = sum(job.load.ratings for job in wanted)
    return min(2, os.cpu_count() or 1) if ratings > _WORTH_PROCESSES else 0


def _outcomes(wanted: Iterable[Job], processes: int) -> Iterator[Outcome]:
    """Yield the outcomes in the order of the runs; whoever stops listening stops the rest."""
    if not processes:
        yield from map(Job.run, wanted)
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    try:
        yield from pool.map(Job.run, wanted)
    finally:
        pool.shutdown(cancel_futures=True)


def _can_be_shown(policy: Policy, tier: Severity, load: TierLoad) -> bool:
    return least_display(load.words) <= policy.longest_display[tier]


__all__ = ["Change", "PlanError", "load_of", "make", "prepare", "processes_for"]
