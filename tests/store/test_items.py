"""Items in bulk: a step takes as many as it may, and finds them by an index."""

from pathlib import Path

import sqlalchemy as sa

from labelhub.domain.imports import ImportBatch
from labelhub.store import items
from labelhub.store.database import Database
from tests.support.importing import (
    comparison,
    import_rows,
    make_project,
    rows_of,
    states,
    write_rows,
)
from tests.support.world import World
from tests.worlds import HandClock


def brought_in(
    database: Database, world: World, clock: HandClock, folder: Path, many: int = 5
) -> ImportBatch:
    project = make_project(database, world, clock)
    file = write_rows(folder / "rows.jsonl", (comparison(n) for n in range(many)))
    return import_rows(database, project, file, clock)


def test_a_step_moves_no_more_than_it_may(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    batch = brought_in(database, world, clock, tmp_path)

    assert database.run(lambda session: items.hide(session, batch.id, 2)) == 2
    assert states(database) == {"ready": 3, "withdrawn": 2}
    assert database.run(lambda session: items.republish(session, batch.id, 9)) == 2
    assert states(database) == {"ready": 5}
    assert database.run(lambda session: items.publish(session, batch.id, 9)) == 0


def test_what_was_published_is_never_deleted(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    batch = brought_in(database, world, clock, tmp_path)

    with database.reading() as session:
        assert items.unpublished(session, batch.id, 100) == []


def test_positions_are_random_and_fit_the_column(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    brought_in(database, world, clock, tmp_path, many=64)

    positions = [row[0] for row in rows_of(database, "SELECT position FROM item ORDER BY line")]
    assert len(set(positions)) == 64
    assert all(0 <= position < 2**62 for position in positions)
    assert positions != sorted(positions)


def test_the_steps_of_publishing_use_the_index_of_the_batch(sqlite_database: Database) -> None:
    plan = _plan(
        sqlite_database,
        "UPDATE item SET state = 'ready' WHERE id IN"
        " (SELECT id FROM item WHERE batch_id = 'x' AND state IN ('rendered') LIMIT 1000)",
    )
    assert "ix_item_batch_id" in plan
    assert "SCAN item" not in plan


def test_known_items_are_found_by_the_unique_index(sqlite_database: Database) -> None:
    plan = _plan(
        sqlite_database,
        "SELECT id FROM item WHERE project_id = 'x' AND fingerprint IN ('a', 'b')",
    )
    assert "fingerprint=?" in plan
    assert "SCAN" not in plan


def _plan(database: Database, statement: str) -> str:
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text(f"EXPLAIN QUERY PLAN {statement}"))
        return "\n".join(str(row[-1]) for row in rows)
