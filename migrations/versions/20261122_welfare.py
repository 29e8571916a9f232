"""What surrounds the gate: loosenings that wait, incidents, check-ins, carried records, looks.

A loosening needs a second yes after a delay, so it must be kept meanwhile. Check-ins live apart
from everything else, sealed, so that nothing can be joined to them.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_welfare"
down_revision = "20261122_fewer_indexes"
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
    op.create_index("ix_rest_break_person_id", "rest_break", ["person_id", "ended_at"])
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index("ix_check_in_owner", "check_in", ["owner"], unique=False)
    op.create_table(
        "carried_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exposures", sa.Integer(), nullable=False),
        integers("ck_carried_record_integers", "exposures"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_carried_record_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_record")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_carried_record_person_id_digest")),
    )
    op.create_table(
        "check_in_prompt",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("prompted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_check_in_prompt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_check_in_prompt")),
    )
    op.create_table(
        "limit_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ripe_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "decision IN ('confirmed','withdrawn')", name=op.f("ck_limit_request_decision")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_limit_request_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_limit_request_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_request")),
    )
    op.create_index(
        "ix_limit_request_subject",
        "limit_request",
        ["layer", "subject", "decided_at"],
        unique=False,
    )
    op.create_table(
        "record_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_record_look_by_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_record_look_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_look")),
    )
    op.create_index(
        "ix_record_look_person_id", "record_look", ["person_id", "looked_at"], unique=False
    )
    op.create_table(
        "carried_charge",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("active_s", sa.Integer(), nullable=False),
        sa.Column("charge_ps", sa.BigInteger(), nullable=False),
        integers("ck_carried_charge_integers", "number", "severity", "active_s", "charge_ps"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_carried_charge_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["carried_record.id"],
            name=op.f("fk_carried_charge_record_id_carried_record"),
        ),
        sa.PrimaryKeyConstraint("record_id", "number", name=op.f("pk_carried_charge")),
    )
    op.create_index(
        "ix_carried_charge_window", "carried_charge", ["person_id", "hidden_at"], unique=False
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('prohibited','served_again')", name=op.f("ck_incident_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_incident_closed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"],
            ["item.organisation_id", "item.id"],
            name=op.f("fk_incident_organisation_id_item_id_item"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_incident_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_incident_project_id_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(
        "ix_incident_organisation_id", "incident", ["organisation_id", "opened_at"], unique=False
    )
    op.create_index(
        "uq_incident_open",
        "incident",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_rest_break_person_id", table_name="rest_break")
    op.drop_index(
        "uq_incident_open",
        table_name="incident",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_incident_organisation_id", table_name="incident")
    op.drop_table("incident")
    op.drop_index("ix_carried_charge_window", table_name="carried_charge")
    op.drop_table("carried_charge")
    op.drop_index("ix_record_look_person_id", table_name="record_look")
    op.drop_table("record_look")
    op.drop_index("ix_limit_request_subject", table_name="limit_request")
    op.drop_table("limit_request")
    op.drop_table("check_in_prompt")
    op.drop_table("carried_record")
    op.drop_index("ix_check_in_owner", table_name="check_in")
    op.drop_table("check_in")
