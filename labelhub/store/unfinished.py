"""A new SQLite database is made beside its place, and put there when it is whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from labelhub.store.database import Database


def new_file(database: Database) -> Path | None:
    """Return where the file of a database will be; None if there is one, or it has none."""
    if not database.is_sqlite:
        return None
    path = Path(database.url.database or "")
    return None if path.exists() else path


@contextmanager
def unfinished(path: Path) -> Iterator[Database]:
    """Open a new database to be filled; at the end of the block it becomes the file *path*.

    Cut off at any moment, there is no file *path*, and the next try begins anew. So nothing in
    the block waits for the disk: all of it is written down once, before the file gets its name.
    """
    aside = path.with_name(f"{path.name}.unfinished")
    _forget(aside)
    database = Database(f"sqlite:///{aside}")
    event.listen(database.engine, "connect", _hurry)
    try:
        yield database
    finally:
        database.dispose()  # the last connection folds the write-ahead log into the file
    _keep(aside)
    aside.rename(path)
    _keep(path.parent)
    _forget(aside)


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()


def _keep(path: Path) -> None:
    """Have a file, or the names in a folder, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget(file: Path) -> None:
    """Delete a file and all that SQLite and our locks keep beside it, under longer names."""
    for path in file.parent.iterdir():
        if path.name.startswith(file.name):
            path.unlink()
