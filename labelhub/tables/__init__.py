"""Tables: columns and constraints, no behaviour. Importing this package registers them all."""

from sqlmodel import SQLModel

# Batch migrations need every constraint to have a name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

from labelhub.tables import (  # noqa: E402 the convention must be set before the first table
    accounts,
    content,
    gate,
    installation,
    intake,
    items,
    organisations,
    projects,
    ratings,
    record,
    releases,
    welfare,
    work,
)

metadata = SQLModel.metadata

__all__ = [
    "accounts",
    "content",
    "gate",
    "installation",
    "intake",
    "items",
    "metadata",
    "organisations",
    "projects",
    "ratings",
    "record",
    "releases",
    "welfare",
    "work",
]
