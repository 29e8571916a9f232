"""Raters and ratings.

Nothing submitted is overwritten; one current rating per rater and item.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_ratings"
down_revision = "20261122_work"
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
        "rater",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "labeler",
                "imported",
                name="rater_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(kind = 'labeler') = (person_id IS NOT NULL)", name=op.f("ck_rater_kind_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_rater_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rater_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_rater_organisation_id_id")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_rater_organisation_id_name")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("uq_rater_organisation_id_person_id")
        ),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "first",
                "second",
                "tie",
                "both_bad",
                "both_good",
                "unsure",
                name="rating_choice",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("swapped", sa.Boolean(), nullable=False),
        sa.Column("active_ms", sa.BigInteger(), nullable=False),
        sa.Column("guidelines_version", sa.Integer(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('accepted','late','withdrawn','imported')", name=op.f("ck_rating_status")
        ),
        integers(
            "ck_rating_integers",
            "version",
            "strength",
            "active_ms",
            "guidelines_version",
            "instrument_version",
        ),
        sa.CheckConstraint("strength BETWEEN 0 AND 3", name=op.f("ck_rating_strength")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_rating_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["item.organisation_id", "item.id"],
            name=op.f("fk_rating_organisation_id_item_id_item"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "rater_id"],
            ["rater.organisation_id", "rater.id"],
            name=op.f("fk_rating_organisation_id_rater_id_rater"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_rating_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_rating_vendor_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "assignment_id", "version", name=op.f("uq_rating_assignment_id_version")
        ),
    )
    op.create_index("ix_rating_item_id", "rating", ["item_id"], unique=False)
    op.create_index(
        "uq_rating_current",
        "rating",
        ["rater_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_rating_current",
        table_name="rating",
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )
    op.drop_index("ix_rating_item_id", table_name="rating")
    op.drop_table("rating")
    op.drop_table("rater")
