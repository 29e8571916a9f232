"""Ratings that came in a file, waiting for their batch.

All or nothing holds for them too: a release must not see the ratings of an import that may yet
be refused.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_imported_ratings"
down_revision = "20261122_releases"
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
    op.add_column(
        "import_batch",
        sa.Column("ratings", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "staged_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "first",
                "second",
                "tie",
                "both_bad",
                "both_good",
                "unsure",
                name="staged_rating_choice",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        integers("ck_staged_rating_integers", "strength"),
        sa.CheckConstraint("strength BETWEEN 0 AND 3", name=op.f("ck_staged_rating_strength")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_staged_rating_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_staged_rating_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["rater.id"], name=op.f("fk_staged_rating_rater_id_rater")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_rating")),
    )
    op.create_index("ix_staged_rating_batch_id", "staged_rating", ["batch_id", "id"], unique=False)
    op.create_index("ix_staged_rating_item_id", "staged_rating", ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_staged_rating_item_id", table_name="staged_rating")
    op.drop_index("ix_staged_rating_batch_id", table_name="staged_rating")
    op.drop_table("staged_rating")
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_column("ratings")
