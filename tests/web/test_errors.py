"""S-16: any failure ends in a calm page with an id; nothing fails open, nothing is told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from labelhub.domain.audiences import PUBLIC
from labelhub.domain.vocabulary import Role
from labelhub.web import errors, visitors
from labelhub.web.access import audience
from labelhub.web.context import EXTENSION
from tests.support.application import ClientAs
from tests.support.world import World

SECRET = "the item's own words"


def add(app: Flask, view: Callable[[], str]) -> None:
    app.add_url_rule("/try", "try", audience(PUBLIC)(view))


def test_an_exception_ends_in_a_page_with_an_id_that_the_log_knows(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    def view() -> str:
        raise ValueError(SECRET)

    add(app, view)
    response = app.test_client().get("/try")

    incident = re.search(r"<code[^>]*>([0-9a-f]{32})</code>", response.text)
    said = capsys.readouterr()
    assert response.status_code == 500
    assert incident
    assert incident.group(1) in said.out + said.err
    assert "ValueError" in said.out + said.err
    for text in (response.text, said.out, said.err):
        assert SECRET not in text
    assert "Traceback" not in response.text


def test_a_store_that_does_not_answer_is_a_pause_with_help(app: Flask) -> None:
    def view() -> str:
        raise OperationalError("SELECT secret", {}, Exception("no route"))

    add(app, view)
    response = app.test_client().get("/try")

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "112" in response.text
    assert "SELECT" not in response.text


def test_nothing_is_served_while_the_store_is_away(
    app: Flask, client_as: ClientAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as(world.farid)
    database = app.extensions[EXTENSION].database

    def away(**_: object) -> None:
        raise OperationalError("", {}, Exception())

    for way in ("reading", "glancing", "writing"):
        monkeypatch.setattr(database, way, away)

    for path in ("/", "/administration/people", "/roster"):
        assert client.get(path).status_code == 503


def test_a_role_that_cannot_be_read_is_no_admission(
    app: Flask, client_as: ClientAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:

    client = client_as(world.farid)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(visitors.sign_ins, "find_visitor", broken)

    assert client.get("/administration/people").status_code == 500


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 422, 429, 501])
def test_every_refusal_is_a_page_of_ours(app: Flask, code: int) -> None:
    def view() -> str:
        abort(code)

    add(app, view)
    response = app.test_client().get("/try")

    assert response.status_code in {code, 500}
    assert "LabelHub" in response.text
    assert "Werkzeug" not in response.text


def test_an_error_never_lands_inside_a_part_of_a_page(app: Flask) -> None:
    def view() -> str:
        raise ValueError

    add(app, view)
    response = app.test_client().get("/try", headers={"HX-Request": "true"})

    assert response.headers["HX-Reswap"] == "none"


def test_a_failure_of_the_error_page_itself_is_still_a_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:

    def view() -> str:
        raise ValueError

    def broken(*_: object, **__: object) -> str:
        raise RuntimeError

    add(app, view)
    monkeypatch.setattr(errors, "render_template", broken)
    response = app.test_client().get("/try")

    assert response.status_code == 500
    assert "112" in response.text


def test_an_object_of_another_role_is_not_there(client_as: ClientAs, world: World) -> None:
    assert world.amina.role is Role.LABELER
    page = client_as(world.amina).get(f"/administration/people/{world.ben.id}")
    missing = client_as(world.amina).get("/nowhere")

    assert (page.status_code, page.text) == (missing.status_code, missing.text)
