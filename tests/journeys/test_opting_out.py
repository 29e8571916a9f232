"""Opting out works in every state that a walk over a labeler's pages finds, within two keys."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from labelhub.store.database import Database
from tests.journeys.demonstration import demonstration
from tests.journeys.pictures import desk_harm, desk_veiled, join, sign_in_as

pytestmark = pytest.mark.browser

_IDENTIFIER = re.compile(r"[0-9a-f]{8}-?[0-9a-f-]{24,}|\d+")
_LEADS_AWAY = re.compile(r"/sign-in|/static|\.json|\.csv|download|/export")
FIELD = "textarea, select, input:not([type=radio]):not([type=checkbox])"

Place = tuple[str, Database]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Place]:
    assert browser
    with demonstration(tmp_path_factory.mktemp("opting-out")) as found:
        yield found


@pytest.fixture
def page(browser: Any, place: Place) -> Iterator[Any]:
    context = browser.new_context()
    page = context.new_page()
    sign_in_as(page, place[0], "labeler", "Ridgeline")
    yield page
    context.close()
    forget(place[1])


def standing(database: Database) -> list[str]:
    """Return the scopes of all opt-outs in force."""
    with database.reading() as session:
        found = session.connection().execute(
            sa.text("SELECT scope FROM opt_out WHERE ended_at IS NULL AND started_at >= :start"),
            {"start": START},
        )
        return [row.scope for row in found]


def forget(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(
            sa.text("DELETE FROM opt_out WHERE started_at >= :start"), {"start": START}
        )


START = "1970"  # replaced once the demonstration's own history is laid


@pytest.fixture(autouse=True)
def _since_now(place: Place) -> None:
    global START  # noqa: PLW0603 the moment after which choices are the test's own
    if START == "1970":
        with place[1].reading() as session:
            clock = session.connection().execute(sa.text("SELECT gate_time FROM gate_clock"))
            START = str(clock.scalar_one())


def within_two_keys(page: Any, key: str) -> None:
    """Press the key; out of a field or a dialog, one key before it."""
    in_field = page.evaluate("field => document.activeElement.matches(field)", FIELD)
    if in_field or page.locator("dialog[open]").count():
        page.keyboard.press("Escape")
    page.keyboard.press(key)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(150)


def addresses(page: Any, start: str) -> list[str]:
    """Walk every link a labeler can follow and return one address of each kind of page."""
    found: dict[str, str] = {}
    waiting = [f"{start}/"]
    while waiting:
        address = waiting.pop(0)
        kind = _IDENTIFIER.sub("*", address.partition("?")[0])
        if kind in found or not address.startswith(start) or _LEADS_AWAY.search(address):
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status < 400, address
        found[kind] = address
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        waiting += [link.partition("#")[0] for link in links]
    return list(found.values())


def test_hard_content_stops_for_today_from_every_page_a_labeler_can_open(
    page: Any, place: Place
) -> None:
    start, database = place
    found = addresses(page, start)
    assert len(found) > 10, found
    silent = []
    for address in found:
        forget(database)
        page.goto(address)
        within_two_keys(page, "h")
        if "today" not in standing(database):
            silent.append(address.removeprefix(start))
    assert silent == []


def ready(page: Any, address: str) -> None:
    join(page, address, "harm")
    page.goto(f"{address}/desk/harm")


def resting(page: Any, address: str) -> None:
    ready(page, address)
    page.keyboard.press("b")
    page.locator("#break").wait_for()


def in_a_moment(page: Any, address: str) -> None:
    ready(page, address)
    page.keyboard.press("m")
    page.locator("#moment").wait_for()


def typing(page: Any, address: str) -> None:
    desk_harm(page, address)
    page.keyboard.press("r")
    page.keyboard.type("half a thou")


def reading_keys(page: Any, address: str) -> None:
    desk_harm(page, address)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()


def rating_kinds(page: Any, address: str) -> None:
    """Tick a severity, so that letters belong to the kinds of harm."""
    desk_harm(page, address)
    page.keyboard.press("2")


STATES: dict[str, Callable[[Any, str], None]] = {
    "ready": ready,
    "veil": desk_veiled,
    "harm": desk_harm,
    "kinds of harm": rating_kinds,
    "typing": typing,
    "keys": reading_keys,
    "own break": resting,
    "moment": in_a_moment,
}


@pytest.mark.parametrize("state", STATES)
def test_hard_content_stops_for_today_in_every_state_of_the_desk(
    page: Any, place: Place, state: str
) -> None:
    STATES[state](page, place[0])
    within_two_keys(page, "h")
    assert "today" in standing(place[1])


@pytest.mark.parametrize("state", ["ready", "harm", "own break"])
def test_a_project_is_left_in_every_state_of_its_desk(page: Any, place: Place, state: str) -> None:
    STATES[state](page, place[0])
    within_two_keys(page, "l")
    assert "project" in standing(place[1])


@pytest.mark.parametrize(("key", "scope"), [("n", "item"), ("k", "category"), ("l", "project")])
@pytest.mark.parametrize("state", ["typing"])
def test_an_item_in_hand_is_declined_with_all_its_kind(
    page: Any, place: Place, state: str, key: str, scope: str
) -> None:
    STATES[state](page, place[0])
    within_two_keys(page, key)
    assert scope in standing(place[1])


@pytest.mark.parametrize(("key", "scope"), [("n", "item"), ("k", "category"), ("h", "today")])
def test_a_veiled_item_is_declined(page: Any, place: Place, key: str, scope: str) -> None:
    desk_veiled(page, place[0])
    within_two_keys(page, key)
    assert scope in standing(place[1])
