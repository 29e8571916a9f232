"""Facts about the installation itself, and its hazard categories."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labelhub.tables.columns import UtcDateTime, integers


class Installation(SQLModel, table=True):
    """One row: what this database is."""

    __tablename__ = "installation"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        integers("minimum_gate_version", "epoch"),
    )

    id: int = Field(default=1, primary_key=True)
    demonstration: bool = Field(default=False)
    minimum_gate_version: int = Field(default=1)
    epoch: int = Field(default=1)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PolicySetting(SQLModel, table=True):
    """One tightening of the limits by one layer, as a document; the latest in effect counts."""

    __tablename__ = "policy_setting"
    __table_args__ = (
        sa.Index("ix_policy_setting_subject", "layer", "subject", "effective_at"),
        integers("id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    layer: str = Field(max_length=16)
    subject: str = Field(default="", max_length=36)
    document: str = Field(sa_type=sa.Text)
    committed_at: datetime = Field(sa_type=UtcDateTime)
    effective_at: datetime = Field(sa_type=UtcDateTime)
