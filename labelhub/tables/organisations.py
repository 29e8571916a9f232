"""Organisations, persons and the roles that join them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.domain.vocabulary import OrganisationKind, Role
from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, enumeration


class Organisation(SQLModel, table=True):
    """A lab or a vendor."""

    __tablename__ = "organisation"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=200)
    kind: OrganisationKind = Field(sa_type=enumeration(OrganisationKind, "organisation_kind"))
    created_at: datetime = Field(sa_type=UtcDateTime)


class Person(SQLModel, table=True):
    """One human being, whatever the number of roles."""

    __tablename__ = "person"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    country: str = Field(default="", max_length=2)
    zone: str = Field(default="UTC", max_length=64)
    earlier_zones: str = Field(
        default="{}", sa_type=sa.Text, sa_column_kwargs={"server_default": "{}"}
    )  # JSON: zone -> until which gate time its night still counts
    locale: str = Field(default="en", max_length=35)
    suspended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Membership(SQLModel, table=True):
    """A role of a person in an organisation, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.Index(
            "uq_membership_open",
            "person_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_membership_organisation_id", "organisation_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    organisation_id: UUID = Field(foreign_key="organisation.id")
    role: Role = Field(sa_type=enumeration(Role, "membership_role"))
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A link that makes one account, or one role, once. Only its hash is kept."""

    __tablename__ = "invitation"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    role: Role = Field(sa_type=enumeration(Role, "invitation_role"))
    email: str = Field(default="", max_length=254)
    token_hash: str = Field(max_length=64, unique=True)
    invited_by: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
