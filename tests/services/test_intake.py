"""A file becomes items: all of it, or nothing; once; screened; shown as it was rendered."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from labelhub.domain.imports import BatchState
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.services import intake
from labelhub.store.database import Database
from labelhub.store.import_turns import import_turn
from tests.support.importing import (
    PLAIN,
    comparison,
    import_rows,
    make_project,
    rows_of,
    states,
    stored,
    write_rows,
)
from tests.support.world import World, lay_world
from tests.worlds import HandClock


def test_a_good_file_is_served_whole(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock, overlap=3)
    file = write_rows(tmp_path / "rows.jsonl", (comparison(n) for n in range(7)))

    batch = import_rows(database, project, file, clock)

    assert (batch.state, batch.rows, batch.added) == (BatchState.COMPLETE, 7, 7)
    assert batch.ended_at == clock.now()
    assert states(database) == {"ready": 7}
    assert stored(database) == (7, 7, 0, 0, 0)
    assert rows_of(database, "SELECT DISTINCT overlap, tier, severity, taken_count FROM item") == [
        (3, 0, 0, 0)
    ]


def test_the_text_is_kept_as_it_came_and_as_it_is_shown(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    row = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Is *this* fine?"},
        ],
        "responses": [
            {"text": "**Yes**", "model": "model-a"},
            {"text": "<b>No</b>", "model": "model-b"},
        ],
    }

    import_rows(database, project, write_rows(tmp_path / "rows.jsonl", [row]), clock)

    [(payload, shown, models)] = rows_of(
        database,
        "SELECT payload, shown, models FROM content JOIN item ON item.id = content.item_id",
    )
    assert json.loads(payload) == {
        "prompt": [["system", "Be brief."], ["user", "Is *this* fine?"]],
        "completions": [[["assistant", "**Yes**"]], [["assistant", "<b>No</b>"]]],
    }
    html = json.loads(shown)
    assert html["prompt"][1] == ["user", "<p>Is <em>this</em> fine?</p>\n"]
    assert "<strong>Yes</strong>" in html["completions"][0]
    assert "&lt;b&gt;" in html["completions"][1]
    assert json.loads(models) == ["model-a", "model-b"]
    assert "model-" not in payload + shown


def test_one_bad_row_refuses_the_whole_file(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    rows = [comparison(n) for n in range(1_100)]
    rows[1_050]["response_2"] = ""

    batch = import_rows(database, project, write_rows(tmp_path / "rows.jsonl", rows), clock)

    assert batch.state is BatchState.REFUSED
    assert (batch.rows, batch.added, batch.refused) == (1_100, 0, 1)
    assert stored(database) == (0, 0, 0, 0, 0)
    assert rows_of(database, "SELECT line, field, reason FROM import_problem") == [
        (1_051, "response_2", "is empty")
    ]


def test_good_rows_are_kept_where_that_was_asked(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    rows = [comparison(1), "{broken", comparison(2)]

    batch = import_rows(
        database,
        project,
        write_rows(tmp_path / "rows.jsonl", rows),
        clock,
        replace(PLAIN, keep_good=True),
    )

    assert (batch.state, batch.added, batch.refused) == (BatchState.COMPLETE, 2, 1)
    assert states(database) == {"ready": 2}
    [(line,)] = rows_of(database, "SELECT line FROM import_problem")
    assert line == 2


def test_a_file_without_one_good_row_is_refused_in_any_case(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [{"prompt": "a?", "response_1": "b"}])

    batch = import_rows(database, project, file, clock, replace(PLAIN, keep_good=True))

    assert batch.state is BatchState.REFUSED


def test_the_same_file_twice_adds_nothing(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    rows = [comparison(1), comparison(2), comparison(1, id="again")]
    file = write_rows(tmp_path / "rows.jsonl", rows)

    first = import_rows(database, project, file, clock)
    second = import_rows(database, project, file, clock)

    assert (first.added, first.known) == (2, 1)
    assert (second.state, second.added, second.known) == (BatchState.COMPLETE, 0, 3)
    assert stored(database) == (2, 2, 0, 0, 0)


def test_the_same_item_may_be_in_two_projects(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1)])
    for slug in ("one", "two"):
        batch = import_rows(database, make_project(database, world, clock, slug), file, clock)
        assert batch.added == 1


@pytest.mark.parametrize(
    ("in_file", "declared", "expected"),
    [
        ({"severity": "S1"}, None, (1, "column", 1)),
        ({"severity": 0}, Declared.S2, (0, "column", 0)),
        ({}, Declared.S2, (2, "declared", 2)),
        ({}, Declared.UNKNOWN, (None, "unknown", 3)),
        ({}, None, (None, None, None)),
    ],
)
def test_a_severity_is_on_record_with_its_source_or_the_item_is_never_served(
    sqlite_database: Database,
    clock: HandClock,
    tmp_path: Path,
    in_file: dict[str, object],
    declared: Declared | None,
    expected: tuple[object, ...],
) -> None:
    world = lay_world(sqlite_database, clock)
    project = make_project(
        sqlite_database, world, clock, max_severity=Severity.S3, content_notice="Hard texts."
    )
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1, **in_file)])

    import_rows(sqlite_database, project, file, clock, replace(PLAIN, severity=declared))

    [found] = rows_of(sqlite_database, "SELECT severity, severity_source, tier FROM item")
    assert found == expected


def test_unknown_is_at_least_s2(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1)])

    import_rows(database, project, file, clock, replace(PLAIN, severity=Declared.UNKNOWN))

    assert rows_of(database, "SELECT tier FROM item") == [(2,)]


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (comparison(1, severity="S2"), "severity", "is S2, and the project declares S1"),
        (comparison(1, hazards="hte;witchcraft"), "hazards", "'witchcraft', which is no category"),
        (
            {"prompt": "a?", "responses": ["b", "c", "d"]},
            "completions",
            "are 3; a preference project compares exactly two",
        ),
        (comparison(1, response_1="word " * 2_000), "text", "at S0 a display lasts 30 minutes"),
    ],
)
def test_what_a_project_cannot_take_is_refused_with_its_reason(
    sqlite_database: Database,
    clock: HandClock,
    tmp_path: Path,
    row: dict[str, object],
    field: str,
    said: str,
) -> None:
    world = lay_world(sqlite_database, clock)
    project = make_project(sqlite_database, world, clock, max_severity=Severity.S1)
    if field == "text":  # three texts, each within the bound of one text
        row["prompt"] = "ask " * 2_001
        row["response_2"] = "other " * 2_000

    import_rows(sqlite_database, project, write_rows(tmp_path / "r.jsonl", [row]), clock)

    [(line, found, reason)] = rows_of(
        sqlite_database, "SELECT line, field, reason FROM import_problem"
    )
    assert (line, found) == (1, field)
    assert said in reason


def test_categories_are_found_by_id_or_name(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1, hazards=["hte", "Privacy"])])

    import_rows(database, project, file, clock)

    assert rows_of(database, "SELECT category FROM item_hazard ORDER BY category") == [
        ("hte",),
        ("prv",),
    ]
    assert rows_of(database, "SELECT hazards FROM item") == [('["hte","prv"]',)]


def test_harm_takes_one_completion_or_more(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock, instrument=InstrumentName.HARM)
    rows = [{"prompt": "a?", "completion": "b"}, {"prompt": "a?", "responses": ["b", "c", "d"]}]

    batch = import_rows(database, project, write_rows(tmp_path / "r.jsonl", rows), clock)

    assert (batch.state, batch.added) == (BatchState.COMPLETE, 2)


def test_a_file_cut_off_in_the_middle_leaves_nothing(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    whole = "".join(json.dumps(comparison(n)) + "\n" for n in range(5_000)).encode()
    file = tmp_path / "rows.jsonl.gz"
    packed = gzip.compress(whole)
    file.write_bytes(packed[: len(packed) // 2])

    batch = import_rows(database, project, file, clock, replace(PLAIN, keep_good=True))

    assert batch.state is BatchState.REFUSED
    assert "rows.jsonl.gz" in batch.message
    assert stored(database) == (0, 0, 0, 0, 0)


def test_a_second_import_of_a_project_waits_for_the_first(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1)])

    with import_turn(database, project.id) as held:
        assert held
        with pytest.raises(intake.BusyImportError):
            import_rows(database, project, file, clock)

    assert rows_of(database, "SELECT count(*) FROM import_batch") == [(0,)]
    assert import_rows(database, project, file, clock).state is BatchState.COMPLETE
