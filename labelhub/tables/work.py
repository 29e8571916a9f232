"""Work as it happens: assignments, exposures, drafts, paid time, replayed requests."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id, new_ordered_id
from labelhub.tables.columns import KEPT_BY_KEY, UtcDateTime, integers

_OPEN = sa.text("closed_at IS NULL")
# An item that came back unanswered may be given to the same labeler again.
_TAKEN = sa.text("outcome IS NULL OR outcome NOT IN ('expired', 'released')")


class Assignment(SQLModel, table=True):
    """An item leased to one labeler. At most one is open per person (W-10)."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"], ["item.organisation_id", "item.id"]
        ),
        sa.Index(
            "uq_assignment_open", "person_id", unique=True,
            sqlite_where=_OPEN, postgresql_where=_OPEN,
        ),
        sa.Index(
            "uq_assignment_taken", "person_id", "item_id", unique=True,
            sqlite_where=_TAKEN, postgresql_where=_TAKEN,
        ),
        sa.Index("ix_assignment_item_id", "item_id"),
        sa.CheckConstraint(
            "outcome IN ('completed','declined','expired','released','prohibited')", name="outcome"
        ),
        integers("severity", "words", "guidelines_version", "instrument_version"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID  # the lab's
    vendor_organisation_id: UUID = Field(foreign_key="organisation.id")  # for whom they work
    project_id: UUID = Field(foreign_key="project.id")
    item_id: UUID
    severity: int
    words: int
    swapped: bool = Field(default=False)  # the item's second completion stands first on the page
    guidelines_version: int
    instrument_version: int
    opened_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=12)


class Exposure(SQLModel, table=True):
    """Content shown once to one labeler: on record before the first byte is sent (W-4)."""

    __tablename__ = "exposure"
    __table_args__ = (
        sa.Index("ix_exposure_person_id", "person_id", "shown_at"),
        sa.Index("ix_exposure_assignment_id", "assignment_id"),
        integers("severity", "granted_s"),
    )

    id: UUID = Field(default_factory=new_ordered_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID
    vendor_organisation_id: UUID
    project_id: UUID
    item_id: UUID = Field(foreign_key="item.id")
    assignment_id: UUID = Field(foreign_key="assignment.id")
    severity: int
    granted_s: int
    shown_at: datetime = Field(sa_type=UtcDateTime)


class Showing(SQLModel, table=True):
    """The same exposure sent again within its lease: counted, at most five times."""

    __tablename__ = "showing"
    __table_args__ = (integers("number"),)

    exposure_id: UUID = Field(foreign_key="exposure.id", primary_key=True)
    number: int = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=UtcDateTime)


class Draft(SQLModel, table=True):
    """What a labeler has answered so far, kept through breaks, limits and crashes (D-7)."""

    __tablename__ = "draft"

    assignment_id: UUID = Field(foreign_key="assignment.id", primary_key=True)
    answer: str = Field(sa_type=sa.Text)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class PaidTime(SQLModel, table=True):
    """Seconds of paid time and what they were for; appended, never edited."""

    __tablename__ = "paid_time"
    __table_args__ = (
        sa.UniqueConstraint("assignment_id", "kind", "version"),
        sa.Index("ix_paid_time_person_id", "person_id", "recorded_at"),
        integers("seconds", "version"),
    )

    id: UUID = Field(default_factory=new_ordered_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")  # who pays: vendor or lab
    project_id: UUID | None = Field(default=None, foreign_key="project.id")
    assignment_id: UUID | None = Field(default=None, foreign_key="assignment.id")
    kind: str = Field(max_length=20)
    version: int = Field(default=1)
    seconds: int
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class ReplayedRequest(SQLModel, table=True):
    """What a request with this key did, so that a retry does nothing twice (R3)."""

    __tablename__ = "replayed_request"
    __table_args__ = (KEPT_BY_KEY,)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(max_length=64, primary_key=True)
    stage: str = Field(max_length=8, primary_key=True)
    request_hash: str = Field(max_length=64)
    outcome: str = Field(default="", sa_type=sa.Text)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
