"""Brings the database's schema up, down, or tells whether it is current."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from labelhub.resources import resource_dir
from labelhub.store.database import Database


def upgrade(database: Database, revision: str = "head") -> None:
    with database.held():
        command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    with database.held():
        command.downgrade(_config(database), revision)


def check(database: Database) -> list[str]:
    """Return what differs between the tables and the database; nothing when it is current."""
    current = revision(database)
    head = ScriptDirectory.from_config(_config(database)).get_current_head()
    return [] if current == head else [f"the database is at {current}, the program at {head}"]


def revision(database: Database) -> str | None:
    """Return the revision that the database is at; None before the first."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    config.attributes["engine"] = database.engine
    return config
