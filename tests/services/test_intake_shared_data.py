"""Every published file at hand comes in, or is refused for a reason that is stated."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from labelhub.domain.imports import BatchState, ImportOptions
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import InstrumentName
from labelhub.store.database import Database
from tests.support.importing import import_rows, make_project, rows_of, states
from tests.support.world import World, lay_world
from tests.worlds import HandClock

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PREFERENCE, HARM = InstrumentName.PREFERENCE, InstrumentName.HARM


@dataclass(frozen=True, slots=True)
class Expected:
    """What becomes of a file; counts as the file's own description gives them."""

    path: str
    instrument: InstrumentName
    added: int
    refused: int = 0
    ratings: int = 0
    state: str = "ready"
    why: str = ""


IMPORTED = (
    Expected("preference/hh_rlhf_harmless_base_mild.jsonl", PREFERENCE, 150, ratings=150),
    # 16 of 319 have an empty side; 33 show the texts of another item (export-formats.md, 4.6).
    Expected("preference/pandalm_testset_dev.json", PREFERENCE, 270, 16, 909, why="is empty"),
    Expected("preference/mt_bench_human_votes_q081-110.jsonl", PREFERENCE, 682, 0, 1_276,
             "votes_only"),
    Expected("preference/mt_bench_gpt4_votes_q081-110.jsonl", PREFERENCE, 900, 0, 900,
             "votes_only"),
    Expected("preference/chatbot_arena_votes_dev.jsonl", PREFERENCE, 2_998, 0, 2_998,
             "votes_only"),
    Expected("safety/xstest_v2_completions_mistralinstruct.csv", HARM, 228, 222, 456,
             why="withheld"),
    Expected("safety/xstest_v2_completions_mistralguard.csv", HARM, 248, 202, 496,
             why="withheld"),
)  # fmt: skip
REFUSED = (
    ("safety/convabuse_dev.csv", "ConvAbuse"),
    ("safety/crehate_ratings_dev.csv", "texts are not in it"),
    ("safety/crehate_raters_dev.csv", "no text to label"),
    ("safety/moderation_labels_dev.jsonl", "moderation labels without their texts"),
)
WHOLE = ImportOptions(severity=Declared.S0, with_ratings=True)


@pytest.fixture
def world(sqlite_database: Database, clock: HandClock) -> World:
    return lay_world(sqlite_database, clock)


def found(path: str) -> Path:
    file = DATA / path
    if not file.exists():
        pytest.skip(f"the published file {path} is not beside this checkout")
    return file


@pytest.mark.parametrize("expected", IMPORTED, ids=lambda expected: expected.path)
def test_a_published_file_comes_in_with_its_ratings(
    sqlite_database: Database, world: World, clock: HandClock, expected: Expected
) -> None:
    file = found(expected.path)
    project = make_project(sqlite_database, world, clock, instrument=expected.instrument)
    options = replace(WHOLE, keep_good=expected.refused > 0)

    batch = import_rows(sqlite_database, project, file, clock, options)

    assert (batch.state, batch.message) == (BatchState.COMPLETE, "")
    assert (batch.added, batch.refused, batch.ratings) == (
        expected.added,
        expected.refused,
        expected.ratings,
    )
    assert states(sqlite_database) == {expected.state: expected.added}
    reasons = rows_of(sqlite_database, "SELECT DISTINCT reason FROM import_problem")
    assert all(expected.why in reason for (reason,) in reasons)


@pytest.mark.parametrize("expected", IMPORTED, ids=lambda expected: expected.path)
def test_the_same_published_file_again_adds_nothing(
    sqlite_database: Database, world: World, clock: HandClock, expected: Expected
) -> None:
    file = found(expected.path)
    project = make_project(sqlite_database, world, clock, instrument=expected.instrument)
    options = replace(WHOLE, keep_good=True)

    import_rows(sqlite_database, project, file, clock, options)
    again = import_rows(sqlite_database, project, file, clock, options)

    assert (again.state, again.added, again.ratings) == (BatchState.COMPLETE, 0, 0)


@pytest.mark.parametrize(("path", "reason"), REFUSED)
def test_a_published_file_without_items_is_refused_for_its_reason(
    sqlite_database: Database, world: World, clock: HandClock, path: str, reason: str
) -> None:
    file = found(path)
    project = make_project(sqlite_database, world, clock, instrument=HARM)

    batch = import_rows(sqlite_database, project, file, clock, WHOLE)

    assert batch.state is BatchState.REFUSED
    assert reason in batch.message
    assert states(sqlite_database) == {}


def test_the_chatbots_turns_of_convabuse_come_in_by_naming_their_columns(
    sqlite_database: Database, world: World, clock: HandClock
) -> None:
    file = found("safety/convabuse_dev.csv")
    project = make_project(sqlite_database, world, clock, instrument=HARM)
    mapping = {"prompt": "prev_user", "completion": "agent"}
    options = ImportOptions("csv", mapping, Declared.S0, keep_good=True)

    batch = import_rows(sqlite_database, project, file, clock, options)

    assert batch.state is BatchState.COMPLETE
    assert states(sqlite_database) == {"ready": batch.added}
    assert 0 < batch.added < batch.added + batch.known + batch.refused == batch.rows == 5_404
    reasons = {row[0] for row in rows_of(sqlite_database, "SELECT reason FROM import_problem")}
    assert any("withheld" in reason for reason in reasons)


def test_every_file_of_the_two_folders_is_in_this_list() -> None:
    if not DATA.exists():
        pytest.skip("the published files are not beside this checkout")
    named = {each.path for each in IMPORTED} | {path for path, _ in REFUSED}
    there = {
        f"{folder}/{file.name}"
        for folder in ("preference", "safety")
        for file in (DATA / folder).iterdir()
    }
    assert there <= named
