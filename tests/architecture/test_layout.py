"""The house's own rules: layers, sizes, docstrings, one place for each thing."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "labelhub"
LONGEST_FILE = 300
LONGEST_FUNCTION = 30
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)(_|$)")


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, its docstring and signature apart."""
    statements = function.body
    if ast.get_docstring(function) is not None:
        statements = statements[1:]
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= LONGEST_FILE
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "every module opens with one sentence"
    assert not FORBIDDEN_NAMES.search(path.stem)


@pytest.mark.parametrize("path", sources(), ids=name)
def test_functions_are_short(path: Path) -> None:
    long = [(one.name, body_lines(one)) for one in functions(path)]

    assert [(who, lines) for who, lines in long if lines > LONGEST_FUNCTION] == []


def test_folders_are_not_crowded_by_helpers() -> None:
    for folder in PACKAGE.rglob("*"):
        if folder.is_dir():
            assert not FORBIDDEN_NAMES.search(folder.name)


def test_no_reminder_without_an_issue() -> None:
    tracked = [*sources(), *ROOT.joinpath("templates").rglob("*.html")]
    loose = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))")

    assert [name(path) for path in tracked if loose.search(path.read_text("utf-8"))] == []


def test_the_layers_point_inwards() -> None:
    checked = subprocess.run(  # noqa: S603 our own tool
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert checked.returncode == 0, checked.stdout


def test_only_the_gate_makes_an_admission() -> None:
    makers = {
        name(path)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _called(node) == "Admission"
    }
    assert makers <= {"labelhub/domain/welfare/gate.py"}


def test_no_rule_reads_a_clock() -> None:
    """The time is passed in; `datetime.now` is a lint error, and this finds its other names."""
    for path in PACKAGE.joinpath("domain").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(utc_now|SystemClock|time\.time|monotonic)\b", text), name(path)


def test_services_never_commit() -> None:
    for path in PACKAGE.joinpath("services").rglob("*.py"):
        assert "session.commit(" not in path.read_text(encoding="utf-8"), name(path)


def test_nothing_is_unpickled_or_fetched_in_a_web_process() -> None:
    """S-9 and S-12: no deserialisers that run code, no client libraries."""
    forbidden = re.compile(
        r"^\s*(import|from) (pickle|marshal|shelve|yaml|requests|httpx|urllib3)\b"
    )
    for path in sources():
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not forbidden.match(line), name(path)
            assert "urllib.request" not in line, name(path)


def _called(node: ast.Call) -> str:
    target = node.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""
