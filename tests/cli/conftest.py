"""A demonstration, made once."""

from pathlib import Path

import pytest

from labelhub import settings
from labelhub.clock import SystemClock
from labelhub.services import demonstration_making
from labelhub.store.database import Database


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a whole demonstration; look at it, never change it."""
    folder = tmp_path_factory.mktemp("made") / "demonstration"
    settings.make_folder(folder)
    settings.make_key(settings.key_file({}, folder))
    database = Database(settings.database_url({}, folder))
    demonstration_making.make(database, folder / "uploads", SystemClock())
    database.dispose()
    return folder
