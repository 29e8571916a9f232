"""The desk over time: hiding, breaks, drafts, failures, leaving and coming back."""

from typing import TYPE_CHECKING

import pytest

from tests.web.gallery.test_desk_keys import Posts, answers, begin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_text_is_gone_when_its_time_is_over_and_the_answer_stays(
    page: "Page", address: str, posts: Posts
) -> None:
    begin(page, address, "brief")
    page.keyboard.press("3")
    page.locator("#hidden").wait_for()

    assert "egg" not in page.locator("#desk").inner_text()
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()
    assert answers(posts)[0]["preference"] == ["-1"]


def test_a_moment_removes_everything_before_the_server_answers(
    page: "Page", address: str, posts: Posts, complaints: list[str]
) -> None:
    page.route("**/moment", lambda route: route.abort())
    begin(page, address, "helpfulness")
    page.keyboard.press("m")
    page.locator("#moment").wait_for()

    assert "egg" not in page.locator("body").inner_text()
    assert page.locator("#moment a[href='tel:0800555010']").is_visible()
    assert page.locator("#trouble").is_hidden()
    complaints.clear()  # the aborted request itself


def test_a_break_counts_down_in_words_and_says_when_it_is_over(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("b")
    page.locator("#break").wait_for()
    page.get_by_text("10 seconds").wait_for()
    page.locator("#break .button").wait_for()

    assert page.locator("#announcement").inner_text().startswith("The break is over")


def test_a_draft_is_kept_after_a_pause(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("5")
    page.get_by_text("Draft kept").wait_for()

    assert posts[-1]["endpoint"] == ["desk.save_draft"]
    assert posts[-1]["preference"] == ["1"]
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "preference" in kept
    assert "egg" not in kept


def test_an_answer_that_cannot_be_sent_is_kept_and_sent_again(
    page: "Page", address: str, posts: Posts, complaints: list[str]
) -> None:
    page.route("**/submit", lambda route: route.abort())
    begin(page, address, "helpfulness")
    page.keyboard.press("7")
    page.keyboard.press("r")
    page.keyboard.type("kept words")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.locator("#trouble").wait_for()
    assert page.locator("#rationale").input_value() == "kept words"
    assert page.locator("input[name=preference]:checked").get_attribute("value") == "3"

    page.unroute("**/submit")
    page.get_by_role("button", name="Try again").click()
    page.locator("#undo").wait_for()

    assert answers(posts)[0]["rationale"] == ["kept words"]
    assert page.locator("#trouble").is_hidden()
    complaints.clear()  # the aborted request itself


def test_a_server_that_fails_is_told_apart_from_one_out_of_reach(
    page: "Page", address: str, complaints: list[str]
) -> None:
    begin(page, address, "broken")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator("#trouble").wait_for()

    assert page.locator("#trouble [data-kind=refused]").is_visible()
    assert page.locator("#trouble [data-kind=network]").is_hidden()
    complaints.clear()  # the 503 itself


def test_an_incomplete_answer_is_not_sent_and_the_text_stays(
    page: "Page", address: str, posts: Posts
) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("Enter")

    assert page.locator("#problem").inner_text() == "Choose an answer first, or decline the item."
    assert answers(posts) == []


def test_a_refused_answer_is_explained_without_touching_the_item(
    page: "Page", address: str, complaints: list[str]
) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("1")
    page.locator("#why summary").click()
    page.locator("#rationale").fill("refuse this")
    page.locator(".save").click()
    page.get_by_text("Choose an answer, then save").wait_for()

    assert page.locator("#rationale").input_value() == "refuse this"
    assert page.locator("#completion-1").is_visible()
    complaints.clear()  # Chromium reports the 422 itself


def test_pressing_save_many_times_sends_one_answer(
    page: "Page", address: str, posts: Posts
) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("1")
    page.evaluate("for (let i = 0; i < 5; i += 1) document.querySelector('.save').click()")
    page.locator("#undo").wait_for()

    assert len(answers(posts)) == 1


def test_a_box_drawn_larger_does_not_carry_its_style_to_the_next_item(
    page: "Page", address: str
) -> None:
    """The handle of a text box writes a style attribute; copying it would break the policy."""
    begin(page, address, "helpfulness")
    page.keyboard.press("r")
    page.evaluate("document.querySelector('#rationale').style.height = '200px'")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()

    assert page.locator("#rationale").get_attribute("style") is None


def test_the_text_is_not_there_after_going_back(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.goto(f"{address}/scene/sessions")
    page.go_back()
    page.locator("#ready").wait_for()

    assert "egg" not in page.locator("body").inner_text()


def test_leaving_the_page_takes_the_text_away_at_once(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")

    assert "egg" not in page.locator("body").inner_text()
    assert page.locator("#ready").is_visible()


def test_the_whole_loop_works_without_scripts(
    browser: "Browser", address: str, posts: Posts
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{address}/desk/helpfulness")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Second is clearly better").check(force=True)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="not this one").click()
    page.get_by_role("button", name="I need a moment").click()

    assert page.get_by_role("heading", name="Nothing more is shown.").is_visible()
    assert answers(posts)[0]["preference"] == ["2"]
    assert [post["endpoint"][0] for post in posts] == [
        "desk.next_item", "desk.submit", "desk.decline", "desk.moment",
    ]  # fmt: skip
    context.close()


def test_harm_works_without_scripts(browser: "Browser", address: str, posts: Posts) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/desk/harm")
    page.get_by_role("button", name="Continue").click()
    page.locator("input[name='severity-0'][value='2']").check(force=True)
    page.locator("input[name='hazards-0'][value='hte']").check(force=True)
    page.locator("input[name='severity-1'][value='0']").check(force=True)
    page.get_by_role("button", name="Save").click()

    assert answers(posts)[0]["hazards-0"] == ["hte"]
    context.close()
