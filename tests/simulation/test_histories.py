"""The simulated world: 100 histories on SQLite, 50 on PostgreSQL (M2, M8, M9).

`SIMULATION_SEED` replays one history; `SIMULATION_HISTORIES` and `SIMULATION_ON_POSTGRES` set how
many run; `python -m tests.simulation.campaign` runs many more.
"""

import os
from collections.abc import Sequence

import pytest

from labelhub.store.database import Database
from tests.simulation.history import Arena
from tests.simulation.many import run_all
from tests.simulation.plan import HOSTS, PEOPLE, STEPS, make

HISTORIES = int(os.environ.get("SIMULATION_HISTORIES", "100"))
ON_POSTGRES = int(os.environ.get("SIMULATION_ON_POSTGRES", "50"))
"""A history takes a third of a second on SQLite and a whole one on PostgreSQL."""
CHUNK = 50
SEED = "SIMULATION_SEED"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("chunk", range(HISTORIES // CHUNK))
def test_every_history_keeps_every_promise(sqlite_database: Database, chunk: int) -> None:
    keeps_every_promise(sqlite_database, chunk)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("chunk", range(ON_POSTGRES // CHUNK))
def test_every_history_keeps_every_promise_on_postgresql(
    postgres_database: Database, chunk: int
) -> None:
    keeps_every_promise(postgres_database, chunk)


def keeps_every_promise(database: Database, chunk: int) -> None:
    own = range(chunk * CHUNK, (chunk + 1) * CHUNK)
    seeds = [int(os.environ[SEED])] if SEED in os.environ else own
    total = run_all(database, seeds)
    print(total.line())  # noqa: T201 the figures are the result
    assert not total.failed, total.failed
    assert total.served > 10 * total.histories
    if len(seeds) == CHUNK:
        assert total.never() == []
        assert total.with_clock_faults >= 0.3 * CHUNK


FAULTS = (
    "seeds",
    [
        pytest.param(range(14), id="few"),
        pytest.param((15, 27, 33, 38), id="clocks"),
    ],
)


@pytest.mark.parametrize(*FAULTS)
def test_a_few_histories(sqlite_database: Database, seeds: Sequence[int]) -> None:
    """What the gallery of faults runs: without shrinking, which takes longer than failing."""
    total = run_all(sqlite_database, seeds, shrinking=False)
    assert not total.failed, total.failed


def test_a_world_has_its_size() -> None:
    assert (PEOPLE, HOSTS, STEPS) == (5, 3, 60)
    plans = [make(seed) for seed in range(20)]
    assert {len(plan.steps) for plan in plans} == {STEPS}
    assert {step.host for plan in plans for step in plan.steps} == set(range(HOSTS))
    assert {step.person for plan in plans for step in plan.steps} == set(range(PEOPLE))


@pytest.mark.parametrize("seed", [3, 7, 9])
def test_a_seed_is_the_same_history_each_time(sqlite_database: Database, seed: int) -> None:
    arena = Arena(sqlite_database)
    try:
        first, again = arena.run(make(seed)), arena.run(make(seed))
    finally:
        arena.close()
    assert len(first.trace) > 20
    assert first.trace == again.trace
    assert (first.hits, first.passes) == (again.hits, again.passes)
