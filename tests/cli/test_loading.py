"""What a start loads is counted: whoever asks for help, and whoever serves, waits for no more."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from labelhub.cli import COMMANDS

NEVER_FOR_SERVING = {"alembic", "apscheduler", "markdown_it", "pyarrow", "zxcvbn"}
NEVER_FOR_HELP = NEVER_FOR_SERVING | {
    "nh3",
    "argon2", "babel", "flask", "gunicorn", "orjson", "psycopg", "pydantic", "rich",
    "sqlalchemy", "sqlmodel", "structlog",
}  # fmt: skip

_HELP = """
from labelhub.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
_KEPT = """
from pathlib import Path
from labelhub import settings
from labelhub.cli import demo, place, server
from labelhub.app import create_app
kept = place.Place(Path(sys.argv[1]))
loaded = kept.settings()
accounts = demo._made(kept, loaded)
assert len(accounts) > 5, accounts
page = create_app(loaded).test_client().get("/sign-in")
assert page.status_code == 200, page.status
assert accounts[0]["name"] in page.text
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded_by(script: str, *words: str) -> set[str]:
    """Return the packages and our own modules that a new interpreter has loaded afterwards."""
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", f"import json, sys\n{script}", *words],
        env=os.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    modules = json.loads(done.stderr.splitlines()[-1])
    return {name for name in modules if "." not in name or name.startswith("labelhub.")}


@pytest.mark.parametrize(
    "words", [("--help",), ("--version",), ("demo", "--help"), ("serve", "--help")]
)
def test_help_loads_no_database_and_no_server(words: tuple[str, ...]) -> None:
    loaded = loaded_by(_HELP, *words)

    assert loaded & NEVER_FOR_HELP == set()
    assert {"labelhub.cli", "labelhub.settings"} <= loaded


def test_a_kept_demonstration_is_served_without_what_made_it(made: Path) -> None:
    loaded = loaded_by(_KEPT, str(made))

    assert loaded & NEVER_FOR_SERVING == set()
    assert loaded & {"labelhub.services.demonstration_laying", "labelhub.jobs"} == set()
    assert {"flask", "sqlalchemy", "labelhub.web.desk"} <= loaded


@pytest.mark.parametrize("word", COMMANDS)
def test_help_says_of_each_word_what_the_word_says_of_itself(word: str) -> None:
    module, says = COMMANDS[word]

    command: click.Command = importlib.import_module(f"labelhub.cli.{module}").COMMANDS[word]

    assert command.name == word
    assert f"{command.get_short_help_str(limit=200).rstrip('.')}." == says
