"""`labelhub limits`: what holds is shown, what is stricter holds, nothing loosens."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from labelhub.cli import main
from labelhub.domain.welfare.policy import bounds
from labelhub.domain.welfare.policy_file import SCHEMA

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def go(*words: object) -> Result:
        return CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *map(str, words)])

    assert go("init").exit_code == 0
    assert go("organisation", "add", "acme", "--kind", "lab").exit_code == 0
    assert go("organisation", "add", "fair", "--kind", "vendor").exit_code == 0
    assert go("project", "create", "pilot", "--instrument", "preference").exit_code == 0
    return go


def policy(tmp_path: Path, text: object) -> Path:
    path = tmp_path / f"{uuid4().hex}.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


def points(value: object, unit: str = "points", name: str = "dose_hour") -> dict[str, object]:
    return {"schema": SCHEMA, "limits": {name: {"value": value, "unit": unit}}}


def shown(run: Run, *words: str) -> dict[str, dict[str, object]]:
    told = run("limits", "show", "--json", *words)
    assert told.exit_code == 0, told.output
    found: dict[str, dict[str, object]] = json.loads(told.stdout)["limits"]
    return found


def test_every_limit_is_shown_with_its_unit_and_its_layer(run: Run) -> None:
    found = shown(run)
    assert set(found) == set(bounds())
    assert found["dose_hour"] == {
        "value": 240, "unit": "points", "limit": "L-02", "set_by": "installation",
    }  # fmt: skip
    told = run("limits", "show")
    assert "L-02  dose_hour            240 points (installation)" in told.stdout
    assert "no study has established a safe level" in told.stdout


def test_each_layer_is_tightened_and_the_strictest_is_shown(run: Run, tmp_path: Path) -> None:
    for value, words in (
        (200, ("--layer", "installation")),
        (150, ("--layer", "vendor", "--vendor", "fair")),
        (100, ("--layer", "project", "--project", "pilot")),
    ):
        told = run("limits", "tighten", policy(tmp_path, points(value)), *words)
        assert told.exit_code == 0, told.output
        assert "Stricter from now on: dose_hour." in told.stdout

    assert (shown(run)["dose_hour"]["value"], shown(run)["dose_hour"]["set_by"]) == (
        200, "installation",
    )  # fmt: skip
    assert shown(run, "--vendor", "fair")["dose_hour"]["set_by"] == "vendor"
    both = shown(run, "--vendor", "fair", "--project", "pilot")["dose_hour"]
    assert (both["value"], both["set_by"]) == (100, "project")
    again = run("limits", "tighten", policy(tmp_path, points(200)), "--layer", "installation")
    assert "Stricter from now on: nothing." in again.stdout


BAD: tuple[tuple[object, str], ...] = (
    (points(240.5), "dose_hour: 240.5 is not a whole number; allowed: 0 to 400 points"),
    (points(-1), "dose_hour: -1 is out of range; allowed: 0 to 400 points"),
    (points(10**40), "is out of range; allowed"),
    (points(401), "looser than the ceiling; allowed: 0 to 400 points"),
    (points(241), "dose_hour: in force is 240 points"),
    (points(100, "minutes"), "dose_hour: unit 'minutes' is not 'points'"),
    (points(100, name="dose"), "limits: dose unknown; known: "),
    ({"schema": SCHEMA, "limits": {}, "layers": 1}, "the policy: layers unknown"),
    ({"limits": {}}, "schema: None is not 'labelhub-policy-v1'"),
    ([1], "is not a JSON object"),
    ("{\n  nonsense", "line 2: is not JSON"),
    ('{"schema": "a", "schema": "b"}', "schema: named twice"),
    ("[" * 3_000, "no JSON that can be read"),
    (" " * 70_000, "longer than 65536 characters"),
    ('{"a": [[[[[[[[1]]]]]]]]}', "nested deeper"),
)


def test_a_bad_file_is_refused_in_one_line_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    for text, said in BAD:
        file = policy(tmp_path, text)
        told = run("limits", "tighten", file, "--layer", "installation")
        assert told.exit_code == 1, text
        assert said in told.stderr, told.stderr
        assert len(told.stderr.strip().splitlines()) == 1
    with closing(sqlite3.connect(tmp_path / "data" / "labelhub.db")) as connection:
        assert connection.execute("SELECT count(*) FROM policy_setting").fetchone() == (0,)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--layer", "vendor"), "--layer vendor needs --vendor"),
        (("--layer", "installation", "--project", "pilot"), "--project does not go with"),
        (("--layer", "labeler"), "labeler"),
        (("--layer", "vendor", "--vendor", "nobody"), "there is no vendor nobody"),
        (("--layer", "project", "--project", "none"), "there is no project none"),
    ],
)
def test_what_is_not_there_is_said(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    told = run("limits", "tighten", policy(tmp_path, points(100)), *words)

    assert told.exit_code in {1, 2}
    assert said in told.stderr
