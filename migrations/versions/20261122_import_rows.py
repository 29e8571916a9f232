"""Rows of files that were read and are still to be checked.

Reading a file is then one quick pass, after which the file is not needed any more: an import
whose process died goes on from its rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_import_rows"
down_revision = "20261122_declarations"
branch_labels = None
depends_on = None


def integers(name: str, *columns: str) -> sa.CheckConstraint:
    """SQLite stores text in an integer column unless told not to."""
    if op.get_bind().dialect.name == "sqlite":
        test = " AND ".join(f"({c} IS NULL OR typeof({c}) = 'integer')" for c in columns)
    else:
        test = "1 = 1"
    return sa.CheckConstraint(test, name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        integers("ck_import_row_integers", "id"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_import_row_batch_id", "import_row", ["batch_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_import_row_batch_id", table_name="import_row")
    op.drop_table("import_row")
