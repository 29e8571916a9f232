"""Ratings that came in a file: by imported raters, with their batch, none of them lost."""

from dataclasses import replace
from pathlib import Path

from labelhub.domain.imports import BatchState, ImportOptions
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import InstrumentName
from labelhub.store.database import Database
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
from tests.support.world import World
from tests.worlds import HandClock

VOTES = ImportOptions(layout="mt-bench", with_ratings=True)
PANDALM = ImportOptions(layout="pandalm", with_ratings=True, severity=Declared.S0)
CHOICES = (
    "SELECT rater.name, rating.choice, rating.strength, rating.status FROM rating"
    " JOIN rater ON rater.id = rating.rater_id ORDER BY rater.name"
)


def vote(
    judge: str, winner: str, model_a: str = "alpha", model_b: str = "beta"
) -> dict[str, object]:
    return {
        "question_id": 81,
        "turn": 1,
        "judge": judge,
        "model_a": model_a,
        "model_b": model_b,
        "winner": winner,
    }


def pandalm(number: int, **more: object) -> dict[str, object]:
    return {
        "idx": number,
        "motivation_app": "",
        "cmp_key": "alpha_beta",
        "instruction": "Say hello.",
        "input": "",
        "response1": "Hello.",
        "response2": "Good day.",
        "annotator1": 1,
        "annotator2": 0,
        "annotator3": 2,
        **more,
    }


def test_votes_without_texts_hold_ratings_and_are_never_served(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    votes = [vote("expert_1", "model_a"), vote("author_2", "model_a", "beta", "alpha")]
    file = write_rows(tmp_path / "votes.jsonl", votes)

    batch = import_rows(database, project, file, clock, VOTES)

    assert (batch.state, batch.added, batch.ratings) == (BatchState.COMPLETE, 1, 2)
    assert states(database) == {"votes_only": 1}
    assert stored(database) == (1, 0, 0, 2, 0)
    assert rows_of(database, CHOICES) == [
        ("imported:author_2", "second", 1, "imported"),
        ("imported:expert_1", "first", 1, "imported"),
    ]
    assert rows_of(database, "SELECT accepted_count, taken_count FROM item") == [(0, 0)]


def test_a_second_import_of_votes_adds_none(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "votes.jsonl", [vote("expert_1", "tie")])

    import_rows(database, project, file, clock, VOTES)
    again = import_rows(database, project, file, clock, VOTES)

    assert (again.added, again.known, again.ratings) == (0, 1, 0)
    assert stored(database) == (1, 0, 0, 1, 0)


def test_without_being_asked_no_rating_comes_in(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [pandalm(1)])

    batch = import_rows(database, project, file, clock, replace(PANDALM, with_ratings=False))

    assert (batch.added, batch.ratings) == (1, 0)
    assert stored(database)[3:] == (0, 0)


def test_what_a_judge_said_of_the_same_texts_elsewhere_in_the_file_is_kept_apart(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    turned = pandalm(2, cmp_key="beta_alpha", response1="Good day.", response2="Hello.")
    file = write_rows(tmp_path / "rows.jsonl", [pandalm(1), turned])

    batch = import_rows(database, project, file, clock, PANDALM)

    assert (batch.added, batch.known, batch.ratings) == (1, 1, 6)
    found = {name: choice for name, choice, _, _ in rows_of(database, CHOICES)}
    assert found == {
        "imported:annotator1": "first",
        "imported:annotator1 (2)": "second",  # the first of the turned row is the item's second
        "imported:annotator2": "tie",
        "imported:annotator2 (2)": "tie",
        "imported:annotator3": "second",
        "imported:annotator3 (2)": "first",
    }


def test_ratings_of_a_refused_file_are_gone_with_it(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    rows = [pandalm(n, response1=f"Hello {n}.") for n in range(1_100)]
    rows[-1]["annotator2"] = 7

    batch = import_rows(database, project, write_rows(tmp_path / "r.jsonl", rows), clock, PANDALM)

    assert batch.state is BatchState.REFUSED
    assert stored(database) == (0, 0, 0, 0, 0)


def test_ratings_reach_an_item_that_was_there_before(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    before = {"prompt": "Say hello.", "response_1": "Good day.", "response_2": "Hello."}
    import_rows(database, project, write_rows(tmp_path / "a.jsonl", [before]), clock, PLAIN)

    file = write_rows(tmp_path / "b.jsonl", [pandalm(1)])
    batch = import_rows(database, project, file, clock, PANDALM)

    assert (batch.added, batch.known, batch.ratings) == (0, 1, 3)
    assert rows_of(database, CHOICES)[0][:2] == ("imported:annotator1", "second")


def test_ratings_of_another_instrument_are_refused(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock, instrument=InstrumentName.HARM)
    file = write_rows(tmp_path / "rows.jsonl", [pandalm(1), comparison(1)])

    batch = import_rows(database, project, file, clock, PANDALM)

    assert batch.state is BatchState.REFUSED
    [(reason,)] = rows_of(database, "SELECT reason FROM import_problem WHERE field = 'ratings'")
    assert "harm" in reason
