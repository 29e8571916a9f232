"""Takes a picture of every scene: python -m tests.web.gallery OUT_DIR [NAME …]."""

import sys
from pathlib import Path

from tests.web.gallery.application import create_gallery
from tests.web.gallery.desk_scenes import SCENES as DESK_SCENES
from tests.web.gallery.page_scenes import SCENES as PAGE_SCENES
from tests.web.gallery.serving import chromium, served

WIDTHS = {1280: 800, 360: 740}
REVERSED = ("start", "desk-preference", "desk-harm-pair", "project")
ARGUMENTS = 2


def take(out: Path, chosen: list[str]) -> int:
    """Write <name>-<scheme>-<width>.png for each scene; return how many."""
    out.mkdir(parents=True, exist_ok=True)
    names = [*DESK_SCENES, *PAGE_SCENES]
    taken = 0
    with served(create_gallery()) as address, chromium() as browser:
        for scheme in ("light", "dark"):
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                for name in names:
                    for direction in ("ltr", "rtl") if name in REVERSED else ("ltr",):
                        if chosen and name not in chosen:
                            continue
                        answer = page.goto(f"{address}/scene/{name}?direction={direction}")
                        if answer is None or not answer.ok:
                            sys.exit(f"{name} cannot be drawn")
                        mark = "-rtl" if direction == "rtl" else ""
                        whole = not name.startswith("desk-")
                        page.screenshot(
                            path=out / f"{name}{mark}-{scheme}-{width}.png", full_page=whole
                        )
                        taken += 1
                context.close()
    return taken


if __name__ == "__main__":
    if len(sys.argv) < ARGUMENTS:
        sys.exit("usage: python -m tests.web.gallery OUT_DIR [NAME …]")
    count = take(Path(sys.argv[1]), sys.argv[2:])
    sys.stdout.write(f"{count} pictures in {sys.argv[1]}\n")
