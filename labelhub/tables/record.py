"""The append-only record: one chain of events per person and organisation (R5)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id
from labelhub.tables.columns import KEPT_BY_KEY, UtcDateTime, integers


class Chain(SQLModel, table=True):
    """The end of one chain; advanced under the person's turn."""

    __tablename__ = "chain"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "person_id"),
        sa.Index(
            "uq_chain_organisation", "organisation_id", unique=True,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        ),
        integers("seq"),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    seq: int = Field(default=0, sa_type=sa.BigInteger)
    head: str = Field(max_length=64)


class Event(SQLModel, table=True):
    """One change of working conditions. `commitment` hides what `EventPayload` says."""

    __tablename__ = "event"
    __table_args__ = (integers("seq"), KEPT_BY_KEY)

    chain_id: UUID = Field(foreign_key="chain.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(max_length=40)
    gate_time: datetime = Field(sa_type=UtcDateTime)
    wall_time: datetime = Field(sa_type=UtcDateTime)
    prev: str = Field(max_length=64)
    commitment: str = Field(max_length=64)


class EventPayload(SQLModel, table=True):
    """What happened, and the salt of its commitment; erasable without breaking the chain."""

    __tablename__ = "event_payload"
    __table_args__ = (
        sa.ForeignKeyConstraint(["chain_id", "seq"], ["event.chain_id", "event.seq"]),
        KEPT_BY_KEY,
    )

    chain_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=sa.BigInteger)
    salt: str = Field(max_length=64)
    payload: str = Field(sa_type=sa.Text)
