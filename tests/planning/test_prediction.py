"""What a plan predicts comes true: the same people work through the real services."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from labelhub.domain.planning import holding, pool
from labelhub.domain.planning.plan import Change, Job, Plan
from labelhub.services import mixing, planning
from labelhub.store import queue_stock
from labelhub.store.database import Database
from tests.planning.real_run import RealRun, lay, team

RUNS = 39
"""A further run lies between the least and the greatest of 39 with a chance of 38 in 40."""
SEEDS = (1, 2, 3)
MIXED = [0] * 60 + [1] * 25 + [2] * 10 + [3] * 4 + [4]


def test_the_plan_knows_what_the_queue_knows() -> None:
    assert (pool.COUNT_KEPT, pool.MOST_COUNTED) == (queue_stock.KEPT, queue_stock.MOST)
    assert holding.LIFTED_BY_MILD >= mixing.LIFTED_BY_MILD


def runs_of(real: RealRun, seed: int, runs: int = RUNS) -> list[Job]:
    room = real.room
    with room.database.reading() as session:
        wanted = planning.prepare(
            session, (room.desk.lab,), room.desk.slug, real.team, room.clock, seed=seed, runs=runs
        )
    return [job for job in wanted if job.change is Change.NONE]


def predicted(real: RealRun, seed: int, runs: int = RUNS) -> Plan:
    return planning.make(runs_of(real, seed, runs))


@pytest.mark.parametrize(
    ("items", "people", "days"),
    [(MIXED * 2, 3, 60), ([0] * 40 + [2] * 50 + [3] * 20, 2, 60), ([0] * 30 + [2] * 12, 2, 2)],
    ids=["a usual mix", "mostly hard", "new people"],
)
def test_the_real_end_lies_within_the_predicted_interval(
    sqlite_template: Path, tmp_path: Path, items: Sequence[int], people: int, days: int
) -> None:
    """One of the seeds may lie outside, as one in twenty does; the campaign counts many."""
    outside = []
    for seed in SEEDS:
        path = tmp_path / f"{seed}.db"
        shutil.copyfile(sqlite_template, path)
        database = Database(f"sqlite:///{path}")
        real = lay(database, team(people, days, mild_work=True), items, seed=seed)
        plan, ended = predicted(real, seed), real.run(seed, len(items))
        database.dispose()
        if not plan.finish.holds(ended):
            outside.append((seed, ended, plan.finish))

    assert len(outside) <= 1, outside


def test_a_project_that_never_ends_never_ends_really(sqlite_database: Database) -> None:
    items = [0] * 5 + [2] * 20
    real = lay(sqlite_database, team(2, 60), items)
    outcomes = [job.run() for job in runs_of(real, 1, 9)]

    assert real.run(1, len(items)) is None
    assert not any(outcome.is_finished for outcome in outcomes)
    left = sorted(sum(outcome.left.values()) for outcome in outcomes)
    assert left[0] <= len(items) - real.rated <= left[-1]


def test_an_overlap_is_worked_off_by_different_people(database: Database) -> None:
    items = [0] * 20 + [1] * 5
    real = lay(database, team(3, 60), items, overlap=3)
    plan = predicted(real, 1, 19)

    assert plan.ratings == 75
    assert plan.finish.holds(real.run(1, 75))
