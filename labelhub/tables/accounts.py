"""How people prove who they are: passwords, second factors, sign-ins, throttles."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.identifiers import new_id
from labelhub.tables.columns import UtcDateTime, integers


class Credential(SQLModel, table=True):
    """The argon2id hash of a person's password."""

    __tablename__ = "credential"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    password_hash: str = Field(max_length=255)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class SecondFactor(SQLModel, table=True):
    """A time-based code (RFC 6238); `last_step` makes each code work once."""

    __tablename__ = "second_factor"
    __table_args__ = (integers("last_step"),)

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    secret: str = Field(max_length=64)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = Field(default=0, sa_type=sa.BigInteger)


class RecoveryCode(SQLModel, table=True):
    """A code that replaces the second factor once."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasswordReset(SQLModel, table=True):
    """A link that lets a person choose a new password, once. Only its hash is kept."""

    __tablename__ = "password_reset"
    __table_args__ = (sa.Index("ix_password_reset_person_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    token_hash: str = Field(max_length=64, unique=True)
    made_by: UUID | None = Field(default=None, foreign_key="person.id")  # None: the operator
    second_factor: bool = Field(default=False)  # the present factor goes when it is used
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """A server-side session of a browser. Only the hash of its token is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index("ix_sign_in_person_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    token_hash: str = Field(max_length=64, unique=True)
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    browser: str = Field(default="", max_length=200)


class Throttle(SQLModel, table=True):
    """Attempts counted in one window for one key (an account or a source), for all workers."""

    __tablename__ = "throttle"
    __table_args__ = (integers("attempts"),)

    key: str = Field(max_length=160, primary_key=True)
    window_start: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    attempts: int = Field(default=0)
