"""What this database is, and limits set by layers.

Gate time and tightened limits belong to the installation before anybody works in it.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_installation"
down_revision = None
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
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("minimum_gate_version", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_installation_integers", "minimum_gate_version", "epoch"),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "policy_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        integers("ck_policy_setting_integers", "id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_setting")),
    )
    op.create_index(
        "ix_policy_setting_subject",
        "policy_setting",
        ["layer", "subject", "effective_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_policy_setting_subject", table_name="policy_setting")
    op.drop_table("policy_setting")
    op.drop_table("installation")
