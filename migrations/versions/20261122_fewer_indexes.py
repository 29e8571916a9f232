"""Fewer pages that every label writes to.

Open assignments are as few as the people at work, and have an index of their own by person: a job
that looks among them for leases that ran out needs no other. Tables that are found by their key
alone need no row numbers beside it on SQLite.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_fewer_indexes"
down_revision = "20261122_password_resets"
branch_labels = None
depends_on = None


_BY_KEY = ("event", "event_payload", "replayed_request")


def upgrade() -> None:
    op.drop_index("ix_assignment_lease", table_name="assignment")
    _copy(_BY_KEY, "\n WITHOUT ROWID\n\n")


def _copy(tables: tuple[str, ...], ending: str) -> None:
    """Make SQLite's tables anew with another *ending*; foreign keys are off meanwhile (env.py)."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    for table in tables:
        named = {"table": table}
        made = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
        _, columns = bind.execute(made, named).scalar_one().split("(", 1)
        body = columns[: columns.rindex(")") + 1]
        bind.exec_driver_sql(f"CREATE TABLE copied ({body}{ending}")
        bind.exec_driver_sql(f"INSERT INTO copied SELECT * FROM {table}")  # noqa: S608 ours
        bind.exec_driver_sql(f"DROP TABLE {table}")
        bind.exec_driver_sql(f"ALTER TABLE copied RENAME TO {table}")


def downgrade() -> None:
    _copy(_BY_KEY, "\n\n")
    op.create_index(
        "ix_assignment_lease",
        "assignment",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
