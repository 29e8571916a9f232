"""Items: what the queue and the gate need to know of them, without their text."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import SeveritySource
from labelhub.identifiers import new_ordered_id
from labelhub.tables.columns import UtcDateTime, enumeration, integers

_SERVABLE = sa.text("state = 'ready' AND taken_count < overlap")


class Item(SQLModel, table=True):
    """A prompt and its completions, counted. Conservation (D-3) is a constraint."""

    __tablename__ = "item"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"], ["project.organisation_id", "project.id"]
        ),
        sa.UniqueConstraint("organisation_id", "id"),
        sa.UniqueConstraint("project_id", "fingerprint"),
        sa.CheckConstraint(
            "state IN ('staged','rendered','ready','votes_only','withdrawn','prohibited')",
            name="state",
        ),
        sa.CheckConstraint("severity BETWEEN 0 AND 4", name="severity"),
        sa.CheckConstraint("tier BETWEEN 0 AND 4", name="tier"),
        sa.CheckConstraint("open_count >= 0 AND accepted_count >= 0", name="counts"),
        sa.CheckConstraint("taken_count = open_count + accepted_count", name="taken"),
        sa.CheckConstraint("taken_count <= overlap", name="overlap"),
        integers(
            "severity", "tier", "position", "words", "overlap",
            "open_count", "accepted_count", "taken_count",
        ),
        # The queue's lanes: least-rated first, then a random order fixed at import.
        sa.Index(
            "ix_item_queue", "project_id", "tier", "taken_count", "position",
            sqlite_where=_SERVABLE, postgresql_where=_SERVABLE,
        ),
        sa.Index("ix_item_batch_id", "batch_id", "state"),
        sa.Index("ix_item_pool", "project_id", "pool_key"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_ordered_id, primary_key=True)
    organisation_id: UUID
    project_id: UUID
    batch_id: UUID = Field(foreign_key="import_batch.id")
    line: int = Field(default=0)
    external_id: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=200)
    source_id: str = Field(default="", max_length=200)
    language: str = Field(default="", max_length=35)
    fingerprint: str = Field(max_length=64)
    prompt_key: str = Field(max_length=64)
    pool_key: str = Field(max_length=64)
    # What the splits of a release need of the prompt (`domain.release.splits.stored_mark`).
    prompt_mark: str = Field(
        default="", max_length=41, sa_column_kwargs={"server_default": sa.text("''")}
    )
    models: str = Field(default="[]", sa_type=sa.Text)  # JSON; never sent to a labeler
    attributes: str = Field(default="{}", sa_type=sa.Text)  # JSON; what else the file said
    state: str = Field(default="staged", max_length=12)
    severity: int | None = Field(default=None)  # screened; None with source unknown or no record
    severity_source: SeveritySource | None = Field(
        default=None, sa_type=enumeration(SeveritySource, "item_severity_source")
    )
    tier: int | None = Field(default=None)  # what it is served as; None: not screened
    hazards: str = Field(default="[]", sa_type=sa.Text)  # JSON list of category ids
    position: int = Field(sa_type=sa.BigInteger)
    words: int = Field(default=0)
    overlap: int
    open_count: int = Field(default=0)
    accepted_count: int = Field(default=0)
    taken_count: int = Field(default=0)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ItemHazard(SQLModel, table=True):
    """The hazard categories of an item, for leaving out what a labeler declined."""

    __tablename__ = "item_hazard"

    item_id: UUID = Field(foreign_key="item.id", primary_key=True)
    category: str = Field(max_length=40, primary_key=True)
