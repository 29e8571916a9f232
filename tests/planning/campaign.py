"""Compare many plans with what really happens: `python -m tests.planning.campaign --seeds N`.

Each seed: a project and a team on a new SQLite file, the plan of it, and the same team working
through the real services. Prints where the real end lies among the runs, and in the end how many
lay within the interval, beside how many should.
"""

import argparse
import sys
import tempfile

from labelhub.domain.planning.plan import Change, Plan
from labelhub.services import planning
from labelhub.store import migrations
from labelhub.store.database import Database
from tests.planning.real_run import RealRun, lay, team

SHARES = {0: 60, 1: 25, 2: 10, 3: 4, 4: 1}


def main() -> int:
    """Run all seeds; return 1 if fewer lie within than three standard deviations below."""
    asked = _asked()
    items = [tier for tier, share in SHARES.items() for _ in range(asked.items * share // 100)]
    inside = 0
    for seed in range(asked.first, asked.first + asked.seeds):
        with tempfile.TemporaryDirectory(prefix="plan-") as folder:
            database = Database(f"sqlite:///{folder}/plan.db")
            migrations.upgrade(database)
            of = team(asked.people, asked.days, mild_work=asked.mild)
            real = lay(database, of, items, seed=seed)
            made, ends = predicted(real, seed, asked.runs)
            days = real.run(seed, len(items))
            database.dispose()
        inside += made.finish.holds(days)
        rank = sum(end is not None and (days is None or end < days) for end in ends)
        print(  # noqa: T201 its purpose
            f"seed {seed}: really {_shown(days)}, predicted {_shown(made.finish.low)} to"
            f" {_shown(made.finish.high)}, {rank} of {len(ends)} runs were earlier,"
            f" {'inside' if made.finish.holds(days) else 'OUTSIDE'}",
            flush=True,
        )
    chance = (asked.runs - 1) / (asked.runs + 1)
    spread = (asked.seeds * chance * (1 - chance)) ** 0.5
    print(f"{inside} of {asked.seeds} inside; {chance:.0%} should be")  # noqa: T201
    return int(inside < asked.seeds * chance - 3 * spread)


def predicted(real: RealRun, seed: int, runs: int) -> tuple[Plan, list[float | None]]:
    """Return the plan and the end of each of its runs."""
    room = real.room
    with room.database.reading() as session:
        wanted = planning.prepare(
            session, (room.desk.lab,), room.desk.slug, real.team, room.clock, seed=seed, runs=runs
        )
    base = [job for job in wanted if job.change is Change.NONE]
    plans = [planning.make([job]) for job in base]
    return planning.make(base), [each.finish.median for each in plans]


def _shown(days: float | None) -> str:
    return "never" if days is None else f"{days:.4f} days"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--days", type=int, default=60, help="with exposure behind them (L-18)")
    parser.add_argument("--runs", type=int, default=19)
    parser.add_argument("--mild", action="store_true", help="mild work at hand")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
