"""What the splits of a release need of a prompt, stored with its item.

A release had to read and hash every prompt before it could write the first row. A prompt's text
never changes, so that import can do it once. An empty mark means that the text is read: where a
system turn speaks, and while this fills the items that are there already.
"""

import json
import unicodedata
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "20261122_prompt_marks"
down_revision = "20261122_desk_indexes"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_CONTENT = sa.table("content", sa.column("item_id", sa.Uuid()), sa.column("payload", sa.Text()))
_ITEM = sa.table("item", sa.column("id", sa.Uuid()), sa.column("prompt_mark", sa.String()))


def upgrade() -> None:
    op.add_column(
        "item", sa.Column("prompt_mark", sa.String(length=41), server_default="", nullable=False)
    )
    connection = op.get_bind()
    texts = sa.select(_CONTENT).order_by(_CONTENT.c.item_id).limit(_AT_ONCE)
    page = connection.execute(texts).all()
    mark = (
        sa.update(_ITEM)
        .where(_ITEM.c.id == sa.bindparam("item"))
        .values(prompt_mark=sa.bindparam("mark"))
    )
    while page:
        marks = [{"item": row.item_id, "mark": _mark(row.payload)} for row in page]
        connection.execute(mark, marks)
        page = connection.execute(texts.where(_CONTENT.c.item_id > page[-1].item_id)).all()


def _mark(payload: str) -> str:
    """Return the mark that `domain.release.splits.stored_mark` gives."""
    prompt = json.loads(payload)["prompt"]
    if any(role == "system" for role, _ in prompt):
        return ""
    said = [part for role, text in prompt for part in (role, _normalised(text))]
    asked = [_normalised(text) for role, text in prompt if role == "user"]
    root = _number("root", asked[0]) if asked else 0
    alone = len(prompt) == 1 and root
    return f"{-root if alone else _number('prompt', *said)} {root}"


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number(*parts: str) -> int:
    hashed = blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(hashed, "big") >> 1) or 1


def downgrade() -> None:
    op.drop_column("item", "prompt_mark")
