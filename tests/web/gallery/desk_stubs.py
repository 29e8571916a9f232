"""Stubs that walk through a desk as the real one does: answer and next item in one POST."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, render_template, request
from flask_htmx import HTMX

from tests.web.gallery.desk_scenes import (
    GUIDELINES,
    HARM,
    HARM_PAIR,
    HELPFULNESS,
    REST,
    UNDO,
    desk,
    item,
)

BRIEF = 1  # seconds that an item of the project "brief" may be shown


class DeskStubs:
    """Remembers what was posted, so that tests can look at it."""

    def __init__(self, htmx: HTMX, posts: list[dict[str, list[str]]]) -> None:
        self.htmx = htmx
        self.posts = posts

    def show(self, partial: str, slug: str, **context: Any) -> str:
        project = {**(HARM if slug == "harm" else HELPFULNESS), "slug": slug}
        values = desk(partial, project, **context)
        return render_template(values["fragment"] if self.htmx else "desk/page.html", **values)

    def remember(self) -> None:
        self.posts.append({"endpoint": [str(request.endpoint)], **request.form.to_dict(flat=False)})

    def page(self, slug: str) -> str:
        return self.show("ready", slug)

    def next_item(self, slug: str, **context: Any) -> str:
        self.remember()
        serial = f"assignment-{len(self.posts)}"
        if slug == "harm":
            pair = {**HARM_PAIR, "draft": {}, "assignment": serial}
            return self.show("item", slug, item=pair, **context)
        hide_after = BRIEF if slug == "brief" else 1800
        shown = item(assignment=serial, hide_after=hide_after)
        return self.show("item", slug, item=shown, **context)

    def submit(self, slug: str) -> Response | str:
        if slug == "broken":
            abort(503)
        field = "severity-0" if slug == "harm" else "preference"
        if field not in request.form or request.form.get("rationale") == "refuse this":
            why = {"field": field, "reason": "missing"}
            retarget = {"HX-Retarget": "#problem", "HX-Reswap": "outerHTML"}
            return Response(render_template("desk/_problem.html", problem=why), 422, retarget)
        return self.next_item(slug, undo=UNDO)

    def prohibited(self, slug: str) -> str:
        self.remember()
        return self.show("nothing", slug)

    def take_break(self, slug: str) -> str:
        self.remember()
        return self.show("break", slug, rest={**REST, "seconds": 2}, kept=True)

    def save_draft(self, slug: str) -> tuple[str, int]:
        del slug
        self.remember()
        return "", 204

    def guidelines(self, slug: str) -> str:
        template = "desk/_guidelines.html" if self.htmx else "desk/guidelines.html"
        project = {"slug": slug, "title": slug}
        return render_template(template, project=project, guidelines=GUIDELINES)

    def moment(self) -> str:
        self.remember()
        template = "desk/_moment.html" if self.htmx else "desk/moment.html"
        return render_template(template, **desk("moment"))


def add_desk(app: Flask, htmx: HTMX) -> None:
    """Add the desk's stubs under the names and addresses of the real ones."""
    stubs = DeskStubs(htmx, app.extensions["posts"])
    app.add_url_rule("/desk/<slug>", "desk.page", stubs.page)
    app.add_url_rule("/desk/<slug>/guidelines", "desk.guidelines", stubs.guidelines)
    app.add_url_rule("/moment", "desk.moment", stubs.moment, methods=["POST"])
    posted: dict[str, Callable[..., Any]] = {
        "next_item": stubs.next_item,
        "submit": stubs.submit,
        "reveal": stubs.next_item,
        "decline": stubs.next_item,
        "undo": stubs.next_item,
        "prohibited": stubs.prohibited,
        "take_break": stubs.take_break,
        "declare": stubs.next_item,
        "save_draft": stubs.save_draft,
    }
    for name, view in posted.items():
        app.add_url_rule(f"/desk/<slug>/{name}", f"desk.{name}", view, methods=["POST"])
