"""What surrounds the gate: loosenings that wait, incidents, check-ins, carried records, looks."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, integers


class LimitRequest(SQLModel, table=True):
    """A loosening somebody asked for: it waits, and takes a second yes (L-20)."""

    __tablename__ = "limit_request"
    __table_args__ = (
        sa.Index("ix_limit_request_subject", "layer", "subject", "decided_at"),
        sa.CheckConstraint("decision IN ('confirmed','withdrawn')", name="decision"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    layer: str = Field(max_length=16)
    subject: str = Field(default="", max_length=64)  # as in policy_setting
    document: str = Field(sa_type=sa.Text)  # a partial policy: only what would be loosened
    asked_by: UUID | None = Field(default=None, foreign_key="person.id")  # None: the operator
    asked_at: datetime = Field(sa_type=UtcDateTime)
    ripe_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decision: str | None = Field(default=None, max_length=10)


class Incident(SQLModel, table=True):
    """An item that was stopped for everyone. Who found it is not kept here (P-5)."""

    __tablename__ = "incident"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "item_id"], ["item.organisation_id", "item.id"]
        ),
        sa.Index(
            "uq_incident_open", "item_id", unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_incident_organisation_id", "organisation_id", "opened_at"),
        sa.CheckConstraint("outcome IN ('prohibited','served_again')", name="outcome"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")  # the lab's
    project_id: UUID = Field(foreign_key="project.id")
    item_id: UUID
    kind: str = Field(max_length=20)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="person.id")
    outcome: str | None = Field(default=None, max_length=16)
    reason: str = Field(default="", max_length=1_000)


class CheckIn(SQLModel, table=True):
    """The vault: an answer that its labeler alone can read. Nothing else points here (P-4)."""

    __tablename__ = "check_in"
    __table_args__ = (sa.Index("ix_check_in_owner", "owner"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    owner: str = Field(max_length=64)  # a keyed hash of the person, not their id
    sealed: str = Field(sa_type=sa.Text)  # when and what, encrypted


class CheckInPrompt(SQLModel, table=True):
    """When a labeler was last asked; the same whether they answered or not."""

    __tablename__ = "check_in_prompt"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    prompted_at: datetime = Field(sa_type=UtcDateTime)


class CarriedRecord(SQLModel, table=True):
    """A record of another installation that a labeler brought with them."""

    __tablename__ = "carried_record"
    __table_args__ = (sa.UniqueConstraint("person_id", "digest"), integers("exposures"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    digest: str = Field(max_length=64)
    issuer: str = Field(max_length=100)  # the installation's public key
    issued_at: datetime = Field(sa_type=UtcDateTime)
    carried_at: datetime = Field(sa_type=UtcDateTime)
    exposures: int


class CarriedCharge(SQLModel, table=True):
    """A charge of a carried record: it counts in every window, beside the person's own."""

    __tablename__ = "carried_charge"
    __table_args__ = (
        sa.Index("ix_carried_charge_window", "person_id", "hidden_at"),
        integers("number", "severity", "active_s", "charge_ps"),
    )

    record_id: UUID = Field(foreign_key="carried_record.id", primary_key=True)
    number: int = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    hidden_at: datetime = Field(sa_type=UtcDateTime)
    severity: int
    active_s: int
    charge_ps: int = Field(sa_type=sa.BigInteger)


class RecordLook(SQLModel, table=True):
    """Somebody else looked at what is held about a person: theirs to know (D.7)."""

    __tablename__ = "record_look"
    __table_args__ = (sa.Index("ix_record_look_person_id", "person_id", "looked_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    by_person_id: UUID | None = Field(default=None, foreign_key="person.id")
    what: str = Field(max_length=40)
    looked_at: datetime = Field(sa_type=UtcDateTime)
