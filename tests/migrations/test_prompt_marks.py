"""The marks of prompts that are there already are those that import would have given."""

from pathlib import Path

from labelhub.store import migrations
from labelhub.store.database import Database
from tests.support.importing import import_rows, make_project, rows_of, write_rows
from tests.support.world import World
from tests.worlds import HandClock

PROMPTS = (
    [("user", "How long do I boil an egg?")],
    [("user", "ＨＯＷ  long\tStraße 👋")],
    [("system", "Be brief."), ("user", "How long?")],
    [("user", "Hello"), ("assistant", "Good day."), ("user", "How long?")],
)
MARKS = "SELECT external_id, prompt_mark FROM item ORDER BY external_id"


def test_the_migration_marks_what_is_there_as_import_does(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    rows = [
        {
            "id": f"i{place}",
            "prompt": [{"role": role, "content": text} for role, text in prompt],
            "responses": [{"text": f"one {place}"}, {"text": f"two {place}"}],
        }
        for place, prompt in enumerate(PROMPTS)
    ]
    import_rows(database, project, write_rows(tmp_path / "r.jsonl", rows), clock)
    given = rows_of(database, MARKS)

    migrations.downgrade(database, "20261122_desk_indexes")
    migrations.upgrade(database)

    assert rows_of(database, MARKS) == given
    assert [bool(mark) for _, mark in given] == [True, True, False, True]
    assert len({mark for _, mark in given}) == len(PROMPTS)
