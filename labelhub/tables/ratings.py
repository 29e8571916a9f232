"""Raters and their ratings. Nothing submitted is overwritten (D-6)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import Choice, RaterKind
from labelhub.identifiers import new_id, new_ordered_id
from labelhub.tables.columns import UtcDateTime, enumeration, integers

_CURRENT = sa.text("current")
_CURRENT_SQLITE = sa.text("current = 1")


class Rater(SQLModel, table=True):
    """Who rated, towards a lab: a labeler, or a name that came in a file."""

    __tablename__ = "rater"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "id"),
        sa.UniqueConstraint("organisation_id", "person_id"),
        sa.UniqueConstraint("organisation_id", "name"),
        sa.Index("ix_rater_person_id", "person_id"),
        sa.CheckConstraint("(kind = 'labeler') = (person_id IS NOT NULL)", name="kind_person"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    kind: RaterKind = Field(sa_type=enumeration(RaterKind, "rater_kind"))
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    name: str = Field(max_length=200)  # for labelers a random name, never their own


class Rating(SQLModel, table=True):
    """One version of one answer to one item.

    The item names what was seen: its text and its rendering are made once and never remade (D-5).
    """

    __tablename__ = "rating"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"], ["item.organisation_id", "item.id"]
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "rater_id"], ["rater.organisation_id", "rater.id"]
        ),
        sa.UniqueConstraint("assignment_id", "version"),
        sa.Index(
            "uq_rating_current", "rater_id", "item_id", unique=True,
            sqlite_where=_CURRENT_SQLITE, postgresql_where=_CURRENT,
        ),
        sa.Index("ix_rating_item_id", "item_id"),
        sa.Index("ix_rating_rater_id", "rater_id", "rated_at"),
        sa.CheckConstraint("status IN ('accepted','late','withdrawn','imported')", name="status"),
        sa.CheckConstraint("strength BETWEEN 0 AND 3", name="strength"),
        integers("version", "strength", "active_ms", "guidelines_version", "instrument_version"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_ordered_id, primary_key=True)
    organisation_id: UUID
    project_id: UUID = Field(foreign_key="project.id")
    item_id: UUID
    rater_id: UUID
    vendor_organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    assignment_id: UUID | None = Field(default=None, foreign_key="assignment.id")
    version: int = Field(default=1)
    status: str = Field(max_length=12)
    current: bool = Field(default=True)
    choice: Choice | None = Field(default=None, sa_type=enumeration(Choice, "rating_choice"))
    strength: int = Field(default=0)
    harm: str = Field(default="", sa_type=sa.Text)  # JSON, harm ratings only
    rationale: str = Field(default="", sa_type=sa.Text)
    swapped: bool = Field(default=False)
    active_ms: int = Field(default=0, sa_type=sa.BigInteger)
    guidelines_version: int = Field(default=0)
    instrument_version: int = Field(default=1)
    rated_at: datetime = Field(sa_type=UtcDateTime)
