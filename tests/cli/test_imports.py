"""`labelhub import`: the summary, the status, the reject file, and files not to be believed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from labelhub.cli import main
from labelhub.store.database import Database
from tests.support.bad_files import BAD_FILES, BadFile
from tests.support.importing import comparison, rows_of, states, stored, write_rows

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs a command on an installation with one lab and one project."""
    data = tmp_path / "data"

    def go(*words: object) -> Result:
        return CliRunner().invoke(main, ["--data", str(data), *map(str, words)])

    for words in (
        ("init",),
        ("organisation", "add", "acme", "--kind", "lab"),
        ("project", "create", "pilot", "--instrument", "preference"),
    ):
        made = go(*words)
        assert made.exit_code == 0, made.output
    return go


@pytest.fixture
def kept(tmp_path: Path, run: Run) -> Database:
    return Database(f"sqlite:///{tmp_path / 'data' / 'labelhub.db'}")


def summary(result: Result) -> dict[str, object]:
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_a_good_file_ends_with_status_0(run: Run, kept: Database, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "rows.jsonl", (comparison(n) for n in range(4)))

    first = run("import", file, "--project", "pilot", "--severity", "S0", "--json")
    second = run("import", file, "--project", "pilot", "--severity", "S0", "--json")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert summary(first) | {"import": ""} == {
        "import": "", "state": "complete", "layout": "jsonl", "rows": 4, "added": 4, "known": 0,
        "refused": 0, "ratings": 0, "message": "",
    }  # fmt: skip
    assert summary(second)["known"] == 4
    assert states(kept) == {"ready": 4}
    kept.dispose()


def test_columns_can_be_named(run: Run, kept: Database, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("q,a,b\nWhat?,One.,Two.\n", encoding="utf-8")
    maps = ("--map", "prompt=q", "--map", "response_1=a", "--map", "response_2=b")

    result = run("import", file, "--project", "pilot", *maps)

    assert result.exit_code == 0, result.output
    assert "never served" in result.output
    assert rows_of(kept, "SELECT tier FROM item") == [(None,)]
    kept.dispose()


def test_bad_rows_are_collected_where_that_was_asked(
    run: Run, kept: Database, tmp_path: Path
) -> None:
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1), "{broken", comparison(2)])
    rejects = tmp_path / "rejects.jsonl"

    result = run("import", file, "--project", "pilot", "--reject", rejects)

    assert result.exit_code == 1
    assert "2 items added" in result.stdout
    [row] = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert row["line"] == 2
    assert row["row"] == "{broken"
    assert states(kept) == {"ready": 2}
    kept.dispose()


def test_a_refused_row_comes_back_as_it_stood_in_the_order_of_the_lines(
    run: Run, kept: Database, tmp_path: Path
) -> None:
    """Lines 1 and 4 are refused by checking, after line 3 was by reading."""
    lines = [
        '{"response_2": "B", "prompt": "Q1?",   "response_1": "A", "hazards": ["none such"]}',
        json.dumps(comparison(1)),
        "{broken",
        '{"prompt": "Q2?", "response_1": "A", "response_2": "B", "severity": 4, "own": null}',
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rejects = tmp_path / "rejects.jsonl"

    run("import", file, "--project", "pilot", "--reject", rejects)

    told = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["row"]) for row in told] == [
        (1, lines[0]), (3, lines[2]), (4, lines[3]),
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.glob("rejects*")) == ["rejects.jsonl"]
    kept.dispose()


def test_a_refused_record_of_a_csv_comes_back_with_its_lines_and_quotes(
    run: Run, kept: Database, tmp_path: Path
) -> None:
    record = '"Q\n1?",A,"B, ""b""",4'
    file = tmp_path / "rows.csv"
    file.write_text(
        f"prompt,response_1,response_2,severity\n{record}\nQ2?,A,B,0\n", encoding="utf-8"
    )
    rejects = tmp_path / "rejects.jsonl"

    run("import", file, "--project", "pilot", "--reject", rejects)

    [told] = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert told["row"].strip() == record
    kept.dispose()


def test_a_long_row_is_not_cut(run: Run, kept: Database, tmp_path: Path) -> None:
    row = {**comparison(1), "severity": 4, "note": "x" * 100_000}
    file = write_rows(tmp_path / "rows.jsonl", [row, comparison(2)])
    rejects = tmp_path / "rejects.jsonl"

    run("import", file, "--project", "pilot", "--reject", rejects)

    [told] = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert json.loads(told["row"]) == row
    kept.dispose()


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_by_line_and_reason_and_nothing_is_stored(
    run: Run, kept: Database, tmp_path: Path, bad: BadFile
) -> None:
    file = tmp_path / bad.name
    file.write_bytes(bad.content)

    result = run("import", file, "--project", "pilot", "--severity", "S0")

    assert result.exit_code == 1
    assert bad.name in result.stderr
    if bad.line is not None:
        assert f"{bad.name}, line {bad.line}" in result.stderr
    for words in bad.said:
        assert words in result.stderr
    assert "Traceback" not in result.output
    assert "unexpected" not in result.stderr
    assert stored(kept) == (0, 0, 0, 0, 0)
    kept.dispose()


def test_a_script_and_a_formula_are_only_text(run: Run, kept: Database, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(
        'prompt,response_1,response_2\n=HYPERLINK("x"),<script>alert(1)</script>,"[a](javascript:x)"\n',
        encoding="utf-8",
    )

    assert run("import", file, "--project", "pilot", "--severity", "S0").exit_code == 0

    [(payload, shown)] = rows_of(kept, "SELECT payload, shown FROM content")
    assert "<script>alert(1)</script>" in payload
    assert "=HYPERLINK" in payload
    assert "<script" not in shown
    assert "<a" not in shown
    assert "&lt;script&gt;" in shown
    kept.dispose()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--project", "nowhere"), "there is no project nowhere"),
        (("--project", "pilot", "--map", "prompt"), "write FIELD=COLUMN"),
        (("--project", "pilot", "--layout", "excel"), "excel"),
        (("--project", "pilot", "--reject", "no/such/folder/file"), "--reject"),
    ],
)
def test_a_wrong_word_is_one_line_that_says_what(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1)])

    result = run("import", file, *words)

    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
