"""The pages of a labeler's own record: what they say, the file, bringing one, who sees them."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labelhub import signing_key
from labelhub.domain.vocabulary import OptOutScope
from labelhub.layouts import own_record
from labelhub.services import people, sign_ins
from labelhub.settings import Settings, SettingsError, record_key_file
from labelhub.store.database import Database
from labelhub.web.context import EXTENSION
from tests.services.desk.room import Room, furnish
from tests.services.my_record.records import elsewhere, flipped, read, signed, work
from tests.support.application import SECRET_KEY, ClientAs, make_app
from tests.support.world import World, membership_of
from tests.worlds import HandClock, canary
from tools import recompute_record

PAGES = ("/record", "/record/exposures", "/record/time", "/record/choices", "/record/print",
         "/record/bring")  # fmt: skip


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(
        database, clock, items=[2, 0, 1, 2, 0, 1] * 4, max_severity=2, hazards=[["hte"]] * 24
    )


@pytest.fixture
def own_app(room: Room, tmp_path: Path) -> Iterator[Flask]:
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)
    yield app
    app.extensions[EXTENSION].database.dispose()


@pytest.fixture
def client(own_app: Flask, room: Room) -> FlaskClient:
    signed_in = own_app.test_client()
    signed_in.set_cookie("labelhub", token(room), domain="localhost")
    return signed_in


def token(room: Room, place: int = 0) -> str:
    return room.run(
        lambda s: sign_ins.start(
            s, room.who(place), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )


def bring(client: FlaskClient, data: bytes) -> Any:
    upload = {"file": (io.BytesIO(data), "labelhub-record.json")}
    return client.post("/record/bring", data=upload, content_type="multipart/form-data")


def test_a_new_labeler_reads_what_will_be_there(client: FlaskClient) -> None:
    for address in PAGES:
        assert client.get(address).status_code == 200
    page = client.get("/record").text
    assert "no study has established a safe level" in page
    assert "Nobody. When somebody opens a page with your name" in page
    assert "Nothing has been shown to you yet" in client.get("/record/exposures").text


def test_a_working_labeler_finds_their_figures_and_never_a_text(
    client: FlaskClient, room: Room
) -> None:
    room.consent(2)
    work(room, 3, steps=12)
    room.rest()
    room.clock.pass_(minutes=40)
    room.back()
    room.decline(OptOutScope.CATEGORY, category="prv")
    client.set_cookie("labelhub", token(room), domain="localhost")
    texts = {address: client.get(address).text for address in PAGES}
    for item in room.desk.items:
        assert not any(canary(item) in text for text in texts.values())
    rows = re.findall(r'<tr><th scope="row">', texts["/record/exposures"])
    assert len(rows) == len(room.rows("charge"))
    assert "Pilot" in texts["/record/exposures"]
    assert "the kind “prv”" in texts["/record/choices"]
    assert "Breaks of your own" in texts["/record/time"]
    assert "10 min not paid" in texts["/record/time"]
    assert texts["/record"].count("<polyline") == 3
    for text in texts.values():
        assert not re.search(r"\b(sorry|unfortunately|really|well done|goal|target)\b", text)


def test_the_start_and_every_page_lead_to_it(client: FlaskClient) -> None:
    page = client.get("/").text
    assert page.count('href="/record"') == 2


def test_exposures_are_paged(
    client: FlaskClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labelhub.services.my_record.pages.PAGE", 3)
    room.consent(2)
    work(room, 3, steps=14)
    client.set_cookie("labelhub", token(room), domain="localhost")
    seen, address = 0, "/record/exposures"
    while address:
        page = client.get(address).text
        seen += len(re.findall(r'<tr><th scope="row">', page))
        older = re.search(r'href="(/record/exposures\?before=\d+)"', page)
        address = older.group(1) if older else ""
    assert seen == len(room.rows("charge")) > 3


def test_the_download_is_theirs_signed_and_recomputable(
    client: FlaskClient, room: Room, tmp_path: Path
) -> None:
    room.consent(2)
    work(room, 5, steps=10)
    client.set_cookie("labelhub", token(room), domain="localhost")
    answer = client.get("/record/download")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=labelhub-record-")
    assert (
        answer.headers["Cache-Control"] == "no-store"
        or "no-store" in answer.headers["Cache-Control"]
    )
    assert answer.mimetype == "application/json"
    path = tmp_path / "taken.json"
    path.write_bytes(answer.data)
    assert own_record.open_record(path).email == "l0@example.org"
    assert all(row[1] == row[2] for row in recompute_record.recomputed(answer.data))
    assert len(read(answer.data)["exposures"]) == len(room.rows("charge"))


def test_a_record_from_elsewhere_is_brought_and_cannot_be_taken_away(
    client: FlaskClient, room: Room, tmp_path: Path
) -> None:
    data = signed(elsewhere(room, (timedelta(minutes=5), 2, 60, 360)))
    answer = bring(client, data)
    assert answer.status_code == 303
    page = client.get("/record").text
    assert "It counts from now on" in page
    assert "6 of 960 points now" in page
    assert "Issued" in page
    assert not re.search(r'method="post"[^>]*record', page)  # nothing offers to remove it
    assert "here already" in client.get(bring(client, data).headers["Location"]).text
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: flipped(data, 90), "something in it was changed"),
        (lambda _data: b"", "no signature"),
        (lambda _data: b"{}\n", "no signature"),
        (lambda _data: b"\xff\xfe" * 4_000, "no signature"),
        (lambda _data: b"x" * 300_000, "not a record"),
        (lambda data: data[:-40], "no signature"),
        (lambda data: data.replace(b"\n", b"\r\n"), "signature"),
        (lambda data: b"PK\x03\x04" + data, "changed"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason_and_nothing_is_kept(
    client: FlaskClient, room: Room, tmp_path: Path, change: Any, said: str
) -> None:
    answer = bring(client, change(signed(elsewhere(room, (timedelta(minutes=5), 2, 60, 360)))))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Nothing of it was kept." in answer.text
    assert room.rows("carried_record") == []
    assert list((tmp_path / "uploads").iterdir()) == []


def test_another_persons_record_is_refused(client: FlaskClient, room: Room) -> None:
    answer = bring(client, signed(elsewhere(room, (timedelta(), 2, 60, 360), place=1)))
    assert answer.status_code == 422
    assert "another e-mail address" in answer.text


def test_no_file_at_all_is_a_fault_beside_the_field(client: FlaskClient) -> None:
    answer = client.post("/record/bring", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_a_file_beyond_all_bounds_is_refused_unread(
    client: FlaskClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labelhub.layouts.own_record.LARGEST", 1_000)
    assert bring(client, b"x" * 200_000).status_code == 413


@pytest.mark.parametrize(
    "address",
    ["/record/exposures?before=-1", "/record/exposures?before=x", "/record/exposures?before=٣",
     "/record/exposures?before=9999999999999999999999", "/record/print?month=2026-13",
     "/record/print?month=1999-01", "/record/print?month=9999-12", "/record/print?month=x"],
)  # fmt: skip
def test_an_address_that_names_nothing_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_month_without_work_can_be_printed(client: FlaskClient) -> None:
    assert "January 2020" in client.get("/record/print?month=2020-01").text


@pytest.mark.both_engines
def test_nobody_but_labelers_has_a_record_and_nobody_has_anothers(
    client_as: ClientAs, world: World
) -> None:
    for person in (world.chen, world.dara, world.esi, world.farid, world.gita):
        for address in (*PAGES, "/record/download"):
            assert client_as(person).get(address).status_code == 403
        assert client_as(person).post("/record/bring").status_code == 403
    mine = client_as(world.amina).get("/record/download").data
    assert read(mine)["person"]["email"] == "amina@example.org"


def test_a_record_stays_its_labelers_after_they_have_left(
    app: Flask, client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    role = membership_of(database, world.amina)
    database.run(lambda s: people.end_role(s, world.amina.id, role, None, clock))
    amina = client_as(world.amina)
    assert 'href="/record"' in amina.get("/").text
    for address in PAGES[:-1]:
        assert amina.get(address).status_code == 200
    assert read(amina.get("/record/download").data)["engagements"][0]["ended"]
    assert amina.get("/record/bring").status_code == 403  # there is nothing for it to count in
    assert "/record/bring" not in amina.get("/record").text
    assert amina.get("/choices").status_code == 403
    assert client_as(world.gita).get("/record").status_code == 403  # was never one


def test_an_installation_without_a_key_gets_one_at_start_and_keeps_it(
    own_app: Flask, tmp_path: Path
) -> None:
    path = record_key_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_text()
    assert signing_key.make(tmp_path) is False
    assert path.read_text() == first
    assert first not in repr(own_app.config)
    for bad in ("", "short", first.strip()[:-1] + "!", "A" * 60):
        path.write_text(bad)
        with pytest.raises(SettingsError, match="key"):
            signing_key.load(tmp_path)


def test_bringing_files_is_bounded_in_number(client: FlaskClient, room: Room) -> None:
    answers = [bring(client, b"{}").status_code for _ in range(22)]
    assert answers == [422] * 20 + [429] * 2
    room.clock.pass_(hours=3)
    client.set_cookie("labelhub", token(room), domain="localhost")
    data = signed(elsewhere(room, (timedelta(minutes=5), 2, 60, 360)))
    assert bring(client, data).status_code == 303


@pytest.mark.both_engines
def test_who_looked_is_told_at_once_and_once_an_hour(
    client_as: ClientAs, world: World, clock: HandClock
) -> None:
    chen, farid, amina = client_as(world.chen), client_as(world.farid), client_as(world.amina)
    for _ in range(3):
        chen.get("/roster")
    farid.get(f"/administration/people/{world.amina.id}")
    page = amina.get("/record").text
    assert page.count("Chen</bdi>") == 1
    assert page.count("Farid</bdi>") == 1
    assert "on the roster" in page
    clock.pass_(minutes=61)
    client_as(world.chen).get("/roster")
    assert client_as(world.amina).get("/record/choices").text.count("Chen</bdi>") == 2
    assert "Chen" not in client_as(world.ivo).get("/record").text  # of another vendor


def test_the_list_of_people_is_a_look_too(client_as: ClientAs, world: World) -> None:
    client_as(world.farid).get("/administration/people")
    assert "in the list of people" in client_as(world.amina).get("/record").text


@pytest.mark.both_engines
def test_a_decision_of_others_is_there_with_its_author(
    client_as: ClientAs, world: World, database: Database, clock: HandClock
) -> None:
    database.run(lambda s: people.suspend(s, world.amina.id, world.farid.id, clock))
    database.run(lambda s: people.reinstate(s, world.amina.id, None, clock))
    page = client_as(world.amina).get("/record/choices").text
    assert re.search(r"You were suspended\. .*?<bdi>Farid</bdi>", page)
    assert "You were let back in." in page
    assert "the operator of this installation" in page
