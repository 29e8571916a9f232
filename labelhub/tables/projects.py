"""Projects: what is asked, of whom, under which guidelines."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import InstrumentName
from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, enumeration, integers


class Project(SQLModel, table=True):
    """A body of items to be rated with one instrument; it belongs to a lab."""

    __tablename__ = "project"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "id"),
        sa.CheckConstraint("overlap BETWEEN 1 AND 50", name="overlap"),
        sa.CheckConstraint("max_severity BETWEEN 0 AND 4", name="max_severity"),
        sa.CheckConstraint("veil_tier BETWEEN 1 AND 5", name="veil_tier"),
        integers("overlap", "max_severity", "veil_tier", "guidelines_version"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    slug: str = Field(max_length=64, unique=True)
    title: str = Field(max_length=200)
    summary: str = Field(default="", sa_type=sa.Text)
    instrument: InstrumentName = Field(sa_type=enumeration(InstrumentName, "project_instrument"))
    instrument_version: int = Field(default=1)
    overlap: int = Field(default=1)
    content_notice: str = Field(default="", sa_type=sa.Text)
    max_severity: int = Field(default=0)
    veil_tier: int = Field(default=2)  # 5: nothing is veiled by the project's own choice
    hazards: str = Field(default="[]", sa_type=sa.Text)  # JSON list of {id, name, definition}
    render_style: str = Field(default="markdown", max_length=16)
    language: str = Field(default="en", max_length=35)
    pay_note: str = Field(default="", max_length=200)
    guidelines_version: int = Field(default=1)
    created_at: datetime = Field(sa_type=UtcDateTime)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Guidelines(SQLModel, table=True):
    """One version of a project's guidelines; versions are added, never changed."""

    __tablename__ = "guidelines"
    __table_args__ = (integers("version"),)

    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    version: int = Field(primary_key=True)
    markdown: str = Field(sa_type=sa.Text)
    html: str = Field(sa_type=sa.Text)
    written_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)


class ProjectOpening(SQLModel, table=True):
    """A project opened to the labelers of an organisation (a vendor, or the lab itself)."""

    __tablename__ = "project_opening"

    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True, index=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Joining(SQLModel, table=True):
    """A labeler who joined a project by themselves, for one organisation."""

    __tablename__ = "joining"
    __table_args__ = (
        sa.Index("ix_joining_project_id", "project_id"),
        integers("guidelines_version", "taken", "hard_ps"),
    )

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")  # for whom they work in it
    guidelines_version: int
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken: int = Field(default=0)  # items of the project this labeler has had
    hard_ps: int = Field(default=0, sa_type=sa.BigInteger)  # S2+ charge in the project


class QueueCursor(SQLModel, table=True):
    """How far a labeler has walked one lane of a project's queue (store.queue says why)."""

    __tablename__ = "queue_cursor"
    __table_args__ = (integers("tier", "level", "position"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    tier: int = Field(primary_key=True)
    level: int = Field(primary_key=True)
    position: int = Field(sa_type=sa.BigInteger)
