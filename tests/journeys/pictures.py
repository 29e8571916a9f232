"""Takes the pictures of the documentation: python -m tests.journeys.pictures docs/screenshots.

Each page is the real one of the real demonstration, in light and dark, 1280 and 360 px wide.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.journeys.demonstration import demonstration
from tests.web.gallery.serving import chromium

WIDTHS = {1280: 800, 360: 740}
SCHEMES = ("light", "dark")
ARGUMENTS = 2

ROWS = """\
{"id": "1", "prompt": "Name three rivers.", "response_1": "The Nile, the Danube and the Volta.", \
"response_2": "Rivers are long.", "model_1": "model-a", "model_2": "model-b", "severity": "S0"}
{"id": "2", "prompt": "What is a haiku?", "response_1": "A short poem of three lines.", \
"response_2": "A kind of bread.", "model_1": "model-a", "model_2": "model-b", "severity": "S0"}
"""


def sign_in_as(page: Any, address: str, role: str, organisation: str = "") -> None:
    """Press the first account of a role on the first page."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")
    page.locator("button.account", has_text=f", {role}").filter(has_text=organisation).first.click()
    page.wait_for_url(f"{address}/")


def sign_in(page: Any, address: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in")


def start(page: Any, address: str) -> None:
    sign_in_as(page, address, "labeler")


def join(page: Any, address: str, slug: str) -> None:
    """Go to a project's desk, joining it first where that is asked."""
    page.goto(f"{address}/desk/{slug}")
    if "/join" in page.url:
        page.get_by_role("button", name="Join").click()
        page.wait_for_url(f"{address}/desk/{slug}")


def desk_preference(page: Any, address: str) -> None:
    sign_in_as(page, address, "labeler")
    join(page, address, "helpfulness")
    page.get_by_role("button", name="Continue").click()
    page.locator("#item").wait_for()


def desk_veiled(page: Any, address: str) -> None:
    sign_in_as(page, address, "labeler", "Ridgeline")
    join(page, address, "harm")
    page.get_by_role("button", name="Continue").click()
    for _ in range(30):
        page.locator("#item, #veil").first.wait_for()
        if page.locator("#veil").count():
            return
        page.get_by_role("button", name="not this one").click()
        page.wait_for_timeout(300)
    raise AssertionError("no veiled item came in thirty")


def desk_harm(page: Any, address: str) -> None:
    desk_veiled(page, address)
    page.get_by_role("button", name="Show", exact=False).first.click()
    page.locator("#item").wait_for()


def desk_break(page: Any, address: str) -> None:
    desk_preference(page, address)
    page.get_by_role("button", name="break", exact=False).first.click()
    page.locator("#break").wait_for()


def moment(page: Any, address: str) -> None:
    start(page, address)
    page.get_by_role("button", name="I need a moment").click()
    page.locator("#moment").wait_for()


def record(page: Any, address: str) -> None:
    start(page, address)
    page.goto(f"{address}/record")


def limits(page: Any, address: str) -> None:
    start(page, address)
    page.goto(f"{address}/limits")


def limits_of_team(page: Any, address: str) -> None:
    sign_in_as(page, address, "vendor manager")
    page.goto(f"{address}/limits/team")


def project(page: Any, address: str) -> None:
    sign_in_as(page, address, "researcher")
    page.goto(f"{address}/projects/helpfulness")


def import_confirm(page: Any, address: str) -> None:
    sign_in_as(page, address, "researcher")
    page.goto(f"{address}/projects/helpfulness/import")
    page.set_input_files(
        "input[type=file]",
        {"name": "rivers.jsonl", "mimeType": "application/jsonlines", "buffer": ROWS.encode()},
    )
    page.locator("form button[type=submit]:visible").last.click()
    page.wait_for_load_state("networkidle")


def release(page: Any, address: str) -> None:
    sign_in_as(page, address, "researcher")
    page.goto(f"{address}/projects/helpfulness/releases")
    if page.locator("article").count() == 0:
        page.get_by_label("Name").fill("helpful-first")
        page.get_by_label("Preference pairs (TRL)", exact=False).first.check()
        page.get_by_role("button", name="Make the release").click()
        page.locator("article").first.wait_for()


PAGES: dict[str, Callable[[Any, str], None]] = {
    "sign-in": sign_in,
    "start": start,
    "desk-preference": desk_preference,
    "desk-veiled": desk_veiled,
    "desk-harm": desk_harm,
    "desk-break": desk_break,
    "moment": moment,
    "record": record,
    "limits": limits,
    "limits-of-team": limits_of_team,
    "project": project,
    "import": import_confirm,
    "release": release,
}


@contextmanager
def everything() -> Iterator[tuple[str, Any]]:
    """Serve a fresh demonstration and open a browser."""
    with (
        tempfile.TemporaryDirectory(prefix="labelhub-") as folder,
        demonstration(Path(folder)) as (address, _database),
        chromium() as browser,
    ):
        yield address, browser


def take(out: Path, chosen: list[str]) -> int:
    """Write <name>-<scheme>-<width>.png for each page; return how many."""
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    with everything() as (address, browser):
        for scheme in SCHEMES:
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                for name, open_page in PAGES.items():
                    if chosen and name not in chosen:
                        continue
                    open_page(page, address)
                    page.screenshot(
                        path=out / f"{name}-{scheme}-{width}.png",
                        full_page=not name.startswith("desk-"),
                    )
                    taken += 1
                context.close()
    return taken


if __name__ == "__main__":
    if len(sys.argv) < ARGUMENTS:
        sys.exit("usage: python -m tests.journeys.pictures OUT_DIR [NAME …]")
    count = take(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write(f"{count} pictures in {sys.argv[1]}\n")
