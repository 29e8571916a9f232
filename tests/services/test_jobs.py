"""One process is elected; jobs may run twice, late or never (D-12)."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

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


def test_every_job_runs_while_the_scheduler_does_and_none_after_it_stopped(
    sqlite_database: Database, world: World, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: queue.Queue[str] = queue.Queue()
    often = tuple(
        Job(job.name, timedelta(seconds=0.05), lambda _database, _clock, job=job: ran.put(job.name))
        for job in JOBS
    )
    monkeypatch.setattr("labelhub.jobs.JOBS", often)
    jobs = Jobs(sqlite_database, clock)

    jobs.start()
    scheduled = {each.id for each in jobs._scheduler.get_jobs()}
    seen: set[str] = set()
    while seen != {job.name for job in JOBS}:
        seen.add(ran.get(timeout=10))
    jobs.stop()
    while not ran.empty():
        ran.get()

    assert scheduled == {job.name for job in JOBS}
    with pytest.raises(queue.Empty):
        ran.get(timeout=0.3)


def test_a_job_is_asked_for_as_often_as_it_says(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    jobs = Jobs(sqlite_database, clock, tmp_path)
    jobs.start()
    try:
        found = {each.id: each.trigger.interval for each in jobs._scheduler.get_jobs()}
    finally:
        jobs.stop()

    assert found == {
        **{job.name: job.every for job in JOBS}, "carry_on_imports": timedelta(minutes=1),
    }  # fmt: skip
