"""Every documented page of the real demonstration: reachable, accessible, within its width."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.demonstration import demonstration
from tests.journeys.pictures import PAGES, SCHEMES, WIDTHS, join, sign_in_as

AXE = (Path(__file__).parents[1] / "web/axe-4.14.1.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[str]:
    """Serve one demonstration for all pages; without a browser it is not laid at all."""
    assert browser
    with demonstration(tmp_path_factory.mktemp("demonstration")) as (address, _database):
        yield address


@pytest.mark.parametrize(("width", "scheme"), list(zip(WIDTHS, SCHEMES, strict=True)))
def test_no_page_has_a_grave_barrier_or_overflows(
    address: str, browser: Any, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    found: list[str] = []
    for name, open_page in PAGES.items():
        open_page(page, address)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            f"{name}: {one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in result["violations"]
            if one["impact"] in GRAVE
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than the window")
    context.close()
    assert found == []
    assert complaints == []


def test_a_labeler_rates_by_keyboard_and_takes_it_back(address: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    PAGES["desk-preference"](page, address)
    first = page.locator("#item").get_attribute("data-assignment")

    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.locator(f"#item:not([data-assignment='{first}'])").wait_for()
    page.keyboard.press("Backspace")
    page.locator(f"#item[data-assignment='{first}']").wait_for()

    assert page.locator("input[name=preference][value='-2']").is_checked()
    context.close()


def test_back_never_shows_text_again(address: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    PAGES["desk-preference"](page, address)
    page.goto(f"{address}/")

    page.go_back()
    page.get_by_role("button", name="Continue").wait_for()

    assert page.locator("#item").count() == 0
    context.close()


def test_a_second_tab_shows_the_same_item_and_no_second_one(address: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    PAGES["desk-preference"](page, address)
    first = page.locator("#item").get_attribute("data-assignment")

    other = context.new_page()
    other.goto(f"{address}/desk/helpfulness")
    other.get_by_role("button", name="Continue").click()
    other.locator("#item").wait_for()

    assert other.locator("#item").get_attribute("data-assignment") == first
    context.close()


def test_everything_works_without_scripts(address: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in_as(page, address, "labeler", "Ridgeline")
    join(page, address, "multi-turn")
    page.get_by_role("button", name="Continue").click()
    first = page.locator("#item").get_attribute("data-assignment")

    page.get_by_role("button", name="Save").click()
    assert page.locator("#item").get_attribute("data-assignment") == first, "an answer is needed"
    page.locator("input[name=preference][value='1']").check(force=True)
    page.get_by_role("button", name="Save").click()
    page.locator("#item").wait_for()
    second = page.locator("#item").get_attribute("data-assignment")
    page.get_by_role("button", name="not this one").click()
    page.locator("#item").wait_for()

    assert len({first, second, page.locator("#item").get_attribute("data-assignment")}) == 3
    context.close()
