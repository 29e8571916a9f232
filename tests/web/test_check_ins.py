"""Check-ins on the desk and on their page: never in the way, for one pair of eyes, deletable."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient

from labelhub.domain.check_ins import LONGEST_WORDS
from labelhub.services import sign_ins
from labelhub.services.check_ins import MOST_KEPT
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web.context import EXTENSION
from tests.services.desk.room import Room, furnish
from tests.services.desk.test_declaring import _half_a_day as half_a_day
from tests.support.application import SECRET_KEY, ClientAs, make_app
from tests.support.world import World
from tests.worlds import HandClock

FRAGMENT = {"HX-Request": "true"}
WORDS = "heavy-morning-canary"
PAGE = "/check-in"


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    made = furnish(database, clock, items=[2] * 4 + [0] * 4, max_severity=2)
    made.consent(2)
    half_a_day(made)
    assert made.go_on_with_hard()
    return made


@pytest.fixture
def desk_app(room: Room, tmp_path: Path) -> Iterator[Flask]:
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)
    yield app
    app.extensions[EXTENSION].database.dispose()


@pytest.fixture
def client(desk_app: Flask, room: Room) -> FlaskClient:
    return signed_in(desk_app, room)


def signed_in(app: Flask, room: Room, place: int = 0) -> FlaskClient:
    token = room.run(
        lambda s: sign_ins.start(
            s, room.who(place), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )
    client = app.test_client()
    client.set_cookie("labelhub", token, domain="localhost")
    return client


def answer_hard(client: FlaskClient, room: Room, headers: dict[str, str]) -> str:
    """Read a hard item for a minute, answer it, and return what the browser gets."""
    shown = room.shown()
    while shown.assignment.severity == 0:
        room.accepted(shown)
        shown = room.shown()
    room.clock.pass_(minutes=1)
    form = {"assignment": shown.assignment.id.hex, "key": uuid4().hex, "preference": "2"}
    answer = client.post("/desk/pilot/submit", data=form, headers=headers)
    assert answer.status_code == 200
    return answer.text


def rows(room: Room) -> list[object]:
    return room.rows("check_in")


def write(client: FlaskClient, feeling: object = 3, words: str = WORDS) -> None:
    answer = client.post(PAGE, data={"feeling": str(feeling), "words": words})
    assert answer.status_code == 303


def test_the_desk_asks_beside_the_next_item_and_blocks_nothing(
    client: FlaskClient, room: Room
) -> None:
    page = answer_hard(client, room, {})

    assert page.index('id="check-in"') < page.index('id="desk"')
    assert "How are you just now?" in page
    assert 'aria-keyshortcuts="q"' in page
    assert "canary-" in page  # the next item is there all the same
    assert "<dialog" not in page[page.index('id="check-in"') : page.index('id="desk"')]
    assert "autofocus" not in page


def test_htmx_gets_the_panel_with_the_item_and_puts_it_in_its_place(
    client: FlaskClient, room: Room
) -> None:
    fragment = answer_hard(client, room, FRAGMENT)

    assert fragment.startswith('<section id="item"')
    (panel,) = re.findall(r'<aside id="check-in".*?</aside>', fragment, re.DOTALL)
    assert 'hx-swap-oob="true"' in panel
    assert "How are you just now?" in panel
    assert "check-in" not in answer_hard(client, room, FRAGMENT)


def test_a_page_without_a_prompt_has_an_empty_place_for_it(client: FlaskClient, room: Room) -> None:
    page = client.get("/desk/pilot").text

    assert re.search(r'<aside id="check-in" class="check-in" hidden>\s*</aside>', page)


def test_leaving_the_panel_alone_is_enough(client: FlaskClient, room: Room) -> None:
    answer_hard(client, room, {})

    page = answer_hard(client, room, {})
    assert "How are you just now?" not in page
    assert "canary-" in page
    assert rows(room) == []


def test_not_now_keeps_nothing_and_leaves_the_desk_usable(client: FlaskClient, room: Room) -> None:
    answer_hard(client, room, {})
    before = _all_rows(room)

    fragment = client.post(f"{PAGE}/not-now", data={"desk": "pilot"}, headers=FRAGMENT)
    assert (fragment.status_code, "How are" in fragment.text) == (200, False)
    assert re.search(r'<aside id="check-in"[^>]* hidden>', fragment.text)
    page = client.post(f"{PAGE}/not-now", data={"desk": "pilot"})
    assert (page.status_code, page.headers["Location"]) == (303, "/desk/pilot")
    assert _all_rows(room) == before
    assert "canary-" in client.post("/desk/pilot/next").text


@pytest.mark.parametrize("feeling", [0, 3, 10])
def test_each_answer_is_offered_the_same_and_changes_nothing(
    client: FlaskClient, room: Room, feeling: int
) -> None:
    answer_hard(client, room, {})
    before = _all_rows(room)
    form = {"desk": "pilot", "feeling": str(feeling), "words": WORDS}

    fragment = client.post(PAGE, data=form, headers=FRAGMENT)

    assert fragment.status_code == 200
    for offer in ("No hard content today", "Lower my limits", "Talk to someone"):
        assert offer in fragment.text
    assert str(feeling) not in re.sub(r"<[^>]+>", "", fragment.text)
    assert len(rows(room)) == 1
    assert {**_all_rows(room), "check_in": []} == {**before, "check_in": []}


def test_without_scripts_an_answer_leads_to_its_page_and_back_to_the_desk(
    client: FlaskClient, room: Room
) -> None:
    answer_hard(client, room, {})

    kept = client.post(PAGE, data={"desk": "pilot", "feeling": "4", "words": ""})

    assert (kept.status_code, kept.headers["Location"]) == (303, "/check-in?desk=pilot")
    page = client.get(kept.headers["Location"]).text
    assert "Kept, for your eyes alone." in page
    assert 'href="/desk/pilot"' in page
    assert "canary-" in client.post("/desk/pilot/next").text


def test_only_choosing_it_stops_hard_content(client: FlaskClient, room: Room) -> None:
    write(client, 0)
    assert room.rows("opt_out") == []

    stopped = client.post(f"{PAGE}/stop-today", data={"desk": "pilot"})

    assert stopped.status_code == 303
    assert [row.scope for row in room.rows("opt_out")] == ["today"]
    assert "No hard content comes" in client.get(stopped.headers["Location"]).text
    assert room.shown().assignment.severity == 0


def test_the_panels_own_offer_is_the_desks_way_to_stop(client: FlaskClient, room: Room) -> None:
    answer_hard(client, room, {})
    offer = client.post(PAGE, data={"desk": "pilot", "feeling": "1"}, headers=FRAGMENT).text
    assert 'action="/desk/pilot/decline"' in offer

    said = client.post("/desk/pilot/decline", data={"back": "desk", "scope": "today"})

    assert "No hard content comes" in said.text
    assert [row.scope for row in room.rows("opt_out")] == ["today"]


def test_the_page_shows_what_was_written_to_its_writer_alone(
    client: FlaskClient, desk_app: Flask, room: Room
) -> None:
    write(client, 3, "<b>one</b> & two")
    room.clock.pass_(minutes=5)
    write(client, 8, "")

    page = client.get(PAGE).text
    assert "3 of 10" in page
    assert "8 of 10" in page
    assert "&lt;b&gt;one&lt;/b&gt; &amp; two" in page
    assert "<svg" in page
    assert "<table>" in page
    other = signed_in(desk_app, room, place=1).get(PAGE).text
    assert "of 10</h3>" not in other
    assert "Nothing yet." in other


def test_one_is_deleted_and_really_gone(client: FlaskClient, room: Room) -> None:
    write(client, 3, "first words")
    room.clock.pass_(minutes=5)
    write(client, 8, "second words")
    first, second = _ids(client)

    client.post(f"{PAGE}/delete", data={"check_in": first})

    page = client.get(PAGE).text
    assert ("second words" in page, "first words" in page) == (False, True)
    assert len(rows(room)) == 1
    del second


def test_nobody_deletes_what_another_wrote(
    client: FlaskClient, desk_app: Flask, room: Room
) -> None:
    write(client)
    (own,) = _ids(client)

    other = signed_in(desk_app, room, place=1)
    assert other.post(f"{PAGE}/delete", data={"check_in": own}).status_code == 303
    assert "It was not there any more." in other.get(PAGE).text
    other.post(f"{PAGE}/delete-all")
    assert len(rows(room)) == 1


def test_all_are_deleted_and_the_page_says_so(client: FlaskClient, room: Room) -> None:
    for _ in range(3):
        write(client)

    client.post(f"{PAGE}/delete-all")

    page = client.get(PAGE).text
    assert "No check-in of yours is kept." in page
    assert "Nothing yet." in page
    assert rows(room) == []


def test_the_download_has_all_of_ones_own(client: FlaskClient, room: Room) -> None:
    write(client, 3, "one")
    room.clock.pass_(minutes=5)
    write(client, 8, "two")

    answer = client.get(f"{PAGE}/download")

    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    kept = json.loads(answer.data)["check_ins"]
    assert [(one["feeling"], one["words"]) for one in kept] == [(3, "one"), (8, "two")]


def test_a_row_that_was_changed_leaves_a_calm_page_and_can_be_deleted(
    client: FlaskClient, room: Room
) -> None:
    for words in ("first words", "second words"):
        write(client, 3, words)
        room.clock.pass_(minutes=5)
    changed = room.rows("check_in")[0]
    room.change("check_in", {"id": changed.id}, sealed=changed.sealed[:-8] + "AAAAAAA=")

    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "One check-in cannot be read" in answer.text
    assert answer.text.count("words</p>") == 1
    assert client.get(f"{PAGE}/download").status_code == 200
    client.post(f"{PAGE}/delete-all")
    assert rows(room) == []


def test_with_another_key_the_page_is_calm_and_empty(
    client: FlaskClient, room: Room, tmp_path: Path
) -> None:
    write(client)
    (tmp_path / "keys" / "check-in-key").unlink()
    url = room.database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), room.clock)

    answer = signed_in(app, room).get(PAGE)

    assert answer.status_code == 200
    assert "Nothing yet." in answer.text
    app.extensions[EXTENSION].database.dispose()


@pytest.mark.parametrize(
    ("feeling", "words", "said"),
    [
        ("11", WORDS, "A whole number from 0 to 10."),
        ("-1", WORDS, "A whole number from 0 to 10."),
        ("", WORDS, "A whole number from 0 to 10."),
        ("٣", WORDS, "A whole number from 0 to 10."),
        ("5; DROP", WORDS, "A whole number from 0 to 10."),
        ("5", "x" * (LONGEST_WORDS + 1), "At most 2000 characters."),
    ],
)
@pytest.mark.parametrize("headers", [{}, FRAGMENT], ids=["page", "panel"])
def test_what_is_no_answer_is_said_so_and_nothing_typed_is_lost(
    client: FlaskClient, room: Room, feeling: str, words: str, said: str, headers: dict[str, str]
) -> None:
    form = {"desk": "pilot", "feeling": feeling, "words": words}

    answer = client.post(PAGE, data=form, headers=headers)

    assert answer.status_code == 422
    assert said in answer.text
    assert words in answer.text
    assert rows(room) == []


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("/delete", {"check_in": "mine"}, 422),
        ("/delete", {}, 422),
        ("/delete", {"check_in": uuid4().hex}, 303),
        ("/not-now", {"desk": "//other.example"}, 303),
        ("/stop-today", {"desk": "../../x"}, 303),
        ("", {"feeling": "5", "desk": "\u2603"}, 303),
    ],
)
def test_other_nonsense_is_answered_and_leads_nowhere_else(
    client: FlaskClient, action: str, form: dict[str, str], status: int
) -> None:
    answer = client.post(PAGE + action, data=form)

    assert answer.status_code == status
    assert answer.headers.get("Location", "/") in {"/", PAGE}


def test_no_more_than_can_be_kept_is_kept(client: FlaskClient, room: Room) -> None:
    write(client)
    (own,) = room.rows("check_in")
    more = [{"id": uuid4(), "owner": own.owner, "sealed": own.sealed} for _ in range(MOST_KEPT - 2)]
    with room.database.writing() as session:
        session.connection().execute(sa.insert(metadata.tables["check_in"]), more)
    write(client)

    answer = client.post(PAGE, data={"feeling": "5", "words": WORDS})

    assert answer.status_code == 422
    assert "Delete some" in answer.text
    assert len(rows(room)) == MOST_KEPT
    page = client.get(PAGE).text
    assert f"The newest 100 of {MOST_KEPT}; the download has all." in page


def test_no_table_and_no_log_holds_what_was_written(
    client: FlaskClient, room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as logged:
        write(client, 3, WORDS)
        client.post(PAGE, data={"feeling": "99", "words": WORDS})
        client.get(PAGE)
        client.get(f"{PAGE}/download")
        client.post(f"{PAGE}/delete-all")
        write(client, 4, WORDS)

    assert WORDS not in repr(_all_rows(room))
    assert WORDS not in repr(logged)
    assert WORDS not in "".join(capsys.readouterr())
    path = Path(str(room.database.url.database))
    for file in path.parent.glob(path.name + "*"):
        assert WORDS.encode() not in file.read_bytes()


def test_my_choices_and_a_moment_lead_to_the_page(client: FlaskClient) -> None:
    assert 'href="/check-in"' in client.get("/choices").text
    assert 'href="/check-in"' in client.post("/moment").text


def test_the_words_claim_no_more_than_is_true_and_press_nobody(
    client: FlaskClient, room: Room
) -> None:
    own = client.get(PAGE).text.partition("<main")[2]
    panel = answer_hard(client, room, FRAGMENT).partition("<aside")[2]
    offer = client.post(PAGE, data={"desk": "pilot", "feeling": "1"}, headers=FRAGMENT).text

    for words in (own, panel, offer):
        assert len(words) > 500
        assert not re.search(
            r"\b(safe|streak|score|sorry|please|great|well done|must|only \d|others?)\b",
            words.lower(),
        )
    assert "You never have to." in own


def test_nobody_but_labelers_has_such_pages(client_as: ClientAs, world: World) -> None:
    for person in (world.chen, world.dara, world.esi, world.farid, world.gita):
        browser = client_as(person)
        assert browser.get(PAGE).status_code == 403
        assert browser.get(f"{PAGE}/download").status_code == 403
        for action in ("", "/not-now", "/delete", "/delete-all", "/stop-today"):
            assert browser.post(PAGE + action, data={"feeling": "3"}).status_code == 403
    assert client_as(world.amina).get(PAGE).status_code == 200
    assert client_as(None).get(PAGE).status_code == 303


def test_the_page_of_a_labeler_without_any_project_works(
    client_as: ClientAs, world: World, database: Database
) -> None:
    browser = client_as(world.amina)

    assert browser.post(PAGE, data={"feeling": "3"}).status_code == 303
    assert browser.post(f"{PAGE}/stop-today").status_code == 303
    assert "3 of 10" in browser.get(PAGE).text


def _ids(client: FlaskClient) -> list[str]:
    """Return the identifiers on the page, newest first."""
    return re.findall(r'name="check_in" value="(\w+)"', client.get(PAGE).text)


def _all_rows(room: Room) -> dict[str, list[tuple[object, ...]]]:
    with room.database.reading() as session:
        return {
            table.name: sorted(
                (tuple(row) for row in session.connection().execute(sa.select(table))), key=repr
            )
            for table in metadata.sorted_tables
        }
