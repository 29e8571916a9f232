"""What labelers answer at half of the daily dose.

Until it is answered nothing of S2 and above is served; mild work goes on (L-06).
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_declarations"
down_revision = "20261122_last_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice IN ('continue','stop')", name=op.f("ck_declaration_choice")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_declaration_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index("ix_declaration_person_id", "declaration", ["person_id", "declared_at"])


def downgrade() -> None:
    op.drop_index("ix_declaration_person_id", table_name="declaration")
    op.drop_table("declaration")
