"""The text of items, apart from everything else: two store modules may read it."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.tables.columns import integers


class Content(SQLModel, table=True):
    """What an item says, as it came and as it is shown.

    `payload` is JSON `{"prompt": [[role, text], …], "completions": [[[role, text], …], …]}`;
    `shown` is JSON `{"prompt": [[role, html], …], "completions": [html, …]}`, made once by
    `renderer`, so that what was seen can be reproduced (D-5).
    """

    __tablename__ = "content"
    __table_args__ = (integers("hidden_characters"),)

    item_id: UUID = Field(foreign_key="item.id", primary_key=True)
    payload: str = Field(sa_type=sa.Text)
    sha256: str = Field(max_length=64)
    shown: str = Field(default="", sa_type=sa.Text)
    renderer: str = Field(default="", max_length=80)
    hidden_characters: int = Field(default=0)


class ImportRow(SQLModel, table=True):
    """A row of a file that was read and is still to be checked and rendered: text, like the rest.

    `draft` is JSON of an item as `domain.items.ItemDraft` has it.
    """

    __tablename__ = "import_row"
    __table_args__ = (sa.Index("ix_import_row_batch_id", "batch_id", "id"), integers("id"))

    id: int | None = Field(default=None, primary_key=True)
    batch_id: UUID = Field(foreign_key="import_batch.id")
    draft: str = Field(sa_type=sa.Text)
