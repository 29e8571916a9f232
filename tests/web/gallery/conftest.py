"""One gallery server and one Chromium for all tests that look at pages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.web.gallery.application import create_gallery
from tests.web.gallery.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def gallery() -> Flask:
    return create_gallery()


@pytest.fixture(scope="session")
def address(gallery: Flask) -> Iterator[str]:
    with served(gallery) as url:
        yield url


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said: errors and violations of the policy."""
    return []


@pytest.fixture
def page(browser: "Browser", complaints: list[str]) -> Iterator["Page"]:
    """A fresh page, 1280 wide. A test fails if its console complained."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(8000)
    opened = context.new_page()
    opened.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def posts(gallery: Flask) -> list[dict[str, list[str]]]:
    """What the desk's stubs received since the test began."""
    received: list[dict[str, list[str]]] = gallery.extensions["posts"]
    received.clear()
    return received
