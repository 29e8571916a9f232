"""How long a capacity plan takes: python benchmarks/plan.py [--ratings N] [--people N] [--seed N].

A project of 60 % S0, 25 % S1, 10 % S2, 4 % S3 and 1 % S4 and a team past its ramp-up, shipped
limits: the runs of the interval and of both changes, in one process and in as many as the command
line takes. Prints the seconds, and how often the real rules were asked in one run.
"""

import argparse
import resource
import time

from labelhub.domain.planning import person
from labelhub.domain.planning.plan import Job, jobs
from labelhub.domain.planning.run import Run
from labelhub.domain.planning.team import Load, Team, TierLoad, typical_seconds
from labelhub.domain.planning.team_file import SCHEMA, read
from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.gate import RULES, judge_each
from labelhub.services import planning
from labelhub.store import policies

SHARES = {Severity.S0: 60, Severity.S1: 25, Severity.S2: 10, Severity.S3: 4, Severity.S4: 1}
_WORDS = 120


def load_of(ratings: int) -> Load:
    return Load(
        {
            tier: TierLoad({1: ratings * share // 100}, _WORDS, typical_seconds(_WORDS))
            for tier, share in SHARES.items()
        },
        Severity.S4,
    )


def team_of(people: int, days: int) -> Team:
    group = {
        "name": "all", "people": people, "days_with_exposure": days, "from": "09:00",
        "hours_a_day": 8, "days": ["mon", "tue", "wed", "thu", "fri"],
        "agrees_to": ["S2", "S3", "S4"],
    }  # fmt: skip
    return read({"schema": SCHEMA, "groups": [group]})


def rules_asked(job: Job) -> tuple[int, int]:
    """Return how many candidates the gate judged in one run, and how many ratings came in."""
    judged = 0

    def counting(labeler, candidates, now):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        nonlocal judged
        listed = tuple(candidates)
        judged += len(listed)
        return judge_each(labeler, listed, now)

    person.judge_each = counting
    try:
        outcome = Run(job.load, job.team, job.policy, "counted").outcome()
    finally:
        person.judge_each = judge_each
    return judged, sum(outcome.done_by_hour.values())


def _processor() -> float:
    """Return the processor time of this process and of those that it started and that ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (_SELF, _ENDED))


_SELF, _ENDED = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ratings", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--days", type=int, default=60, help="with exposure behind them (L-18)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    team = team_of(asked.people, asked.days)
    wanted = jobs(load_of(asked.ratings), team, policies.shipped(), asked.seed)
    for processes in (0, planning.processes_for(wanted)):
        began, used = time.perf_counter(), _processor()
        made = planning.make(wanted, processes=processes)
        took, used = time.perf_counter() - began, _processor() - used
        where = f"{processes} processes" if processes else "this process"
        print(
            f"{where}: {took:.1f} s ({used:.1f} s of processor) for {len(wanted)} runs of"
            f" {asked.ratings} ratings, {asked.people} people; finish {made.finish}"
        )
    judged, rated = rules_asked(wanted[0])
    print(
        f"one run: {rated} ratings, the gate judged {judged} candidates by {len(RULES)} rules each;"
        " the others were mild items in a row where no limit could bind"
    )


if __name__ == "__main__":
    main()
