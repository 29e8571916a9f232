"""Signing in with a real browser: the policy breaks nothing, and nothing leaves this machine."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.browser


def test_a_labeler_signs_in_and_out(page: Any, live_server: str, world: World) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{live_server}/")
    page.get_by_label("E-mail address").fill(world.amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{live_server}/")
    assert page.title().startswith("What is on offer") or "Start" in page.title()

    page.get_by_text(world.amina.name, exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server}/sign-in")

    outside = [url for url in requests if not url.startswith((live_server, "data:"))]
    assert outside == []


def test_an_administrator_invites_and_sees_the_link_once(
    page_as: Callable[..., Any], live_server: str, world: World
) -> None:
    page = page_as(world.farid)
    page.goto(f"{live_server}/administration/people")
    page.get_by_label("E-mail address").fill("juno@example.org")
    page.get_by_label("Role").select_option("researcher")
    page.get_by_label("Organisation").select_option("lab")
    page.get_by_role("button", name="Make an invitation link").click()
    link = page.get_by_label("The invitation link").input_value()
    assert link.startswith(f"{live_server}/invitation/")

    page.goto(f"{live_server}/administration/people")
    assert link not in page.content()
    assert "juno@example.org" in page.content()


def test_the_second_factor_can_be_scanned(
    page_as: Callable[..., Any], live_server: str, world: World
) -> None:
    page = page_as(world.amina)
    page.goto(f"{live_server}/account/second-factor")

    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
