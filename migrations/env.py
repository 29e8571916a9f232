"""Runs migrations on the engine that LabelHub hands over (or on LABELHUB_DATABASE_URL)."""

import os

import sqlalchemy as sa
from alembic import context

from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.tables.columns import UtcDateTime


def render_item(kind: str, value: object, _autogen_context: object) -> str | bool:
    """Write plain SQLAlchemy types, so that migrations import nothing of ours."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(value).__name__ == "AutoString":
        return f"sa.String(length={value.length})"  # type: ignore[attr-defined]
    return False


def migrate(engine: sa.Engine) -> None:
    """Run the wanted migrations in one transaction, checking foreign keys afterwards on SQLite."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        lite = engine.dialect.name == "sqlite"
        if lite:  # a batch change copies tables; keys on would delete or refuse on the way
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if lite:
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


given = context.config.attributes.get("engine")
if given is None:
    given = Database(os.environ["LABELHUB_DATABASE_URL"]).engine
migrate(given)
