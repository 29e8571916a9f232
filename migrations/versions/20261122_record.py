"""The append-only record.

One chain of events per person and organisation, so that no vendor learns another's volume.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_record"
down_revision = "20261122_ratings"
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
        "chain",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        integers("ck_chain_integers", "seq"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_chain_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_chain_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("uq_chain_organisation_id_person_id")
        ),
    )
    op.create_index(
        "uq_chain_organisation",
        "chain",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("person_id IS NULL"),
        postgresql_where=sa.text("person_id IS NULL"),
    )
    op.create_table(
        "event",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("gate_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        integers("ck_event_integers", "seq"),
        sa.ForeignKeyConstraint(["chain_id"], ["chain.id"], name=op.f("fk_event_chain_id_chain")),
        sa.PrimaryKeyConstraint("chain_id", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "event_payload",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chain_id", "seq"],
            ["event.chain_id", "event.seq"],
            name=op.f("fk_event_payload_chain_id_seq_event"),
        ),
        sa.PrimaryKeyConstraint("chain_id", "seq", name=op.f("pk_event_payload")),
    )


def downgrade() -> None:
    op.drop_table("event_payload")
    op.drop_table("event")
    op.drop_index("uq_chain_organisation", table_name="chain")
    op.drop_table("chain")
