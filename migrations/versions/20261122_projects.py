"""Projects, guidelines and who joined them.

A project belongs to a lab, is opened to vendors, and labelers join it by themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_projects"
down_revision = "20261122_people"
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
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "preference",
                "harm",
                name="project_instrument",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("content_notice", sa.Text(), nullable=False),
        sa.Column("max_severity", sa.Integer(), nullable=False),
        sa.Column("veil_tier", sa.Integer(), nullable=False),
        sa.Column("hazards", sa.Text(), nullable=False),
        sa.Column("render_style", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("pay_note", sa.String(length=200), nullable=False),
        sa.Column("guidelines_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        integers(
            "ck_project_integers", "overlap", "max_severity", "veil_tier", "guidelines_version"
        ),
        sa.CheckConstraint("max_severity BETWEEN 0 AND 4", name=op.f("ck_project_max_severity")),
        sa.CheckConstraint("overlap BETWEEN 1 AND 50", name=op.f("ck_project_overlap")),
        sa.CheckConstraint("veil_tier BETWEEN 1 AND 5", name=op.f("ck_project_veil_tier")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_project_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_project_organisation_id_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_table(
        "guidelines",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_guidelines_integers", "version"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_guidelines_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_guidelines_written_by_person")
        ),
        sa.PrimaryKeyConstraint("project_id", "version", name=op.f("pk_guidelines")),
    )
    op.create_table(
        "joining",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("guidelines_version", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("hard_ps", sa.BigInteger(), nullable=False),
        integers("ck_joining_integers", "guidelines_version", "taken", "hard_ps"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_joining_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_joining_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_joining_project_id_project")
        ),
        sa.PrimaryKeyConstraint("person_id", "project_id", name=op.f("pk_joining")),
    )
    op.create_index("ix_joining_project_id", "joining", ["project_id"], unique=False)
    op.create_table(
        "project_opening",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_project_opening_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_opening_project_id_project")
        ),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_project_opening")),
    )
    op.create_index(
        op.f("ix_project_opening_organisation_id"),
        "project_opening",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "queue_cursor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        integers("ck_queue_cursor_integers", "tier", "level", "position"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_queue_cursor_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_queue_cursor_project_id_project")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "project_id", "tier", "level", name=op.f("pk_queue_cursor")
        ),
    )


def downgrade() -> None:
    op.drop_table("queue_cursor")
    op.drop_index(op.f("ix_project_opening_organisation_id"), table_name="project_opening")
    op.drop_table("project_opening")
    op.drop_index("ix_joining_project_id", table_name="joining")
    op.drop_table("joining")
    op.drop_table("guidelines")
    op.drop_table("project")
