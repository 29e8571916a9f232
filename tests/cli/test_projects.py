"""`labelhub project`: making one from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from labelhub.cli import main

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
