"""The time zones a person had before: their nights still count for a while.

A night is reckoned by a person's zone (L-17). People can now change it, and nobody may end a
night by naming another place.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_earlier_zones"
down_revision = "20261122_longer_previews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("earlier_zones", sa.Text(), server_default="{}", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("person", "earlier_zones")
