"""`labelhub project`: making one from the command line."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from labelhub.cli import main
from labelhub.domain.welfare.policy_file import SCHEMA

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def go(*words: object) -> Result:
        return CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *map(str, words)])

    assert go("init").exit_code == 0
    assert go("organisation", "add", "acme", "--kind", "lab").exit_code == 0
    assert go("organisation", "add", "fair", "--kind", "vendor").exit_code == 0
    return go


def test_a_project_is_made_opened_and_given_new_guidelines(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "guidelines.md"
    text.write_text("# Read both", encoding="utf-8")
    words = ("project", "create", "pilot", "--instrument", "preference", "--overlap", 3)

    made = run(*words, "--guidelines", text, "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["slug"] == "pilot"
    assert run("project", "open", "pilot", "--to", "fair").exit_code == 0
    text.write_text("# Read both twice", encoding="utf-8")
    assert "version 2" in run("project", "guidelines", "pilot", text).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "No Spaces", "--instrument", "harm"), "slug must be small letters"),
        (("create", "p", "--instrument", "harm", "--max-severity", "S3"), "--notice"),
        (("create", "p", "--instrument", "ranking"), "ranking"),
        (("create", "p", "--instrument", "harm", "--organisation", "fair"), "labs: "),
        (("create", "p", "--instrument", "harm", "--language", "a b"), "language"),
        (("open", "pilot", "--to", "fair"), "there is no project pilot"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run("project", *words)

    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_short_name_is_taken_once(run: Run) -> None:
    words = ("project", "create", "pilot", "--instrument", "harm")
    assert run(*words).exit_code == 0

    assert "taken" in run(*words).stderr


def shown(tmp_path: Path, what: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(tmp_path / "data" / "labelhub.db")) as connection:
        return tuple(connection.execute(what).fetchone())


def file_of(tmp_path: Path, document: object) -> Path:
    path = tmp_path / f"{uuid4().hex}.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def tighter(**points: int) -> dict[str, object]:
    values = {name: {"value": value, "unit": "points"} for name, value in points.items()}
    return {"schema": SCHEMA, "limits": values}


OWN = [
    {"id": "rude", "name": "Rudeness", "definition": "Unkind words."},
    {"id": "wrong", "name": "Wrong advice"},
]


def test_a_project_is_made_with_everything_that_the_page_asks(run: Run, tmp_path: Path) -> None:
    made = run(
        "project", "create", "pilot", "--instrument", "harm",
        "--pay", "12.40 EUR an hour, for all time", "--summary", "Two answers each.",
        "--hazards", file_of(tmp_path, OWN), "--limits", file_of(tmp_path, tighter(dose_hour=90)),
    )  # fmt: skip

    assert made.exit_code == 0, made.output
    assert shown(tmp_path, "SELECT pay_note, summary FROM project") == (
        "12.40 EUR an hour, for all time", "Two answers each.",
    )  # fmt: skip
    [hazards] = shown(tmp_path, "SELECT hazards FROM project")
    assert [kind["id"] for kind in json.loads(str(hazards))] == ["rude", "wrong"]
    [document] = shown(tmp_path, "SELECT document FROM policy_setting")
    assert json.loads(str(document))["limits"]["dose_hour"]["value"] == 90


def test_a_project_changes_in_what_is_named_and_in_nothing_else(run: Run, tmp_path: Path) -> None:
    run("project", "create", "pilot", "--instrument", "harm", "--pay", "12.40 EUR", "--overlap", 2)

    changed = run(
        "project", "set", "pilot", "--title", "Second pilot", "--overlap", 4,
        "--limits", file_of(tmp_path, tighter(dose_hour=90)), "--json",
    )  # fmt: skip

    assert changed.exit_code == 0, changed.output
    assert json.loads(changed.stdout)["changed"] == ["title", "overlap", "limits"]
    assert shown(tmp_path, "SELECT title, overlap, pay_note, veil_tier FROM project") == (
        "Second pilot", 4, "12.40 EUR", 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("option", "document", "said"),
    [
        ("--hazards", "not json", "line 1: is not JSON"),
        ("--hazards", {"kinds": []}, "is not a list of"),
        ("--hazards", [{"id": "Bad Id", "name": "x"}], "Bad Id"),
        ("--hazards", OWN, "cannot be removed"),
        ("--limits", [1], "is not a JSON object"),
        ("--limits", {"schema": "other"}, "schema"),
        ("--limits", {"schema": SCHEMA, "limits": {"nonsense": 1}}, "nonsense"),
        ("--limits", tighter(dose_hour=9_999), "ceiling"),
        ("--limits", tighter(dose_hour=300), "dose_hour: in force is 100 points"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_changes(
    run: Run, tmp_path: Path, option: str, document: object, said: str
) -> None:
    first = file_of(tmp_path, tighter(dose_hour=100))
    run("project", "create", "pilot", "--instrument", "harm", "--limits", first)
    before = shown(tmp_path, "SELECT title, hazards, (SELECT count(*) FROM event) FROM project")

    refused = run("project", "set", "pilot", "--title", "New", option, file_of(tmp_path, document))

    assert refused.exit_code == 1
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    after = shown(tmp_path, "SELECT title, hazards, (SELECT count(*) FROM event) FROM project")
    assert after == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "pilot"), "name something to change"),
        (("set", "nowhere", "--title", "x"), "there is no project nowhere"),
        (("set", "pilot", "--veil", "S2", "--no-veil"), "exclude each other"),
        (("set", "pilot", "--max-severity", "S3"), "--notice"),
    ],
)
def test_a_change_that_cannot_be_made_is_told_in_one_line(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    run("project", "create", "pilot", "--instrument", "harm")

    result = run("project", *words)

    assert result.exit_code in {1, 2}
    assert said in result.stderr
