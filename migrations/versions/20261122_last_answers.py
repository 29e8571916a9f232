"""The last answer of a rater, found without looking at all of theirs.

The desk asks for it at every item, to offer the undo; its cost must not grow with the ratings.
"""

from alembic import op

revision = "20261122_last_answers"
down_revision = "20261122_imported_ratings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_rating_rater_id", "rating", ["rater_id", "rated_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rating_rater_id", table_name="rating")
