"""One process is elected; jobs may run twice, late or never (D-12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from labelhub.clock import Clock
from labelhub.jobs import JOBS, Job, Jobs
from labelhub.store.database import Database
from labelhub.store.election import Election
from tests.support.world import World
from tests.worlds import HandClock


@contextmanager
def candidate(database: Database) -> Iterator[Election]:
    election = Election(database)
    yield election
    election.leave()


def test_one_of_several_processes_is_elected_and_another_takes_over(database: Database) -> None:
    with candidate(database) as second:
        with candidate(database) as first:
            assert [first.won(), second.won(), first.won()] == [True, False, True]
        assert second.won()


def test_jobs_run_only_in_the_elected_process(
    database: Database, world: World, clock: HandClock
) -> None:
    done: list[str] = []
    job = Job("count", timedelta(hours=1), lambda _database, _clock: done.append("x"))
    first, second = Jobs(database, clock), Jobs(database, clock)
    try:
        assert [first.run(job), second.run(job), first.run(job)] == [True, False, True]
    finally:
        first._election.leave()
        second._election.leave()
    assert done == ["x", "x"]


def test_a_failing_job_does_not_end_the_others(
    database: Database, world: World, clock: HandClock
) -> None:
    def fail(_database: Database, _clock: Clock) -> object:
        raise RuntimeError

    jobs = Jobs(database, clock)
    try:
        assert jobs.run(Job("fail", timedelta(hours=1), fail)) is False
        for job in JOBS * 2:
            assert jobs.run(job) is True
    finally:
        jobs._election.leave()


def test_the_scheduler_starts_and_stops(sqlite_database: Database, clock: HandClock) -> None:
    jobs = Jobs(sqlite_database, clock)
    jobs.start()
    jobs.stop()
