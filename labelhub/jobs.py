"""Which service runs on which schedule, in the one process that the election chose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from labelhub.clock import Clock
from labelhub.services import housekeeping, intake, publishing
from labelhub.store.database import Database
from labelhub.store.election import Election

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that is safe to repeat (safety-case.md, D-12)."""

    name: str
    every: timedelta
    work: Callable[[Database, Clock], object]


def _forget_old(database: Database, clock: Clock) -> object:
    return database.run(lambda session: housekeeping.forget_old(session, clock))


def _return_expired(database: Database, clock: Clock) -> object:
    return database.run(lambda session: housekeeping.return_expired(session, clock))


JOBS = (
    Job("return_expired_leases", timedelta(seconds=30), _return_expired),
    Job("resume_publishing", timedelta(minutes=1), publishing.resume),
    Job("forget_old", timedelta(hours=1), _forget_old),
)


def _imports(uploads: Path) -> Job:
    """Finish or clear the imports of processes that died."""

    def carry_on(database: Database, clock: Clock) -> None:
        intake.carry_on(database, uploads=uploads, clock=clock)

    return Job("carry_on_imports", timedelta(minutes=1), carry_on)


class Jobs:
    """The jobs of one process. Every process stands in the election; one of them works.

    The list lives in code and the schedule in memory: nothing is stored that could be run twice
    or deserialised (R13).
    """

    def __init__(self, database: Database, clock: Clock, uploads: Path | None = None) -> None:
        """*uploads* is where uploaded files wait; without it no import is carried on."""
        self._database = database
        self._jobs = (*JOBS, _imports(uploads)) if uploads else JOBS
        self._clock = clock
        self._election = Election(database)
        self._scheduler = BackgroundScheduler(timezone=UTC, daemon=True)

    def start(self) -> None:
        for job in self._jobs:
            self._scheduler.add_job(
                self.run,
                "interval",
                args=(job,),
                seconds=job.every.total_seconds(),
                id=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)
        self._election.leave()

    def run(self, job: Job) -> bool:
        """Do a job if this process is the elected one; a failure waits for the next time."""
        if not self._election.won():
            return False
        try:
            job.work(self._database, self._clock)
        except Exception as error:  # noqa: BLE001 one job's failure must not end the others
            log.error("job_failed", job=job.name, error=type(error).__name__)  # noqa: TRY400 a trace can quote data
            return False
        return True
