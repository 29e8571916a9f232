"""The desk's pages: what was done is said as it is, and every way out is on every page."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labelhub.domain.vocabulary import InstrumentName, OptOutScope, Role
from labelhub.services import sign_ins
from labelhub.services.showing import Shown
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.web import support
from labelhub.web.context import EXTENSION
from tests.canary import MARK
from tests.services.desk.room import FIRST, SECOND, Room, furnish, harm
from tests.support.application import SECRET_KEY, make_app
from tests.worlds import HandClock, add_items

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    return furnish(database, clock, items=[0] * 4)


@pytest.fixture
def desk_app(database: Database, clock: HandClock, tmp_path: Path) -> Iterator[Flask]:
    url = database.url.render_as_string(hide_password=False)
    app = make_app(Settings(data=tmp_path, database_url=url, secret_key=SECRET_KEY), clock)
    yield app
    app.extensions[EXTENSION].database.dispose()


def signed_in(app: Flask, room: Room) -> FlaskClient:
    """Return a browser of the room's first labeler."""
    token = room.run(
        lambda s: sign_ins.start(
            s, room.who(), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )
    client = app.test_client()
    client.set_cookie("labelhub", token, domain="localhost")
    return client


def form_of(shown: Shown, fields: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    return {
        "assignment": [shown.assignment.id.hex], "key": [uuid4().hex], **(fields or {}),
    }  # fmt: skip


def close(room: Room) -> None:
    """Close the project to the labeler's team, as its researcher does."""
    room.change("project_opening", {"project_id": room.desk.project}, closed_at=room.clock.now())


def said_on_start(client: FlaskClient, answer: object) -> str:
    """Follow an answer to the start page and return what stands at its top."""
    assert answer.status_code == 303  # type: ignore[attr-defined]
    assert answer.headers["Location"] == "/"  # type: ignore[attr-defined]
    page = client.get("/").text
    (notice,) = re.findall(r'<p class="notice" role="status">(.*?)</p>', page)
    return str(notice)


def test_an_answer_saved_while_the_project_was_closed_is_said_to_be_saved(
    desk_app: Flask, room: Room
) -> None:
    client, shown = signed_in(desk_app, room), room.shown()
    close(room)

    answer = client.post("/desk/pilot/submit", data=form_of(shown, FIRST))

    assert said_on_start(client, answer) == (
        "Your answer is saved; this project is closed to you now."
    )
    assert [row.status for row in room.rows("rating")] == ["accepted"]


def test_an_answer_saved_after_leaving_in_another_tab_is_said_to_be_saved(
    desk_app: Flask, room: Room
) -> None:
    client, shown = signed_in(desk_app, room), room.shown()
    room.decline(OptOutScope.PROJECT)

    answer = client.post("/desk/pilot/submit", data=form_of(shown, FIRST), headers=FRAGMENT)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/")
    assert "Your answer is saved; this project is closed to you now." in client.get("/").text
    assert [row.status for row in room.rows("rating")] == ["late"]


def test_an_answer_saved_while_the_project_was_paused_is_no_error(
    desk_app: Flask, room: Room
) -> None:
    client, shown = signed_in(desk_app, room), room.shown()
    room.change("project", {"id": room.desk.project}, paused_at=room.clock.now())

    answer = client.post("/desk/pilot/submit", data=form_of(shown, FIRST))

    assert answer.status_code == 200
    assert "Your answer is saved." in answer.text
    assert "You have no engagement for this project at the moment." in answer.text


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("break", "Your break has begun; this project is closed to you now."),
        ("decline", "Your choice is kept; this project is closed to you now."),
        ("prohibited", "The item is stopped for everyone; this project is closed to you now."),
        ("next", "This project is closed to you now."),
    ],
)
def test_what_was_done_in_a_project_that_closed_is_said(
    desk_app: Flask, room: Room, act: str, said: str
) -> None:
    client, shown = signed_in(desk_app, room), room.shown()
    close(room)

    answer = client.post(f"/desk/pilot/{act}", data=form_of(shown, {"scope": ["item"]}))

    assert said_on_start(client, answer) == said


def test_an_older_page_takes_back_nothing_and_the_page_says_so(desk_app: Flask, room: Room) -> None:
    client = signed_in(desk_app, room)
    first = room.accepted(room.shown())
    room.clock.pass_(seconds=3)
    room.accepted(room.shown())

    for rating in (first.rating_id.hex, "", "none"):
        answer = client.post("/desk/pilot/undo", data={"rating": rating})
        assert "Your last answer stands. Nothing was changed." in answer.text
        assert not MARK.search(answer.data)

    assert {row.status for row in room.rows("rating")} == {"accepted"}


def test_the_undo_of_a_page_takes_back_the_answer_it_names(desk_app: Flask, room: Room) -> None:
    client = signed_in(desk_app, room)
    page = client.post("/desk/pilot/submit", data=form_of(room.shown(), FIRST)).text
    (rating,) = re.findall(r'name="rating" value="([0-9a-f]{32})"', page)

    client.post("/desk/pilot/undo", data={"rating": rating})

    assert [row.status for row in room.rows("rating", id=UUID(rating))] == ["withdrawn"]


def test_in_a_break_no_undo_is_offered_and_sending_it_keeps_the_answer(
    desk_app: Flask, room: Room
) -> None:
    client = signed_in(desk_app, room)
    rated = room.accepted(room.shown())

    page = client.post("/desk/pilot/break").text
    answer = client.post("/desk/pilot/undo", data={"rating": rated.rating_id.hex})

    assert 'id="undo"' not in page
    assert "Your last answer stands. Nothing was changed." in answer.text
    assert [row.status for row in room.rows("rating")] == ["accepted"]


def test_an_answer_typed_without_scripts_is_kept_when_hard_content_is_declined(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0], max_severity=2)
    client, shown = signed_in(desk_app, room), room.shown()

    page = client.post("/desk/pilot/decline", data=form_of(shown, {"scope": ["today"], **SECOND}))

    assert "clearer</textarea>" in page.text
    (draft,) = room.rows("draft")
    assert draft.assignment_id == shown.assignment.id


@pytest.mark.parametrize(("tier", "offered"), [(0, False), (1, False), (2, True)])
@pytest.mark.parametrize("veil", [1, 5])
def test_nothing_this_severe_is_offered_for_hard_content_alone(
    desk_app: Flask, database: Database, clock: HandClock, tier: int, veil: int, *, offered: bool
) -> None:
    room = furnish(database, clock, items=[tier], max_severity=2, veil_tier=veil)
    room.consent(2)

    page = signed_in(desk_app, room).post("/desk/pilot/next").text

    assert ('value="severity"' in page) is offered
    assert 'value="today"' in page


def _ready(client: FlaskClient, room: Room) -> str:
    del room
    return client.get("/desk/pilot").text


def _resting(client: FlaskClient, room: Room) -> str:
    del room
    return client.post("/desk/pilot/break").text


def _refused(client: FlaskClient, room: Room) -> str:
    room.change("item", {"project_id": room.desk.project}, tier=2, severity=2)
    page = client.post("/desk/pilot/next").text
    assert 'id="refusal"' in page
    return page


def _nothing(client: FlaskClient, room: Room) -> str:
    room.change("item", {"project_id": room.desk.project}, state="withdrawn")
    page = client.post("/desk/pilot/next").text
    assert 'id="nothing"' in page
    return page


def _start(client: FlaskClient, room: Room) -> str:
    del room
    return client.get("/").text


@pytest.mark.parametrize("page", [_ready, _resting, _refused, _nothing, _start])
def test_leaving_and_stopping_hard_content_are_offered_where_no_item_is(
    desk_app: Flask, database: Database, clock: HandClock, page: object
) -> None:
    room = furnish(database, clock, items=[0], max_severity=2)
    client = signed_in(desk_app, room)

    text = re.sub(r"<template.*?</template>", "", page(client, room), flags=re.DOTALL)  # type: ignore[operator]

    for scope in ("project", "today"):
        (button,) = re.findall(rf'<button[^>]*name="scope" value="{scope}"[^>]*>', text)
        assert 'type="submit"' in button
    room.decline(OptOutScope.TODAY)
    assert 'value="today"' not in page(client, room)  # type: ignore[operator]


def test_a_mild_project_offers_no_stop_of_hard_content(desk_app: Flask, room: Room) -> None:
    client = signed_in(desk_app, room)

    for text in (client.get("/desk/pilot").text, client.get("/").text):
        assert 'value="project"' in text
        assert 'value="today"' not in text


@pytest.mark.parametrize("scope", ["project", "today"])
def test_declining_on_the_start_page_comes_back_to_it_without_any_text(
    desk_app: Flask, room: Room, scope: str
) -> None:
    client = signed_in(desk_app, room)

    answer = client.post("/desk/pilot/decline", data={"scope": scope, "back": "start"})

    assert said_on_start(client, answer).endswith("Nobody is told.")
    assert [row.scope for row in room.rows("opt_out")] == [OptOutScope(scope)]
    assert room.rows("exposure") == []


def test_stopping_hard_content_before_the_first_item_shows_none(
    desk_app: Flask, room: Room
) -> None:
    answer = signed_in(desk_app, room).post(
        "/desk/pilot/decline", data={"scope": "today", "back": "desk"}
    )

    assert 'id="ready"' in answer.text
    assert "No hard content comes until you have had your daily rest." in answer.text
    assert room.rows("exposure") == []


def test_yesterdays_stop_of_hard_content_is_not_todays(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0, 0], max_severity=2)
    room.decline(OptOutScope.TODAY)
    clock.pass_(hours=30)
    assert 'value="today"' in signed_in(desk_app, room).get("/desk/pilot").text


def test_an_item_sent_as_often_as_it_may_be_is_named_with_its_end_and_can_be_given_back(
    desk_app: Flask, room: Room
) -> None:
    client = signed_in(desk_app, room)
    for _ in range(6):
        assert MARK.search(client.post("/desk/pilot/next").data)
    room.clock.pass_(minutes=2)

    page = client.post("/desk/pilot/next")

    assert not MARK.search(page.data)
    assert "another tab, you can answer it there" in page.text
    assert "It was shown to you 6 times" in page.text
    assert "Its time is over in 28 minutes." in page.text
    for scope in ("item", "category", "project"):
        assert f'name="scope" value="{scope}"' in page.text
    (sent,) = re.findall(r'name="assignment" value="([0-9a-f]{32})"', page.text)
    client.post("/desk/pilot/decline", data={"assignment": sent, "scope": "item"})
    assert [row.outcome for row in room.rows("assignment", id=UUID(sent))] == ["declined"]
    assert room.paid() == {"declined": 120}


def test_what_a_pause_is_paid_is_said_as_it_is(desk_app: Flask, room: Room) -> None:
    client = signed_in(desk_app, room)
    own = client.post("/desk/pilot/break").text
    assert "Of the breaks you take yourself, 30 minutes in any eight hours are paid." in own
    for minutes in (30, 20):
        client.post("/desk/pilot/next")
        room.clock.pass_(minutes=minutes)
    due = client.post("/desk/pilot/next").text
    assert "A break is due" in due
    assert "A break that is due is working time, and paid as such." in due
    assert "Your time is paid" not in own + due


def test_rest_between_days_is_not_said_to_be_paid(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[0] * 80)
    client = signed_in(desk_app, room)
    page = client.post("/desk/pilot/next").text
    while "working time of one day" not in page and "first to your last work" not in page:
        room.clock.pass_(minutes=30)
        page = client.post("/desk/pilot/next").text
    assert 'id="break"' in page
    assert "This time is your own; it is not working time." in page
    assert not re.search(r"\bpaid\b", page.split('id="break"')[1].split("</section>")[0])


def test_a_moment_is_given_to_everyone_and_recorded_for_who_is_known(
    desk_app: Flask, room: Room
) -> None:
    answer = desk_app.test_client().post("/moment")
    assert answer.status_code == 200
    assert "findahelpline.com" in answer.text
    assert "paid" not in answer.text
    assert room.rows("rest_break") == []

    known = signed_in(desk_app, room)
    assert "30 minutes in any eight hours are paid" in known.post("/moment").text
    assert [row.kind for row in room.rows("rest_break")] == ["moment"]


def test_a_moment_is_given_to_the_suspended_and_where_the_second_factor_is_due(
    desk_app: Flask, room: Room
) -> None:
    half = signed_in(desk_app, room)
    room.change("membership", {"person_id": room.who()}, role=Role.AUDITOR)
    assert "findahelpline.com" in half.post("/moment").text
    room.change("person", {"id": room.who()}, suspended_at=room.clock.now())
    assert "findahelpline.com" in half.post("/moment").text
    assert room.rows("rest_break") == []


@pytest.mark.parametrize(
    ("country", "browser", "found"),
    [
        ("", "de-CH, en;q=0.5", "CH"),
        ("", "en, en-KE;q=0.8", "KE"),
        ("GB", "de-CH", "GB"),
        ("", "en", ""),
        ("", "en-AQ", ""),
        ("", "", ""),
    ],
)
def test_the_moment_names_help_near_the_person(
    desk_app: Flask, room: Room, country: str, browser: str, found: str
) -> None:
    room.change("person", {"id": room.who()}, country=country)
    page = signed_in(desk_app, room).post("/moment", headers={"Accept-Language": browser}).text
    first = re.findall(r"<strong><bdi>(.*?)</bdi>", page)
    local = support.contacts(found) if found else support.everywhere()
    assert first[0] == local[0]["name"]
    if not country:
        assert first[-len(support.everywhere()) :] == [one["name"] for one in support.everywhere()]


def test_without_scripts_the_page_goes_away_when_the_granted_time_is_over(
    desk_app: Flask, room: Room
) -> None:
    client = signed_in(desk_app, room)
    page = client.post("/desk/pilot/next").text
    (refresh,) = re.findall(r"<noscript><meta http-equiv=\"refresh\" content=\"(.*?)\">", page)
    assert refresh == "1800; url=/desk/pilot?over=1"
    head, _, body = page.partition("</head>")
    assert refresh in head
    assert re.search(r"<noscript><button [^>]*formaction=\"/desk/pilot/draft\"", body)

    over = client.get("/desk/pilot?over=1").text
    assert "The time for the text is over." in over
    assert "http-equiv" not in over


def test_without_scripts_a_draft_is_kept_by_a_button_that_leaves_the_page_as_it_is(
    desk_app: Flask, room: Room
) -> None:
    client, shown = signed_in(desk_app, room), room.shown()
    answer = client.post("/desk/pilot/draft", data=form_of(shown, SECOND))
    assert (answer.status_code, answer.data) == (204, b"")
    assert len(room.rows("draft")) == 1


def test_going_on_is_recorded_only_where_it_is_asked_for(desk_app: Flask, room: Room) -> None:
    signed_in(desk_app, room).post("/desk/pilot/go-on")
    assert room.rows("declaration") == []
    assert "declaration" not in room.events()


@pytest.mark.parametrize("gone", ["paused", "closed"])
def test_guidelines_can_be_read_by_who_works_in_a_project_that_is_paused_or_closed(
    desk_app: Flask, room: Room, gone: str
) -> None:
    client = signed_in(desk_app, room)
    if gone == "paused":
        room.change("project", {"id": room.desk.project}, paused_at=room.clock.now())
    else:
        close(room)
    assert "Rate." in client.get("/desk/pilot/guidelines").text

    room.change("joining", {"person_id": room.who()}, left_at=room.clock.now())
    assert client.get("/desk/pilot/guidelines").status_code == 404


def test_guidelines_can_be_read_while_an_item_of_a_closed_project_is_held(
    desk_app: Flask, room: Room
) -> None:
    client = signed_in(desk_app, room)
    room.shown()
    room.change("joining", {"person_id": room.who()}, left_at=room.clock.now())
    close(room)
    assert "Rate." in client.get("/desk/pilot/guidelines").text


def test_a_refusal_names_joined_projects_with_work_that_is_open_now(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)  # without consent to S2
    mild, hard = room.second_project("mild"), room.second_project("hard")
    room.second_project("empty")
    add_items(database, mild.desk, [0], overlap=1, clock=clock)
    add_items(database, hard.desk, [2], overlap=1, clock=clock)

    page = signed_in(desk_app, room).post("/desk/pilot/next").text

    assert 'id="refusal"' in page
    assert re.findall(r'<a class="button" href="(.*?)"', page) == ["/desk/mild"]
    assert "planned time" not in page


def test_a_refusal_without_other_work_names_none(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[2], max_severity=2)
    page = signed_in(desk_app, room).post("/desk/pilot/next").text
    assert 'id="refusal"' in page
    assert '<a class="button"' not in page


def test_a_harm_answer_that_cannot_be_shown_again_offers_no_undo(
    desk_app: Flask, database: Database, clock: HandClock
) -> None:
    room = furnish(database, clock, items=[1, 1], max_severity=3, instrument=InstrumentName.HARM)
    client, shown = signed_in(desk_app, room), room.shown()
    clock.pass_(timedelta(seconds=4))
    page = client.post("/desk/pilot/submit", data=form_of(shown, harm(3, 0))).text
    assert MARK.search(page.encode())
    assert 'id="undo"' not in page
