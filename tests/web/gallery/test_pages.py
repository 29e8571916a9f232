"""Every page: nothing serious for axe, nothing overflowing, nothing against the policy."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.gallery.desk_scenes import SCENES as DESK_SCENES
from tests.web.gallery.page_scenes import SCENES as PAGE_SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
NAMES = [*DESK_SCENES, *PAGE_SCENES]
AXE = (Path(__file__).parents[1] / "axe-4.14.1.min.js").read_text(encoding="utf-8")
GRAVE = {"serious", "critical"}
NARROW = {"width": 360, "height": 740}


def faults(page: "Page") -> list[str]:
    """Return what axe calls serious or critical, with the places."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:140]} {[one['message'] for one in node['any']]}"
        for violation in found["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious_in_light_and_dark(page: "Page", address: str, name: str) -> None:
    page.goto(f"{address}/scene/{name}")
    light = faults(page)
    page.emulate_media(color_scheme="dark")
    dark = faults(page)

    assert (light, dark) == ([], [])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows_a_narrow_page_in_either_direction(
    page: "Page", address: str, name: str
) -> None:
    page.set_viewport_size(NARROW)
    for direction in ("ltr", "rtl"):
        page.goto(f"{address}/scene/{name}?direction={direction}")

        assert overflowing(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def overflowing(page: "Page") -> list[str]:
    """Return the visible elements that reach past either edge, outside what scrolls by itself."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter((element) => !element.closest('.table, .visually-hidden, .text, .skip, svg'))
          .filter((element) => element.checkVisibility())
          .filter((element) => { const box = element.getBoundingClientRect();
            return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1); })
          .map((element) => element.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("name", ["start", "desk-preference", "desk-harm-pair", "project"])
def test_axe_finds_nothing_serious_from_right_to_left(
    page: "Page", address: str, name: str
) -> None:
    page.goto(f"{address}/scene/{name}?direction=rtl")

    assert faults(page) == []


def test_the_list_of_keys_passes_axe_too(page: "Page", address: str) -> None:
    page.goto(f"{address}/scene/desk-preference")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()

    assert faults(page) == []
