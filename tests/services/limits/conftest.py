"""The office of these tests."""

import pytest

from labelhub.store.database import Database
from tests.services.limits.office import Office, open_office
from tests.support.world import World
from tests.worlds import HandClock


@pytest.fixture
def office(database: Database, world: World, clock: HandClock) -> Office:
    return open_office(database, world, clock)
