"""One import at a time in a project, whichever process or host does it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from labelhub.domain.vocabulary import ProjectId
from labelhub.store.database import Database

_SPACE = 7_140_002
"""The first key of our advisory locks on PostgreSQL; the second is taken from the project."""


@contextmanager
def import_turn(database: Database, project_id: ProjectId) -> Iterator[bool]:
    """Hold the project's turn to import; False where somebody else has it.

    What one import has staged counts as known to the next, so two must not overlap. The turn
    ends with the process that holds it, so nothing has to be cleaned up after a crash.
    """
    if database.is_sqlite:
        with _on_file(Path(database.url.database or ""), project_id) as held:
            yield held
    else:
        with _on_server(database, project_id) as held:
            yield held


@contextmanager
def _on_file(path: Path, project_id: ProjectId) -> Iterator[bool]:
    # The files stay: removing a locked file would let two hold "the same" lock.
    lock = os.open(
        path.with_name(f"{path.name}.import-{project_id.hex[:8]}"), os.O_RDWR | os.O_CREAT, 0o600
    )
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(lock)


@contextmanager
def _on_server(database: Database, project_id: ProjectId) -> Iterator[bool]:
    key = int.from_bytes(project_id.bytes[:4], "big", signed=True)
    asked = {"space": _SPACE, "key": key}
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        held = bool(
            connection.execute(
                sa.text("SELECT pg_try_advisory_lock(:space, :key)"), asked
            ).scalar_one()
        )
        try:
            yield held
        finally:
            if held:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:space, :key)"), asked)
