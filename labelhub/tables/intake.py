"""Imports: one batch per file, and the rows that were refused."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, integers


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
