"""Importing in the browser: upload, ten rows, progress, problems, publish, withdraw."""

import html
import io
import json
import re
import time
from http import HTTPStatus
from typing import Any

import pytest
from flask.testing import FlaskClient

from labelhub.domain.vocabulary import Severity
from labelhub.settings import Settings
from labelhub.store.database import Database
from tests.support.application import ClientAs
from tests.support.bad_files import BAD_FILES, BadFile
from tests.support.importing import comparison, make_project, rows_of, states, stored
from tests.support.world import World
from tests.worlds import HandClock


@pytest.fixture
def client(client_as: ClientAs, world: World, database: Database, clock: HandClock) -> FlaskClient:
    make_project(database, world, clock)
    return client_as(world.esi)


def lines(*rows: object) -> bytes:
    texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return "".join(f"{text}\n" for text in texts).encode()


def upload(client: FlaskClient, content: bytes, name: str = "rows.jsonl", **fields: str) -> Any:
    data = {"file": (io.BytesIO(content), name), "severity": "0", "layout": "", **fields}
    return client.post("/projects/pilot/import", data=data)


def looked_at(client: FlaskClient, content: bytes, name: str = "rows.jsonl", **more: str) -> str:
    """Upload a file and return the address of its import."""
    answer = upload(client, content, name, **more)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    location: str = answer.location
    return location.removesuffix("/rows")


def started(client: FlaskClient, address: str, layout: str = "jsonl", **fields: str) -> None:
    answer = client.post(f"{address}/rows", data={"layout": layout, "go": "import", **fields})
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    settled(client, address)


def settled(client: FlaskClient, address: str) -> str:
    """Wait until nothing runs any more; return the fragment then shown."""
    for _ in range(400):
        shown: str = client.get(address, headers={"HX-Request": "true"}).text
        if "hx-trigger" not in shown:
            return shown
        time.sleep(0.05)
    raise AssertionError("the import did not end")


def test_a_file_is_looked_at_brought_in_and_published(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    content = lines(*(comparison(n) for n in range(12)))

    address = looked_at(client, content)
    page = client.get(f"{address}/rows").text
    assert "JSONL" in page
    assert page.count("<article") == 10
    assert "Answer 9." in page
    assert states(database) == {}

    started(client, address)
    assert states(database) == {"rendered": 12}
    client.post(f"{address}/publish")
    assert "Published" in settled(client, address)
    assert states(database) == {"ready": 12}
    assert list((settings.data / "uploads").iterdir()) == []
    assert "rows.jsonl" in client.get("/projects/pilot").text


def test_bad_rows_are_told_and_left_out_only_when_asked(
    client: FlaskClient, database: Database
) -> None:
    address = looked_at(client, lines(comparison(1), {"prompt": "Only this?"}, comparison(2)))

    started(client, address)
    shown = settled(client, address)

    assert "completion" in shown
    assert "is missing" in shown
    assert "Publish without them" in shown
    assert "ready" not in states(database)
    rejects = client.get(f"{address}/rejects")
    assert rejects.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(rejects.text)["line"] == 2


def test_a_withdrawn_import_leaves_nothing_and_can_come_again(
    client: FlaskClient, database: Database
) -> None:
    content = lines(comparison(1), comparison(2))
    address = looked_at(client, content)
    started(client, address)

    client.post(f"{address}/withdraw")
    settled(client, address)
    for _ in range(100):
        if stored(database) == (0, 0, 0, 0, 0):
            break
        time.sleep(0.05)
    assert stored(database) == (0, 0, 0, 0, 0)

    again = looked_at(client, content)
    started(client, again)
    client.post(f"{again}/publish")
    settled(client, again)
    assert states(database) == {"ready": 2}


def test_a_second_import_waits_for_the_first_to_be_decided(
    client: FlaskClient, database: Database
) -> None:
    first = looked_at(client, lines(comparison(1)))
    started(client, first)
    second = looked_at(client, lines(comparison(2)))

    answer = client.post(f"{second}/rows", data={"layout": "jsonl", "go": "import"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "waits" in answer.text


def test_columns_are_named_where_no_layout_fits(client: FlaskClient, database: Database) -> None:
    content = b"question,left,right\nWhat is it?,A tree.,A bush.\n"
    address = looked_at(client, content, "rows.csv")
    page = client.get(f"{address}/rows").text
    assert "no layout fits" in page
    assert '<option value="question"' in page
    mapping = {"map-prompt": "question", "map-response_1": "left", "map-response_2": "right"}

    look = client.post(f"{address}/rows", data={"layout": "csv", "go": "look", **mapping})
    assert look.status_code == HTTPStatus.SEE_OTHER
    assert "A tree." in client.get(f"{address}/rows").text
    started(client, address, "csv", **mapping)

    assert states(database) == {"rendered": 1}


def test_hard_texts_are_not_shown_in_the_sample(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    make_project(
        database, world, clock, max_severity=Severity.S3, content_notice="Hard texts come."
    )
    client = client_as(world.esi)
    rows = lines(comparison(1, severity="S3"), comparison(2, severity="S0"))

    address = looked_at(client, rows, severity="")
    page = client.get(f"{address}/rows").text

    assert "Answer 1." not in page
    assert "not shown" in page
    assert "Answer 2." in page


def test_an_upload_is_kept_under_a_name_of_ours_and_never_served(
    client: FlaskClient, settings: Settings
) -> None:
    content = lines(comparison(1))

    address = looked_at(client, content, "../../<script>.jsonl")

    [kept] = (settings.data / "uploads").iterdir()
    assert re.fullmatch("[0-9a-f]{32}", kept.name)
    assert kept.stat().st_mode & 0o077 == 0
    page = client.get(f"{address}/rows").text
    assert "<script>.jsonl" not in page
    assert "&lt;script&gt;.jsonl" in page
    for path in (f"/uploads/{kept.name}", f"/static/{kept.name}", f"{address}/{kept.name}"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_a_new_upload_replaces_one_that_nobody_started(
    client: FlaskClient, settings: Settings, database: Database
) -> None:
    looked_at(client, lines(comparison(1)))
    looked_at(client, lines(comparison(2)))

    assert len(list((settings.data / "uploads").iterdir())) == 1
    assert sorted(rows_of(database, "SELECT state FROM import_batch")) == [
        ("uploaded",),
        ("withdrawn",),
    ]


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_told_by_line_and_reason_and_nothing_of_it_is_served(
    client: FlaskClient, database: Database, bad: BadFile
) -> None:
    answer = upload(client, bad.content, bad.name)
    if answer.status_code == HTTPStatus.SEE_OTHER:
        page = client.get(answer.location)
        assert page.status_code == HTTPStatus.OK
        told = html.unescape(page.text)
        address = answer.location.removesuffix("/rows")
        started = client.post(f"{address}/rows", data={"layout": "jsonl", "go": "import"})
        if started.status_code == HTTPStatus.SEE_OTHER and bad.line is not None:
            told = html.unescape(settled(client, address))
            assert f'<td class="number">{bad.line}</td>' in told
    else:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        told = html.unescape(answer.text)
        assert 'href="#field-file"' in told

    for words in bad.said:
        assert words in told
    assert "ready" not in states(database)


def test_without_a_file_or_with_a_wrong_choice_nothing_is_kept(
    client: FlaskClient, settings: Settings
) -> None:
    missing = client.post("/projects/pilot/import", data={"severity": "0", "layout": ""})
    assert missing.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    wrong = upload(client, lines(comparison(1)), severity="7")
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not (settings.data / "uploads").exists()
