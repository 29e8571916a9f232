"""The README's "Run it" leads, as it stands, to a labeler who rates and a release of the rating."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from labelhub import settings
from labelhub.app import create_app
from labelhub.cli import main
from labelhub.web.context import EXTENSION
from tests.support.application import OwnPages
from tests.support.importing import comparison, write_rows
from tests.support.world import PASSWORD

README = Path(__file__).parents[2] / "README.md"


def commands() -> list[list[str]]:
    """Return the words of each command of the section, in its order."""
    section = README.read_text(encoding="utf-8").partition("## Run it")[2].partition("\n## ")[0]
    lines = re.findall(r"^    labelhub (.+)$", section, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def test_the_readmes_commands_lead_to_a_rating_and_its_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABELHUB_DATA", str(tmp_path / "data"))
    write_rows(tmp_path / "answers.jsonl", [comparison(1)])
    served = commands().index(["serve"])
    links = []

    for words in commands()[:served]:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output)
        links += re.findall(r"/invitation/\S+", done.stdout)
    rate_as_labeler(tmp_path, links[-1])
    for words in commands()[served + 1 :]:
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, (words, done.output)

    rows = [
        json.loads(line)
        for file in (tmp_path / "release").rglob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert [row["chosen"][0]["content"] for row in rows if "chosen" in row]


def rate_as_labeler(tmp_path: Path, link: str) -> None:
    app = create_app(settings.load({}, tmp_path / "data"))
    app.test_client_class = OwnPages
    labeler = app.test_client()
    form = {"name": "Amina", "country": "KE", "zone": "Africa/Nairobi", "password": PASSWORD}
    assert labeler.post(link, data={**form, "password_again": PASSWORD}).status_code == 303
    assert "12.40 EUR an hour" in labeler.get("/").text
    assert labeler.post("/desk/pilot/join").status_code in {200, 303}
    answer(labeler, labeler.post("/desk/pilot/next").text)
    app.extensions[EXTENSION].database.dispose()


def answer(labeler: FlaskClient, page: str) -> None:
    sent = dict(re.findall(r'name="(assignment|key)" value="([^"]+)"', page))
    assert set(sent) == {"assignment", "key"}, page
    accepted = labeler.post("/desk/pilot/submit", data={**sent, "preference": "-3"})
    assert accepted.status_code == 200
