"""Imports, items and their text.

Counts live on the item so that overlap is kept by a constraint; text lives apart so that only the gate's store reads it.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_items"
down_revision = "20261122_projects"
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
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("bytes_total", sa.BigInteger(), nullable=False),
        sa.Column("bytes_read", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("rendered", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('uploaded','staging','staged','rendered','publishing','complete','withdrawn','refused')",
            name=op.f("ck_import_batch_state"),
        ),
        integers(
            "ck_import_batch_integers",
            "bytes_total",
            "bytes_read",
            "rows",
            "added",
            "known",
            "refused",
            "rendered",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_import_batch_created_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_import_batch_organisation_id_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(
        "ix_import_batch_project_id", "import_batch", ["project_id", "created_at"], unique=False
    )
    op.create_table(
        "import_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        integers("ck_import_problem_integers", "line"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_problem_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_problem")),
    )
    op.create_index(
        "ix_import_problem_batch_id", "import_problem", ["batch_id", "line"], unique=False
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("prompt_key", sa.String(length=64), nullable=False),
        sa.Column("pool_key", sa.String(length=64), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column(
            "severity_source",
            sa.Enum(
                "column",
                "declared",
                "person",
                "screener",
                "unknown",
                name="item_severity_source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("hazards", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=False),
        sa.Column("taken_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('staged','rendered','ready','votes_only','withdrawn','prohibited')",
            name=op.f("ck_item_state"),
        ),
        integers(
            "ck_item_integers",
            "severity",
            "tier",
            "position",
            "words",
            "overlap",
            "open_count",
            "accepted_count",
            "taken_count",
        ),
        sa.CheckConstraint("open_count >= 0 AND accepted_count >= 0", name=op.f("ck_item_counts")),
        sa.CheckConstraint("severity BETWEEN 0 AND 4", name=op.f("ck_item_severity")),
        sa.CheckConstraint("taken_count <= overlap", name=op.f("ck_item_overlap")),
        sa.CheckConstraint("taken_count = open_count + accepted_count", name=op.f("ck_item_taken")),
        sa.CheckConstraint("tier BETWEEN 0 AND 4", name=op.f("ck_item_tier")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_item_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"],
            ["project.organisation_id", "project.id"],
            name=op.f("fk_item_organisation_id_project_id_project"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_item_organisation_id_id")),
        sa.UniqueConstraint(
            "project_id", "fingerprint", name=op.f("uq_item_project_id_fingerprint")
        ),
    )
    op.create_index("ix_item_batch_id", "item", ["batch_id", "state"], unique=False)
    op.create_index("ix_item_pool", "item", ["project_id", "pool_key"], unique=False)
    op.create_index(
        "ix_item_queue",
        "item",
        ["project_id", "tier", "taken_count", "position"],
        unique=False,
        sqlite_where=sa.text("state = 'ready' AND taken_count < overlap"),
        postgresql_where=sa.text("state = 'ready' AND taken_count < overlap"),
    )
    op.create_table(
        "content",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("renderer", sa.String(length=80), nullable=False),
        sa.Column("hidden_characters", sa.Integer(), nullable=False),
        integers("ck_content_integers", "hidden_characters"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_content_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_content")),
    )
    op.create_table(
        "item_hazard",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_hazard_item_id_item")),
        sa.PrimaryKeyConstraint("item_id", "category", name=op.f("pk_item_hazard")),
    )


def downgrade() -> None:
    op.drop_table("item_hazard")
    op.drop_table("content")
    op.drop_index(
        "ix_item_queue",
        table_name="item",
        sqlite_where=sa.text("state = 'ready' AND taken_count < overlap"),
        postgresql_where=sa.text("state = 'ready' AND taken_count < overlap"),
    )
    op.drop_index("ix_item_pool", table_name="item")
    op.drop_index("ix_item_batch_id", table_name="item")
    op.drop_table("item")
    op.drop_index("ix_import_problem_batch_id", table_name="import_problem")
    op.drop_table("import_problem")
    op.drop_index("ix_import_batch_project_id", table_name="import_batch")
    op.drop_table("import_batch")
