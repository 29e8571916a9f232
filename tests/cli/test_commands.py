"""The command line: what each word does, one line for each error, exit status for programs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs `labelhub` on a folder of its own."""

    def labelhub(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 our own program
            [sys.executable, "-c", "from labelhub.cli import main; main()", *words],
            env={**os.environ, "LABELHUB_DATA": str(tmp_path / "data"), **environ},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return labelhub


def test_from_nothing_to_a_labelers_invitation(run: Run, tmp_path: Path) -> None:
    made = run("init")
    assert made.returncode == 0, made.stderr
    assert re.search(r"^http://127\.0\.0\.1:8000/invitation/\S{43}$", made.stdout, re.MULTILINE)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700

    assert run("db", "check").returncode == 0
    added = run("organisation", "add", "fair-words", "--kind", "vendor", "--json")
    assert json.loads(added.stdout)["slug"] == "fair-words"
    invited = run(
        "person", "add", "Amina@Example.org", "--role", "labeler", "--organisation", "fair-words"
    )
    assert invited.returncode == 0
    assert "/invitation/" in invited.stdout

    healthy = run("health", "--json")
    assert healthy.returncode == 0, healthy.stderr
    assert all(finding["ok"] for finding in json.loads(healthy.stdout))


def test_the_folder_may_be_named_before_or_after_the_word(run: Run, tmp_path: Path) -> None:
    assert run("--data", str(tmp_path / "one"), "init").returncode == 0
    assert run("init", "--data", str(tmp_path / "two")).returncode == 0
    assert (tmp_path / "one" / "labelhub.db").exists()
    assert (tmp_path / "two" / "labelhub.db").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("health",), 1, "run `labelhub init` first"),
        (("db", "check"), 1, "run `labelhub init` first"),
        (("nonsense",), 2, "No such command"),
        (("init", "--nonsense"), 2, "labelhub init --help"),
        (("organisation", "add", "x"), 2, "--kind"),
        (("person", "add", "a@b.c", "--role", "king", "--organisation", "x"), 2, "king"),
        (("serve", "--port", "99999"), 2, "99999"),
    ],
)
def test_an_error_is_one_line_that_says_what_and_where(
    run: Run, words: tuple[str, ...], status: int, says: str
) -> None:
    failed = run(*words)

    assert failed.returncode == status
    assert failed.stdout == ""
    assert len(failed.stderr.splitlines()) == 1
    assert failed.stderr.startswith("labelhub: ")
    assert says in failed.stderr


def test_what_is_refused_names_the_thing_refused(run: Run) -> None:
    run("init")
    run("organisation", "add", "lab", "--kind", "lab")

    for words in (
        ("organisation", "add", "lab", "--kind", "lab"),
        ("organisation", "add", "Not A Slug", "--kind", "lab"),
        ("person", "add", "amina", "--role", "labeler", "--organisation", "lab"),
        ("person", "add", "a@b.c", "--role", "labeler", "--organisation", "nowhere"),
        ("db", "downgrade", "no-such-revision"),
    ):
        failed = run(*words)
        assert failed.returncode == 1, words
        assert len(failed.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_reached_is_one_line(run: Run) -> None:
    run("init")
    failed = run("health", LABELHUB_DATABASE_URL="postgresql://someone:hunter2@127.0.0.1:1/none")

    assert failed.returncode == 1
    assert "cannot use the database" in failed.stderr
    assert "hunter2" not in failed.stderr


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "postgresql:/someone:hunter2@localhost/x",
        "postgresql://someone:hunter2@localhost:port/x",
        "mysql://someone:hunter2@localhost/x",
        "oracle9://someone:hunter2@localhost/x",
        "postgresql://someone:hunter2@127.0.0.1:1/x?nonsense=hunter2",
    ],
)
def test_an_address_that_is_none_names_the_setting_and_the_remedy(run: Run, address: str) -> None:
    run("init")
    for words in (("db", "check"), ("organisation", "add", "lab", "--kind", "lab"), ("init",)):
        failed = run(*words, LABELHUB_DATABASE_URL=address)

        assert failed.returncode == 1
        assert len(failed.stderr.splitlines()) == 1
        assert "LABELHUB_DATABASE_URL" in failed.stderr or "cannot use the" in failed.stderr
        assert "unexpected" not in failed.stderr
        assert "hunter2@" not in failed.stderr


def test_a_database_of_another_version_is_not_served(run: Run) -> None:
    run("init")
    assert run("db", "downgrade", "-1").returncode == 0

    served = run("serve", "--port", "0")

    assert served.returncode == 1
    assert "labelhub db upgrade" in served.stderr
    assert run("db", "check").returncode == 1
    assert run("db", "upgrade").returncode == 0
    assert run("db", "check").returncode == 0


def test_every_word_explains_itself(run: Run) -> None:
    for words in ((), ("init",), ("serve",), ("db",), ("organisation", "add"), ("person", "add")):
        helped = run(*words, "--help")
        assert helped.returncode == 0
        assert "Usage:" in helped.stdout
