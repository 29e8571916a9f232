"""Making a whole demonstration or none: however a start is cut off, the next one finds no half."""

from pathlib import Path

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.services import installation
from labelhub.store import migrations, organisations, project_progress, projects
from labelhub.store.database import Database
from labelhub.store.unfinished import new_file, unfinished


class RealInstallationError(RuntimeError):
    """The database belongs to a real installation: nothing is laid over it."""


class HalfMadeError(RuntimeError):
    """A demonstration was begun in this database and never finished."""


def make(database: Database, uploads: Path, clock: Clock) -> None:
    """Make the demonstration in a database unless it is there already.

    A new SQLite file is made beside its place and put there when it is whole. Any other database
    (PostgreSQL, a file that has only tables) is filled where it is; the history is the last
    transaction, so one that was cut off is told by having none.

    Raises:
        RealInstallationError: the database is not for demonstrations.
        HalfMadeError: an earlier start was cut off where nothing can be made aside.

    """
    if new_file(database) is not None:
        with database.held():  # of two starts at once, the second finds what the first has made
            path = new_file(database)
            if path is not None:
                with unfinished(path) as aside:
                    _make_in(aside, uploads, clock)
    _make_in(database, uploads, clock)


def _make_in(database: Database, uploads: Path, clock: Clock) -> None:
    migrations.upgrade(database)
    with database.reading() as session:
        facts = installation.find(session)
        if facts is not None and not facts.demonstration:
            raise RealInstallationError
        if facts is not None and not _has_history(session):
            raise HalfMadeError
    if facts is None:
        _fill(database, uploads, clock)


def _fill(database: Database, uploads: Path, clock: Clock) -> None:
    from labelhub.services import (  # noqa: PLC0415 intake and the gate; not for one that is made
        demonstration_history,
        demonstration_laying,
    )

    past = demonstration_history.PastClock(clock, demonstration_history.BEGAN)
    laid = demonstration_laying.lay(database, past, uploads)
    demonstration_history.live_through(database, laid, past)


def _has_history(session: Session) -> bool:
    labs = [each.id for each in organisations.every(session)]
    mine = [each.id for each in projects.belonging_to(session, labs)]
    return any(each.accepted for each in project_progress.items(session, mine))
