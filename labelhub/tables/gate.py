"""What the gate decides from: gate time, each person's turn and state, charges, choices."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import OptOutScope
from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, enumeration, integers


class GateClock(SQLModel, table=True):
    """One row: gate time, and what it was read from (safety-case.md, R4)."""

    __tablename__ = "gate_clock"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        integers("boottime_us", "epoch"),
    )

    id: int = Field(default=1, primary_key=True)
    gate_time: datetime = Field(sa_type=UtcDateTime)
    wall: datetime = Field(sa_type=UtcDateTime)
    boot_id: str = Field(max_length=80)
    boottime_us: int = Field(sa_type=sa.BigInteger)
    synchronised: bool = Field(default=False)
    verified: bool = Field(default=True)
    epoch: int = Field(default=1)


class PersonGate(SQLModel, table=True):
    """A person's turn: every showing and every change of their limits updates it first (R2)."""

    __tablename__ = "person_gate"
    __table_args__ = (integers("turn"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    turn: int = Field(default=0, sa_type=sa.BigInteger)
    state: str = Field(default="{}", sa_type=sa.Text)  # domain.welfare's compact state, as JSON


class Charge(SQLModel, table=True):
    """The dose of one exposure, appended when it was hidden.

    Running sums make every rolling window two index look-ups, however long the history.
    """

    __tablename__ = "charge"
    __table_args__ = (
        sa.Index("ix_charge_window", "person_id", "hidden_at", "seq"),
        integers(
            "seq", "severity", "active_s", "charge_ps",
            "cumulative_ps", "cumulative_s4", "cumulative_active_s",
        ),
    )  # fmt: skip

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    exposure_id: UUID = Field(foreign_key="exposure.id", unique=True)
    hidden_at: datetime = Field(sa_type=UtcDateTime)
    severity: int
    active_s: int
    charge_ps: int = Field(sa_type=sa.BigInteger)
    cumulative_ps: int = Field(sa_type=sa.BigInteger)
    cumulative_s4: int = Field(sa_type=sa.BigInteger)
    cumulative_active_s: int = Field(sa_type=sa.BigInteger)


class OptOut(SQLModel, table=True):
    """A labeler's choice not to see something; no reason is asked or stored."""

    __tablename__ = "opt_out"
    __table_args__ = (sa.Index("ix_opt_out_person_id", "person_id", "ended_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    scope: OptOutScope = Field(sa_type=enumeration(OptOutScope, "opt_out_scope"))
    subject: str = Field(max_length=64)  # item or project id, category id, severity, or ""
    started_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Consent(SQLModel, table=True):
    """A labeler's yes to a severity, which expires (L-19)."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.Index("ix_consent_person_id", "person_id", "severity"),
        integers("severity"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    severity: int
    preview_version: str = Field(
        default="", sa_type=sa.String(64).with_variant(sa.String(100), "postgresql")
    )  # slug:version:severity; SQLite keeps any length, so there its column stayed as it was
    given_at: datetime = Field(sa_type=UtcDateTime)
    effective_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RestBreak(SQLModel, table=True):
    """A break a labeler started themselves; due breaks need no row, they follow from gaps."""

    __tablename__ = "rest_break"
    __table_args__ = (
        sa.Index(
            "uq_rest_break_open", "person_id", unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_rest_break_person_id", "person_id", "ended_at"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=20)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Declaration(SQLModel, table=True):
    """The answer at half of the daily dose (L-06): a choice only, no reason, no state of health."""

    __tablename__ = "declaration"
    __table_args__ = (
        sa.Index("ix_declaration_person_id", "person_id", "declared_at"),
        sa.CheckConstraint("choice IN ('continue','stop')", name="choice"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    choice: str = Field(max_length=8)
    declared_at: datetime = Field(sa_type=UtcDateTime)
