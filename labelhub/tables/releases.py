"""Releases, and the split each group of prompts belongs to for good."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime


class Release(SQLModel, table=True):
    """An immutable dataset with its card."""

    __tablename__ = "release"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"], ["project.organisation_id", "project.id"]
        ),
        sa.CheckConstraint("state IN ('building','complete','failed')", name="state"),
        sa.Index("ix_release_project_id", "project_id", "created_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID
    project_id: UUID
    format: str = Field(max_length=40)
    file_type: str = Field(max_length=12)
    options: str = Field(default="{}", sa_type=sa.Text)
    state: str = Field(default="building", max_length=12)
    message: str = Field(default="", sa_type=sa.Text)
    folder: str = Field(default="", max_length=400)
    manifest: str = Field(default="", sa_type=sa.Text)
    digest: str = Field(default="", max_length=64)
    snapshot_at: datetime = Field(sa_type=UtcDateTime)
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SplitAssignment(SQLModel, table=True):
    """The split of one group of prompts; later releases of the project keep it."""

    __tablename__ = "split_assignment"

    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    group_key: str = Field(max_length=64, primary_key=True)
    split: str = Field(max_length=12)
    assigned_at: datetime = Field(sa_type=UtcDateTime)
