"""A server on this machine and a real Chromium that visits it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from labelhub.store.database import Database
from tests.support.application import token_for
from tests.support.world import Person, World
from tests.worlds import HandClock

CHROMIUM = os.environ.get("LABELHUB_CHROMIUM") or next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """Serve the application on a free port; return its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    args = ["--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses the superuser otherwise
    try:
        playwright = api.sync_playwright().start()
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    except Exception as error:
        if os.environ.get("LABELHUB_REQUIRE_BROWSER"):
            raise
        pytest.skip(f"no browser: {str(error).splitlines()[0]}")
    yield chromium
    chromium.close()
    playwright.stop()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Return a page of a fresh browser; what it complains about fails the test."""
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def page_as(
    page: Any, live_server: str, database: Database, world: World, clock: HandClock
) -> Callable[[Person], Any]:
    """Return a function that signs the page's browser in as a person."""

    def make(person: Person) -> Any:
        token = token_for(database, person, clock)
        cookie = {"name": "labelhub", "value": token, "url": live_server}
        page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
        return page

    return make
