"""Indexes by which the desk's questions stay the same size, however long a history is.

A window's edge is the last charge at or before a moment: with the sequence number in the index it
is one look-up, without sorting. Nothing asked by running dose any more, so that index goes. The
last answer of a person is found through who they are as a rater.
"""

from alembic import op

revision = "20261122_desk_indexes"
down_revision = "20261122_import_rows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_charge_person_id_hidden_at", table_name="charge")
    op.drop_index("ix_charge_person_id_cumulative_ps", table_name="charge")
    op.create_index("ix_charge_window", "charge", ["person_id", "hidden_at", "seq"], unique=False)
    op.create_index("ix_rater_person_id", "rater", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rater_person_id", table_name="rater")
    op.drop_index("ix_charge_window", table_name="charge")
    op.create_index(
        "ix_charge_person_id_cumulative_ps", "charge", ["person_id", "cumulative_ps"], unique=False
    )
    op.create_index(
        "ix_charge_person_id_hidden_at", "charge", ["person_id", "hidden_at"], unique=False
    )
