"""The desk tests' one PostgreSQL database, emptied after each test."""

from tests.services.desk.conftest import desk_postgres, postgres_database

__all__ = ["desk_postgres", "postgres_database"]
