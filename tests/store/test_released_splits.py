"""Splits are kept for good; only a merge changes one."""

from labelhub.domain.release.rated import Split
from labelhub.store import projects, released_splits
from labelhub.store.database import Database
from tests.worlds import HandClock, lay_desk


def test_new_splits_are_added_and_changed_ones_replaced(
    database: Database, clock: HandClock
) -> None:
    desk = lay_desk(database, clock)
    with database.reading() as session:
        project = projects.get_by_slug(session, (desk.lab,), desk.slug)
    for changed in ({"a": Split.TEST, "b": Split.TRAIN}, {"a": Split.TRAIN, "c": Split.TEST}, {}):
        database.run(
            lambda s, kept=changed: released_splits.keep_splits(s, project, kept, clock.now())
        )

    with database.reading() as session:
        kept = released_splits.splits(session, project)
    assert kept == {"a": Split.TRAIN, "b": Split.TRAIN, "c": Split.TEST}
