"""A new SQLite file is given today's tables at once; they are what the migrations come to."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata

Open = Callable[[str], Database]


@pytest.fixture
def new(tmp_path: Path, request: pytest.FixtureRequest) -> Open:
    def opened(name: str) -> Database:
        database = Database(f"sqlite:///{tmp_path / name}.db")
        request.addfinalizer(database.dispose)
        return database

    return opened


def schema(database: Database) -> dict[str, list[str]]:
    """Return each table, column, constraint and index, in whatever order it was declared."""
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
        return {name: sorted(_lines(sql)) for name, sql in rows}


def _lines(sql: str) -> list[str]:
    """Return the parts of a declaration.

    A column that a migration added stands on another's line, and has a default for the rows that
    were there; the program gives every value itself.
    """
    plain = re.sub(r" DEFAULT \S+", "", sql.replace('"', ""))
    return [
        re.sub(r"\s+", " ", part).strip(" ,")
        for part in re.split(r"\n|, (?=[a-z_]+ [A-Z]{4})", plain)
    ]


def test_made_at_once_is_what_the_migrations_make(new: Open) -> None:
    made, walked = new("made"), new("walked")

    migrations.upgrade(made)
    migrations.upgrade(walked, migrations.head())  # a revision by its name walks to it

    assert schema(made) == schema(walked)
    assert len(schema(made)) > 50
    assert migrations.revision(made) == migrations.revision(walked) == migrations.head()
    with walked.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_that_alembic_finds(new: Open) -> None:
    script = ScriptDirectory.from_config(migrations._config(new("any")))

    assert migrations.head() == script.get_current_head()


def test_an_older_database_walks_the_migrations_and_keeps_its_rows(new: Open) -> None:
    database = new("older")
    migrations.upgrade(database)
    migrations.downgrade(database, "base")
    migrations.upgrade(database, "20261122_installation")
    with database.engine.begin() as connection:
        row = {"id": 1, "demonstration": False, "created_at": sa.func.current_timestamp()}
        connection.execute(sa.insert(metadata.tables["installation"]).values(row))

    migrations.upgrade(database)

    assert migrations.check(database) == []
    with database.engine.connect() as connection:
        kept = connection.execute(sa.select(metadata.tables["installation"].c.id)).scalars().all()
    assert kept == [1]


def test_a_file_with_tables_of_others_is_not_taken_for_an_empty_one(new: Open) -> None:
    database = new("foreign")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")

    migrations.upgrade(database)

    assert migrations.check(database) == []
    assert "theirs" in schema(database)


def test_a_current_database_loads_no_migration(new: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    database = new("current")
    migrations.upgrade(database)
    for name in [name for name in sys.modules if name.partition(".")[0] == "alembic"]:
        monkeypatch.setitem(sys.modules, name, None)  # importing it would fail

    migrations.upgrade(database)

    assert migrations.check(database) == []
