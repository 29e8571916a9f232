"""D-9: up, down one step and up again with rows; the head equals the tables."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.world import World, lay_world
from tests.worlds import HandClock, lay_desk


def revisions(database: Database) -> list[str]:
    """Return all revisions, newest first."""
    script = ScriptDirectory.from_config(migrations._config(database))
    return [one.revision for one in script.walk_revisions()]


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        connection = session.connection()
        known = sa.inspect(connection).get_table_names()
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in metadata.sorted_tables
            if table.name in known
        }


def test_the_tables_are_what_the_migrations_make(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_one_step_down_and_up_keeps_every_row(database: Database, clock: HandClock) -> None:
    lay_desk(database, clock)
    before = counts(database)
    newest, previous = revisions(database)[:2]

    migrations.downgrade(database, previous)
    kept = counts(database)
    migrations.upgrade(database)

    after = counts(database)
    assert migrations.revision(database) == newest
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert set(after) == set(before)


def test_all_the_way_down_and_up_again(database: Database, clock: HandClock) -> None:
    lay_world(database, clock)

    migrations.downgrade(database, "base")
    with database.engine.connect() as connection:
        left = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    migrations.upgrade(database)

    assert left == set()
    assert migrations.check(database) == []
    world: World = lay_world(database, clock)
    assert world.amina


def test_each_step_goes_down_and_up(database: Database) -> None:
    for revision in [*revisions(database)[1:], "base"]:
        migrations.downgrade(database, revision)
        migrations.upgrade(database, "+1")
        migrations.downgrade(database, revision)
    migrations.upgrade(database)

    assert migrations.check(database) == []


def test_a_database_behind_the_program_is_noticed(database: Database) -> None:
    migrations.downgrade(database, revisions(database)[1])

    assert migrations.check(database) != []


def test_migrations_import_nothing_of_the_program() -> None:
    """A migration says what was, whatever the tables say today."""
    for path in Path(__file__).parents[2].joinpath("migrations", "versions").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "labelhub" not in text.replace('"""', "").split("import", 1)[1], path.name
        assert text.startswith('"""'), path.name
        assert "def downgrade() -> None:\n    pass" not in text, path.name
