"""`labelhub plan`: days inside the limits from the command line, and what a bad file is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labelhub.cli import main
from labelhub.domain.planning.team_file import SCHEMA

Run = Callable[..., Result]
GROUP = {
    "name": "day", "people": 2, "days_with_exposure": 60, "from": "09:00", "hours_a_day": 8,
    "days": ["mon", "tue", "wed", "thu", "fri"], "agrees_to": ["S2"],
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def go(*words: object) -> Result:
        return CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *map(str, words)])

    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        "".join(
            json.dumps(
                {"prompt": f"Question {n}?", "response_1": f"One {n}.", "response_2": f"Two {n}."}
            )
            + "\n"
            for n in range(30)
        )
    )
    for words in (
        ("init",),
        ("organisation", "add", "acme", "--kind", "lab"),
        ("project", "create", "pilot", "--instrument", "preference", "--overlap", 2),
        ("project", "create", "bare", "--instrument", "preference"),
        ("import", rows, "--project", "pilot", "--layout", "jsonl", "--severity", "S0"),
    ):
        result = go(*words)
        assert result.exit_code == 0, result.output
    return go


def file_of(tmp_path: Path, document: Any) -> Path:
    path = tmp_path / "team.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def team(**changed: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "groups": [{**GROUP, **changed}]}


def test_a_plan_is_told_in_words_and_for_programs(run: Run, tmp_path: Path) -> None:
    words = ("plan", "pilot", "--team", file_of(tmp_path, team()))

    told = run(*words, "--runs", 5)
    assert told.exit_code == 0, told.output
    assert "pilot: 60 ratings, 2 people, 5 runs, seed 1" in told.stdout
    assert "precautionary; no study has established a safe level" in told.stdout

    found = json.loads(run(*words, "--seed", 4, "--json").stdout)
    assert (found["ratings"], found["seed"], found["runs"]) == (60, 4, 9)
    days = found["days"]
    assert 0 < days["low"] <= days["median"] <= days["high"] < 1
    assert found["tiers"]["S0"]["left"] == 0
    assert [each["change"] for each in found["changes"]] == ["person", "mild"]
    assert found == json.loads(run(*words, "--seed", 4, "--json").stdout)


def test_what_does_not_end_is_said_plainly(run: Run, tmp_path: Path) -> None:
    told = run("plan", "pilot", "--team", file_of(tmp_path, team(people=1)), "--runs", 3)

    assert told.exit_code == 0, told.output
    assert "S0: never: 30 are left" in told.stdout


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "line 1, column 2"),
        ('{"schema":\n "labelhub-team-v1",,}', "line 2, column 21"),
        ('{"schema": "a", "schema": "b"}', "schema: named twice"),
        (team(hours_a_day=480), "groups[0].hours_a_day: 480; write a number of hours"),
        (team(people=-1), "groups[0].people: -1; write a whole number of people, 1 to 500"),
        (team(pepole=2), "groups[0]: pepole unknown"),
        ('{"schema": NaN}', "NaN is no number"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "5000 digits; write a smaller one"),
    ],
)
def test_a_bad_team_file_is_refused_with_place_and_remedy(
    run: Run, tmp_path: Path, document: Any, said: str
) -> None:
    result = run("plan", "pilot", "--team", file_of(tmp_path, document))

    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_other_slips_are_refused(run: Run, tmp_path: Path) -> None:
    good = file_of(tmp_path, team())
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe")

    for words, said, code in (
        (("plan", "nowhere", "--team", good), "there is no project nowhere", 1),
        (("plan", "bare", "--team", good), "nothing is left to rate", 1),
        (("plan", "pilot", "--team", binary), "not UTF-8", 1),
        (("plan", "pilot", "--team", tmp_path / "none.json"), "none.json", 2),
        (("plan", "pilot", "--team", good, "--runs", 0), "--runs", 2),
        (("plan", "pilot"), "--team", 2),
    ):
        result = run(*words)
        assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
