"""Brings the database's schema up, down, or tells whether it is current.

Alembic is loaded where a migration runs and nowhere else: loading it takes longer than finding out
that there is nothing to do.
"""

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from labelhub.resources import resource_dir
from labelhub.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
_NAMED = re.compile(r'^(revision|down_revision)\b[^=\n]*= *(?:"([^"]+)"|None)', re.MULTILINE)
_VERSION = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table; ours to write only where the whole schema is made at once."""


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema up to *revision*; naming one walks the migrations to it."""
    with database.held():
        if revision != HEAD:
            _migrate(database, revision)
        elif database.is_sqlite and _is_empty(database):
            _make(database)
        elif _at(database) != head():
            _migrate(database, revision)
    # pysqlite3 keeps the first hundred statements it meets and hardly lets go of any: a connection
    # that made tables would prepare each of the desk's statements anew (0.4 s for 170 ratings).
    database.engine.dispose()


def downgrade(database: Database, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 slow to load, rarely needed

    with database.held():
        command.downgrade(_config(database), revision)


def check(database: Database) -> list[str]:
    """Return what differs between the tables and the database; nothing when it is current."""
    at, wanted = _at(database), head()
    return [] if at == wanted else [f"the database is at {at}, the program at {wanted}"]


def revision(database: Database) -> str | None:
    """Return the revision that the database is at; None before the first."""
    return _at(database)


def head() -> str:
    """Return the newest revision: the one that no other follows.

    Raises:
        RuntimeError: the migrations do not end in one revision.

    """
    known: set[str] = set()
    followed: set[str] = set()
    for path in (resource_dir("migrations") / "versions").glob("*.py"):
        for kind, name in _NAMED.findall(path.read_text(encoding="utf-8")):
            (known if kind == "revision" else followed).add(name)
    ends = known - followed
    if len(ends) != 1:
        raise RuntimeError(f"the migrations end in {sorted(ends)}, not in one revision")
    return ends.pop()


def _at(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not sa.inspect(connection).has_table(_VERSION.name):
            return None
        found: str | None = connection.execute(sa.select(_VERSION.c.version_num)).scalar()
        return found


def _is_empty(database: Database) -> bool:
    with database.engine.connect() as connection:
        return sa.inspect(connection).get_table_names() == []


def _make(database: Database) -> None:
    """Make today's tables in an empty SQLite file, in one transaction.

    They are what the migrations come to (tests/cli/test_new_schema.py), a quarter of a second
    sooner.
    """
    from labelhub.tables import metadata  # noqa: PLC0415 needed once in a database's life

    with database.engine.begin() as connection:
        metadata.create_all(connection)
        _VERSION.create(connection)
        connection.execute(sa.insert(_VERSION).values(version_num=head()))


def _migrate(database: Database, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 slow to load, rarely needed

    command.upgrade(_config(database), revision)


def _config(database: Database) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 slow to load, rarely needed

    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    config.attributes["engine"] = database.engine
    return config
