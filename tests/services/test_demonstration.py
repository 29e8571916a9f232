"""The demonstration: laid by the product's own services, rested at every hour, mild for anybody."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labelhub.services import demonstration_laying, offers
from labelhub.services.demonstration_history import BEGAN, ENDED, PastClock, live_through
from labelhub.services.demonstration_laying import Laid
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import HandClock


def lay(database: Database, clock: HandClock, tmp_path: Path) -> tuple[Laid, int]:
    past = PastClock(clock, BEGAN)
    laid = demonstration_laying.lay(database, past, tmp_path / "uploads")
    return laid, live_through(database, laid, past)


def test_the_demonstration_has_people_projects_items_and_a_history(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    laid, rated = lay(database, clock, tmp_path)

    assert len(laid.labelers) == 12
    assert laid.slugs == ("helpfulness", "harm", "multi-turn")
    assert rated > 100
    tables = metadata.tables
    with database.reading() as session:
        items = (
            session.connection()
            .execute(sa.select(sa.func.count(), sa.func.max(tables["item"].c.tier)))
            .one()
        )
        newest = (
            session.connection()
            .execute(sa.select(sa.func.max(tables["rating"].c.rated_at)))
            .scalar_one()
        )
    assert tuple(items) == (144, 1)
    assert newest <= clock.now() - ENDED


@pytest.mark.parametrize("hour", range(24))
def test_a_labeler_finds_open_work_at_every_hour(
    sqlite_database: Database, clock: HandClock, tmp_path: Path, hour: int
) -> None:
    clock.pass_(timedelta(hours=hour))
    laid, _ = lay(sqlite_database, clock, tmp_path)

    with sqlite_database.reading() as session:
        for person in laid.labelers.values():
            start = offers.for_labeler(session, person, clock)
            assert any(offer.waiting for offer in start.offers), start
