"""The page of a labeler's own choices: what it says, what each button does, and who sees it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labelhub.domain.vocabulary import OptOutScope
from labelhub.services import sign_ins
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.web.context import EXTENSION
from tests.services.desk.room import Room, furnish
from tests.support.application import SECRET_KEY, ClientAs, make_app
from tests.support.world import World
from tests.worlds import HandClock


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(database, clock, items=[2, 0], max_severity=2, hazards=[["hte"], []])


@pytest.fixture
def client(room: Room, tmp_path: Path) -> Iterator[FlaskClient]:
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)
    signed_in = app.test_client()
    signed_in.set_cookie("labelhub", token(room), domain="localhost")
    yield signed_in
    app.extensions[EXTENSION].database.dispose()


def token(room: Room) -> str:
    return room.run(
        lambda s: sign_ins.start(
            s, room.who(), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )


def press(client: FlaskClient, action: str, **fields: str) -> str:
    """Press a button that is on the page: its form must be there with these very fields."""
    page = client.get("/choices").text
    form = re.search(rf'<form method="post" action="/choices/{action}">.*?</form>', page, re.DOTALL)
    assert form, page
    for name, value in fields.items():
        assert f'name="{name}" value="{value}"' in form.group(0)
    answer = client.post(f"/choices/{action}", data=fields)
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


def test_a_labeler_with_no_choices_is_told_where_they_come_from(client: FlaskClient) -> None:
    page = client.get("/choices").text
    assert "What you decline at the desk" in page
    assert "Harder content is off until you agree" in page


def test_the_start_and_the_account_lead_to_the_page(client: FlaskClient) -> None:
    for address in ("/", "/account/sessions"):
        main = client.get(address).text.partition("<main")[2]
        assert 'href="/choices"' in main


def test_a_declined_kind_is_ended_with_two_presses_a_day_apart(
    client: FlaskClient, room: Room
) -> None:
    room.decline(OptOutScope.CATEGORY, category="hte")
    assert "/choices/end" not in client.get("/choices").text  # a slip is undone at once
    room.clock.pass_(timedelta(minutes=5))
    asked = press(client, "end", scope="category", subject="hte")
    assert "You can confirm that from" in asked
    assert "/choices/confirm-end" not in asked
    room.clock.pass_(timedelta(hours=24))
    client.set_cookie("labelhub", token(room), domain="localhost")
    assert "It holds until you confirm" in client.get("/choices").text
    ended = press(client, "confirm-end", scope="category", subject="hte")
    assert "That choice has ended." in ended
    assert "What you decline at the desk" in ended


def test_a_slip_is_undone_with_one_press(client: FlaskClient, room: Room) -> None:
    room.decline(OptOutScope.CATEGORY, category="hte")
    assert "If that was a slip" in client.get("/choices").text
    assert "That choice has ended." in press(client, "confirm-end", scope="category", subject="hte")


def test_an_end_that_was_asked_for_is_taken_back_with_one_press(
    client: FlaskClient, room: Room
) -> None:
    room.decline(OptOutScope.CATEGORY, category="hte")
    room.clock.pass_(timedelta(minutes=5))
    press(client, "end", scope="category", subject="hte")
    assert "It stays as it is." in press(client, "keep", scope="category", subject="hte")
    assert "/choices/end" in client.get("/choices").text


def test_a_consent_is_withdrawn_with_one_press_and_nothing_of_it_is_served(
    client: FlaskClient, room: Room
) -> None:
    room.consent(2)
    assert "Taken back." in press(client, "withdraw", severity="2")
    page = client.get("/choices").text
    assert "you took it back" in page
    assert "Agree again" in page
    assert room.shown().assignment.severity == 0
    assert "Nothing changes for a day." in press(client, "agree", severity="2")


def test_the_page_says_nothing_to_make_anyone_feel_guilty(client: FlaskClient, room: Room) -> None:
    room.consent(2)
    room.decline(OptOutScope.CATEGORY, category="hte")
    page = client.get("/choices").text.lower()
    assert not re.search(r"\b(sorry|unfortunately|really|sure|miss|lose|others?|please)\b", page)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("end", {"scope": "nothing", "subject": "hte"}),
        ("end", {"scope": "category", "subject": "x" * 65}),
        ("confirm-end", {}),
        ("keep", {"scope": "category\x01"}),
        ("withdraw", {"severity": "1"}),
        ("withdraw", {"severity": "٣"}),
        ("agree", {}),
    ],
)
def test_what_is_not_a_choice_is_refused(
    client: FlaskClient, action: str, fields: dict[str, str]
) -> None:
    assert client.post(f"/choices/{action}", data=fields).status_code == 422


def test_pressing_a_button_of_an_old_page_changes_nothing(client: FlaskClient, room: Room) -> None:
    answer = client.post("/choices/confirm-end", data={"scope": "project", "subject": "f" * 32})
    assert answer.status_code == 303
    assert "Nothing has changed" in client.get("/choices").text
    assert room.rows("chain") == []


def test_nobody_but_labelers_has_such_a_page(client_as: ClientAs, world: World) -> None:
    for person in (world.chen, world.dara, world.esi, world.farid, world.gita):
        assert client_as(person).get("/choices").status_code == 403
    assert client_as(world.amina).get("/choices").status_code == 200
