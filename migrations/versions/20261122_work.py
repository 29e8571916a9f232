"""Assignments, exposures, charges and choices.

What the gate decides from, and what it decided.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_work"
down_revision = "20261122_items"
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
        "gate_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boot_id", sa.String(length=80), nullable=False),
        sa.Column("boottime_us", sa.BigInteger(), nullable=False),
        sa.Column("synchronised", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        integers("ck_gate_clock_integers", "boottime_us", "epoch"),
        sa.CheckConstraint("id = 1", name=op.f("ck_gate_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_clock")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("preview_version", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        integers("ck_consent_integers", "severity"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_person_id", "consent", ["person_id", "severity"], unique=False)
    op.create_table(
        "opt_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "item",
                "category",
                "severity",
                "project",
                "today",
                name="opt_out_scope",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_opt_out_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_out")),
    )
    op.create_index("ix_opt_out_person_id", "opt_out", ["person_id", "ended_at"], unique=False)
    op.create_table(
        "person_gate",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        integers("ck_person_gate_integers", "turn"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_gate_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_gate")),
    )
    op.create_table(
        "replayed_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_replayed_request_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", "stage", name=op.f("pk_replayed_request")),
    )
    op.create_table(
        "rest_break",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rest_break_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rest_break")),
    )
    op.create_index(
        "uq_rest_break_open",
        "rest_break",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("swapped", sa.Boolean(), nullable=False),
        sa.Column("guidelines_version", sa.Integer(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('completed','declined','expired','released','prohibited')",
            name=op.f("ck_assignment_outcome"),
        ),
        integers(
            "ck_assignment_integers",
            "severity",
            "words",
            "guidelines_version",
            "instrument_version",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["item.organisation_id", "item.id"],
            name=op.f("fk_assignment_organisation_id_item_id_item"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_assignment_project_id_project")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_assignment_vendor_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_item_id", "assignment", ["item_id"], unique=False)
    op.create_index(
        "ix_assignment_lease",
        "assignment",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_assignment_open",
        "assignment",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_assignment_taken",
        "assignment",
        ["person_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL OR outcome NOT IN ('expired', 'released')"),
        postgresql_where=sa.text("outcome IS NULL OR outcome NOT IN ('expired', 'released')"),
    )
    op.create_table(
        "draft",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_draft_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "exposure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("granted_s", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_exposure_integers", "severity", "granted_s"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_exposure_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_exposure_item_id_item")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exposure_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
    )
    op.create_index("ix_exposure_assignment_id", "exposure", ["assignment_id"], unique=False)
    op.create_index("ix_exposure_person_id", "exposure", ["person_id", "shown_at"], unique=False)
    op.create_table(
        "paid_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_paid_time_integers", "seconds", "version"),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_paid_time_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_paid_time_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_paid_time_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_paid_time_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_time")),
        sa.UniqueConstraint(
            "assignment_id", "kind", "version", name=op.f("uq_paid_time_assignment_id_kind_version")
        ),
    )
    op.create_index(
        "ix_paid_time_person_id", "paid_time", ["person_id", "recorded_at"], unique=False
    )
    op.create_table(
        "charge",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("exposure_id", sa.Uuid(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("active_s", sa.Integer(), nullable=False),
        sa.Column("charge_ps", sa.BigInteger(), nullable=False),
        sa.Column("cumulative_ps", sa.BigInteger(), nullable=False),
        sa.Column("cumulative_s4", sa.BigInteger(), nullable=False),
        sa.Column("cumulative_active_s", sa.BigInteger(), nullable=False),
        integers(
            "ck_charge_integers",
            "seq",
            "severity",
            "active_s",
            "charge_ps",
            "cumulative_ps",
            "cumulative_s4",
            "cumulative_active_s",
        ),
        sa.ForeignKeyConstraint(
            ["exposure_id"], ["exposure.id"], name=op.f("fk_charge_exposure_id_exposure")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_charge_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "seq", name=op.f("pk_charge")),
        sa.UniqueConstraint("exposure_id", name=op.f("uq_charge_exposure_id")),
    )
    op.create_index(
        "ix_charge_person_id_cumulative_ps", "charge", ["person_id", "cumulative_ps"], unique=False
    )
    op.create_index(
        "ix_charge_person_id_hidden_at", "charge", ["person_id", "hidden_at"], unique=False
    )
    op.create_table(
        "showing",
        sa.Column("exposure_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_showing_integers", "number"),
        sa.ForeignKeyConstraint(
            ["exposure_id"], ["exposure.id"], name=op.f("fk_showing_exposure_id_exposure")
        ),
        sa.PrimaryKeyConstraint("exposure_id", "number", name=op.f("pk_showing")),
    )


def downgrade() -> None:
    op.drop_table("showing")
    op.drop_index("ix_charge_person_id_hidden_at", table_name="charge")
    op.drop_index("ix_charge_person_id_cumulative_ps", table_name="charge")
    op.drop_table("charge")
    op.drop_index("ix_paid_time_person_id", table_name="paid_time")
    op.drop_table("paid_time")
    op.drop_index("ix_exposure_person_id", table_name="exposure")
    op.drop_index("ix_exposure_assignment_id", table_name="exposure")
    op.drop_table("exposure")
    op.drop_table("draft")
    op.drop_index(
        "uq_assignment_taken",
        table_name="assignment",
        sqlite_where=sa.text("outcome IS NULL OR outcome NOT IN ('expired', 'released')"),
        postgresql_where=sa.text("outcome IS NULL OR outcome NOT IN ('expired', 'released')"),
    )
    op.drop_index(
        "uq_assignment_open",
        table_name="assignment",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_assignment_lease",
        table_name="assignment",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_assignment_item_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(
        "uq_rest_break_open",
        table_name="rest_break",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("rest_break")
    op.drop_table("replayed_request")
    op.drop_table("person_gate")
    op.drop_index("ix_opt_out_person_id", table_name="opt_out")
    op.drop_table("opt_out")
    op.drop_index("ix_consent_person_id", table_name="consent")
    op.drop_table("consent")
    op.drop_table("gate_clock")
