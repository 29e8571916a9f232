"""What a release asks of its database: few statements, and rows found by indexes."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.services import releases
from labelhub.services.releases import Wanted
from labelhub.store.database import Database
from tests.services.test_releases import rate_everything
from tests.worlds import Desk, HandClock, add_items, lay_desk

Asked = list[tuple[str, Any]]


def statements_of_a_release(
    database: Database, desk: Desk, form: Format, folder: Path, clock: HandClock
) -> Asked:
    """Make a release, and return what its snapshot was asked."""
    asked: Asked = []

    def note(_c: object, _u: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    spec = ReleaseSpec("r", form, bytes(32), clock.now(), FileType.JSONL)
    sa.event.listen(database.reader, "before_cursor_execute", note)
    try:
        wanted = Wanted(desk.slug, spec, folder, compare=False)
        releases.build(database, (desk.lab,), wanted, None, clock.now())
    finally:
        sa.event.remove(database.reader, "before_cursor_execute", note)
    return asked


@pytest.mark.parametrize("form", [Format.TRL_PREFERENCE, Format.RAW])
def test_a_page_of_items_is_found_by_indexes(
    sqlite_database: Database, clock: HandClock, tmp_path: Path, form: Format
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=3, items=[0] * 8)
    rate_everything(sqlite_database, desk, clock)

    asked = statements_of_a_release(sqlite_database, desk, form, tmp_path / "r", clock)

    pages = [(text, values) for text, values in asked if "json_each" in text]
    assert len(pages) == 3, "texts of unmarked prompts, then texts and ratings of the page"
    with sqlite_database.reading() as session:
        for text, values in pages:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            steps = [row[3] for row in plan]
            assert any(step.startswith("SEARCH") for step in steps)
            assert not [step for step in steps if step.startswith(("SCAN item", "SCAN rating"))]
            assert not [step for step in steps if "SCAN content" in step or "ORDER BY" in step]


def test_more_items_of_a_page_ask_no_more_statements(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=3, items=[0] * 3)
    numbers = []
    for name, more in (("few", 0), ("many", 15)):
        add_items(sqlite_database, desk, [0] * more, overlap=3, clock=clock)
        rate_everything(sqlite_database, desk, clock)
        folder = tmp_path / name
        asked = statements_of_a_release(sqlite_database, desk, Format.TRL_PREFERENCE, folder, clock)
        numbers.append(len(asked))
        rows = (folder / "data").rglob("*.jsonl")
        assert sum(len(file.read_bytes().splitlines()) for file in rows) == 3 + more

    assert numbers[0] == numbers[1] < 20
