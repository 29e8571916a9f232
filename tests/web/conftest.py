"""Pages are tried on SQLite; what the engines could answer differently is tried on both."""

import pytest

from labelhub.store.database import Database


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_engines: tries a page on PostgreSQL as well")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    both = metafunc.definition.get_closest_marker("both_engines") is not None
    if both and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Database:
    """Return a migrated, empty database: SQLite unless the test asks for both engines."""
    kind = getattr(request, "param", "sqlite")
    found: Database = request.getfixturevalue(f"{kind}_database")
    return found
