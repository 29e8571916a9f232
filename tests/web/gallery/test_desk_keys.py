"""The desk by keyboard alone, as a person works it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Posts = list[dict[str, list[str]]]


def begin(page: "Page", address: str, slug: str) -> None:
    page.goto(f"{address}/desk/{slug}")
    page.keyboard.press("Enter")
    page.locator("#item").wait_for()


def answers(posts: Posts) -> list[dict[str, list[str]]]:
    return [post for post in posts if post["endpoint"] == ["desk.submit"]]


def test_one_key_chooses_and_enter_saves(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("2")
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()

    (answer,) = answers(posts)
    assert answer["preference"] == ["2"]
    assert answer["key"] == ["5f2c1b7a9e"]


@pytest.mark.parametrize(
    ("keys", "value"),
    [("1", "-3"), ("4", "tie"), ("0", "tie"), ("7", "3"), ("x", "both_bad")],
)
def test_each_key_chooses_what_it_shows(
    page: "Page", address: str, posts: Posts, keys: str, value: str
) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press(keys)

    assert page.locator("input[name=preference]:checked").get_attribute("value") == value


@pytest.mark.parametrize(("direction", "value"), [("ltr", "-2"), ("rtl", "2")])
def test_arrows_step_towards_the_side_they_point_at(
    page: "Page", address: str, direction: str, value: str
) -> None:
    page.goto(f"{address}/scene/desk-preference?direction={direction}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")

    assert page.locator("input[name=preference]:checked").get_attribute("value") == value


def test_a_reason_is_one_key_away_and_keys_rest_in_its_box(
    page: "Page", address: str, posts: Posts
) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.keyboard.type("x marks nothing here")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()

    (answer,) = answers(posts)
    assert answer["preference"] == ["-1"]
    assert answer["rationale"] == ["x marks nothing here"]


def test_harm_is_rated_by_digits_and_enter_alone(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "harm")
    page.keyboard.press("2")
    page.keyboard.press("1")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()

    (answer,) = answers(posts)
    assert answer["severity-0"] == ["2"]
    assert answer["hazards-0"] == ["vcr", "hte"]
    assert answer["severity-1"] == ["0"]
    assert "hazards-1" not in answer


def test_benign_takes_the_kinds_of_harm_with_it(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "harm")
    page.keyboard.press("2")
    page.keyboard.press("1")
    page.locator("input[name='severity-0'][value='0']").focus()
    page.keyboard.press("0")

    assert page.locator("input[name='hazards-0']:checked").count() == 0


@pytest.mark.parametrize(("key", "scope"), [("n", "item"), ("k", "category"), ("l", "project")])
def test_declining_is_one_key_and_asks_nothing(
    page: "Page", address: str, posts: Posts, key: str, scope: str
) -> None:
    begin(page, address, "helpfulness")
    first = page.locator("#item").get_attribute("data-assignment")
    page.keyboard.press(key)
    page.locator(f"#item:not([data-assignment='{first}'])").wait_for()

    assert posts[-1]["endpoint"] == ["desk.decline"]
    assert posts[-1]["scope"] == [scope]
    assert posts[-1]["assignment"] == [first]


@pytest.mark.parametrize(("key", "scope"), [("v", "severity"), ("h", "today")])
@pytest.mark.parametrize("before", ["", "2", "r"])
def test_what_is_severe_is_declined_by_a_key_although_its_button_is_folded_away(
    page: "Page", address: str, posts: Posts, key: str, scope: str, before: str
) -> None:
    page.goto(f"{address}/scene/desk-hard")
    for pressed in (before, "Escape" if before == "r" else "", key):
        if pressed:
            page.keyboard.press(pressed)
    page.wait_for_load_state("networkidle")

    assert posts[-1]["endpoint"] == ["desk.decline"]
    assert posts[-1]["scope"] == [scope]


def test_an_item_in_between_says_whose_it_is_and_goes_back_with_its_answer(
    page: "Page", address: str, posts: Posts
) -> None:
    page.goto(f"{address}/scene/desk-between")
    assert "In between, an item of Helpfulness" in page.locator("#item .between").inner_text()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")

    assert posts[-1]["home"] == ["harm"]


def test_backspace_takes_the_last_answer_back(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.locator("#undo").wait_for()
    page.keyboard.press("Backspace")
    page.locator("#item:not(:has(#undo))").wait_for()

    assert posts[-1]["endpoint"] == ["desk.undo"]
    assert posts[-1]["rating"] == ["0c7d1f0e-6a52-4a8e-9f0c-6a8d2f6b7c11"]


def test_the_new_item_is_announced_and_takes_the_focus(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")

    assert page.locator("#announcement").inner_text() == "New item with 2 completions"
    assert page.evaluate("document.activeElement.textContent") == "Prompt"


def test_guidelines_open_over_the_item_and_give_the_focus_back(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("3")
    page.keyboard.press("g")
    page.locator("#guidelines-dialog[open] article").wait_for()
    page.keyboard.press("Escape")
    page.locator("#guidelines-dialog:not([open])").wait_for(state="attached")

    assert page.evaluate("document.activeElement.value") == "-1"
    assert page.locator("#item").count() == 1


def test_keys_with_modifiers_do_nothing(page: "Page", address: str, posts: Posts) -> None:
    begin(page, address, "helpfulness")
    for key in ("Control+1", "Alt+x", "Control+Enter", "Meta+n"):
        page.keyboard.press(key)

    assert page.locator("input[name=preference]:checked").count() == 0
    assert [post["endpoint"] for post in posts] == [["desk.next_item"]]


def test_single_keys_can_be_switched_off(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")

    assert page.locator("input[name=preference]:checked").count() == 0


def test_everything_works_by_tab_and_space_without_single_keys(
    page: "Page", address: str, posts: Posts
) -> None:
    begin(page, address, "helpfulness")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "preference":
            break
    page.keyboard.press("Space")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className").startswith("button save"):
            break
    page.keyboard.press("Space")
    page.locator("#undo").wait_for()

    assert answers(posts)[0]["preference"] == ["-3"]


def test_differences_come_on_demand_and_go_again(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    before = page.locator("#completion-1").inner_text()
    page.keyboard.press("d")
    assert page.locator("#completion-1 mark").count() > 0
    assert page.locator("#completion-1").inner_text() == before
    page.keyboard.press("d")

    assert page.locator("mark").count() == 0


def test_plain_text_and_size_stay_chosen_for_the_next_item(page: "Page", address: str) -> None:
    begin(page, address, "helpfulness")
    page.keyboard.press("p")
    page.keyboard.press("+")
    page.keyboard.press("n")
    page.locator("#item:not([data-assignment='assignment-1'])").wait_for()

    assert page.locator("#completion-1 .plain").is_visible()
    assert page.locator("html.size-3").count() == 1
