"""Imports: one batch per file, the rows that were refused, the ratings that wait with it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import Choice
from labelhub.identifiers import new_id, new_ordered_id
from labelhub.tables.columns import UtcDateTime, enumeration, integers


class ImportBatch(SQLModel, table=True):
    """One file on its way in: uploaded, staged, rendered, publishing, complete; or ended early."""

    __tablename__ = "import_batch"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "project_id"], ["project.organisation_id", "project.id"]
        ),
        sa.CheckConstraint(
            "state IN ('uploaded','staging','staged','rendered','publishing','complete',"
            "'withdrawn','refused')",
            name="state",
        ),
        sa.Index("ix_import_batch_project_id", "project_id", "created_at"),
        integers("bytes_total", "bytes_read", "rows", "added", "known", "refused", "rendered"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID
    project_id: UUID
    file_name: str = Field(max_length=200)
    file_sha256: str = Field(default="", max_length=64)
    stored_as: str = Field(default="", max_length=80)
    layout: str = Field(max_length=40)
    options: str = Field(default="{}", sa_type=sa.Text)
    state: str = Field(default="uploaded", max_length=16)
    message: str = Field(default="", sa_type=sa.Text)
    bytes_total: int = Field(default=0, sa_type=sa.BigInteger)
    bytes_read: int = Field(default=0, sa_type=sa.BigInteger)
    rows: int = Field(default=0)
    added: int = Field(default=0)
    known: int = Field(default=0)
    refused: int = Field(default=0)
    rendered: int = Field(default=0)
    ratings: int = Field(default=0)
    created_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ImportProblem(SQLModel, table=True):
    """One refused row: line, field, reason."""

    __tablename__ = "import_problem"
    __table_args__ = (sa.Index("ix_import_problem_batch_id", "batch_id", "line"), integers("line"))

    id: int | None = Field(default=None, primary_key=True)
    batch_id: UUID = Field(foreign_key="import_batch.id")
    line: int
    field: str = Field(default="", max_length=120)
    reason: str = Field(sa_type=sa.Text)


class StagedRating(SQLModel, table=True):
    """A rating that came in a file and waits for its batch to be published."""

    __tablename__ = "staged_rating"
    __table_args__ = (
        sa.Index("ix_staged_rating_batch_id", "batch_id", "id"),
        sa.Index("ix_staged_rating_item_id", "item_id"),
        sa.CheckConstraint("strength BETWEEN 0 AND 3", name="strength"),
        integers("strength"),
    )

    id: UUID = Field(default_factory=new_ordered_id, primary_key=True)
    batch_id: UUID = Field(foreign_key="import_batch.id")
    item_id: UUID = Field(foreign_key="item.id")
    rater_id: UUID = Field(foreign_key="rater.id")
    choice: Choice | None = Field(default=None, sa_type=enumeration(Choice, "staged_rating_choice"))
    strength: int = Field(default=0)
    harm: str = Field(default="", sa_type=sa.Text)
    rationale: str = Field(default="", sa_type=sa.Text)
