"""A check-in in a real browser: it comes beside the item, takes no focus, and goes by one key."""

from typing import Any

import pytest

from labelhub.services import sign_ins
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.services.desk.test_declaring import _half_a_day as half_a_day
from tests.support.application import SECRET_KEY
from tests.worlds import HandClock

pytestmark = pytest.mark.browser


@pytest.fixture
def room(database: Database, clock: HandClock) -> Room:
    made = furnish(database, clock, items=[2] * 3, max_severity=2)
    made.consent(2)
    half_a_day(made)
    assert made.go_on_with_hard()
    return made


def asked(page: Any, live_server: str, room: Room) -> Any:
    """Sign in, answer an item at the desk by keyboard, and return the page that then asks."""
    token = room.run(
        lambda s: sign_ins.start(
            s, room.who(), "Test", (SECRET_KEY,), room.clock.now(), second_factor_at=None
        )
    )
    page.context.add_cookies([{"name": "labelhub", "value": token, "url": live_server}])
    page.goto(f"{live_server}/desk/pilot")
    page.keyboard.press("Enter")
    page.locator("#item").wait_for()
    room.clock.pass_(minutes=1)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.locator("#check-in form").wait_for()
    return page


def test_the_item_has_the_focus_and_its_keys_while_a_check_in_is_offered(
    page: Any, live_server: str, room: Room
) -> None:
    asked(page, live_server, room)

    assert page.evaluate("document.activeElement.closest('#item') !== null")
    assert "You can leave it." in page.locator("#announcement").text_content()
    page.keyboard.press("3")
    assert page.locator("input[name=preference]:checked").get_attribute("value") == "-1"
    page.keyboard.press("q")
    page.locator("#check-in").wait_for(state="hidden")
    assert page.locator("input[name=preference]:checked").get_attribute("value") == "-1"
    assert room.rows("check_in") == []


def test_an_answer_is_kept_beside_the_item_and_words_go_with_it(
    page: Any, live_server: str, room: Room
) -> None:
    asked(page, live_server, room)
    page.keyboard.press("3")
    page.get_by_text("In your own words").first.click()
    page.locator("#check-in-words").fill("a bit much, 1 2 3")
    page.get_by_role("button", name="4 of 10").click()
    page.get_by_text("Kept, for your eyes alone").wait_for()

    assert page.locator("input[name=preference]:checked").get_attribute("value") == "-1"
    assert len(room.rows("check_in")) == 1
    page.get_by_role("link", name="What you wrote before").click()
    assert "a bit much, 1 2 3" in page.locator("main").text_content()


def test_choosing_to_stop_hard_content_clears_the_desk(
    page: Any, live_server: str, room: Room
) -> None:
    asked(page, live_server, room)
    page.get_by_role("button", name="9 of 10").click()
    page.get_by_role("button", name="No hard content today").click()
    page.locator("#ready").wait_for()

    assert page.locator("#item").count() == 0
    assert [row.scope for row in room.rows("opt_out")] == ["today"]


def test_left_alone_it_goes_with_the_next_answer(page: Any, live_server: str, room: Room) -> None:
    asked(page, live_server, room)
    room.clock.pass_(minutes=1)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.locator("#check-in").wait_for(state="hidden")

    assert page.locator("#item, #nothing, #refusal, #break").count() == 1
