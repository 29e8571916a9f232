"""One PostgreSQL database for all desk tests, emptied after each: making one takes longer."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support import databases

_MANY = 1000
"""Deleting so many looks up every reference to each; emptying the tables does not."""


@pytest.fixture(scope="session")
def desk_postgres(pg_server: str, pg_template: str) -> Iterator[Database]:
    name = f"labelhub_{uuid4().hex}"
    databases._administer(pg_server, f"CREATE DATABASE {name} TEMPLATE {pg_template}")
    database = Database(databases._named(pg_server, name))
    yield database
    database.dispose()
    databases._administer(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(desk_postgres: Database) -> Iterator[Database]:
    yield desk_postgres
    with desk_postgres.writing() as session:
        connection = session.connection()
        many = connection.execute(sa.select(sa.func.count()).select_from(metadata.tables["item"]))
        if many.scalar_one() > _MANY:
            connection.execute(sa.text("TRUNCATE item CASCADE"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
