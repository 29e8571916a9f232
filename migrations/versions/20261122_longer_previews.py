"""Room for the name of what a labeler agreed to.

It holds a project's short name (64 characters), the version of its guidelines and its severity.
PostgreSQL refused to store it for a long short name, so that nobody could join; SQLite keeps any
length.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_longer_previews"
down_revision = "20261122_prompt_marks"
branch_labels = None
depends_on = None

_NARROW, _WIDE = sa.String(length=64), sa.String(length=100)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("consent", "preview_version", existing_type=_NARROW, type_=_WIDE)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(
            "consent",
            "preview_version",
            existing_type=_WIDE,
            type_=_NARROW,
            postgresql_using="left(preview_version, 64)",
        )
