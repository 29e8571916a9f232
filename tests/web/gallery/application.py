"""A small application that serves the scenes, with stub endpoints under the real names."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, request
from flask_babel import Babel
from flask_htmx import HTMX

import labelhub
from labelhub.resources import resource_dir
from tests.web.gallery.desk_scenes import (
    HARM,
    HARM_PAIR,
    HELPFULNESS,
    REST,
    UNDO,
    VEILED,
    desk,
    item,
)
from tests.web.gallery.desk_scenes import SCENES as DESK_SCENES
from tests.web.gallery.page_scenes import GUIDELINES
from tests.web.gallery.page_scenes import SCENES as PAGE_SCENES
from tests.web.gallery.pseudo import pseudo, pseudo_plural

# safety-case.md, R9, with data: pictures as decisions.md settles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STUBS = (
    ("/", "start.page"),
    ("/sign-in/enter", "sign_in.enter"),
    ("/sign-in", "sign_in.form"),
    ("/sign-in/code", "sign_in.second_factor"),
    ("/sign-out", "sign_in.leave"),
    ("/invitation/<token>", "sign_in.invitation"),
    ("/demo/sign-in", "sign_in.demo_as"),
    ("/account/sessions", "account.sessions"),
    ("/account/second-factor", "account.enrol_second_factor"),
    ("/desk/<slug>/join", "desk.join"),
    ("/projects", "projects.index"),
    ("/projects/new", "projects.create"),
    ("/projects/<slug>", "projects.page"),
    ("/projects/<slug>/guidelines", "projects.guidelines"),
    ("/projects/<slug>/import", "projects.import_file"),
    ("/projects/<slug>/import/<import_id>/confirm", "projects.import_confirm"),
    ("/projects/<slug>/import/<import_id>", "projects.import_status"),
    ("/projects/<slug>/release", "projects.release"),
    ("/administration/organisations", "administration.organisations"),
    ("/administration/people", "administration.people"),
    ("/roster", "roster.page"),
)
STAFF = ("project", "import", "release", "roster", "people", "organisations", "start-staff")
STRANGER = ("sign-in", "sign-in-error", "second-factor", "invitation")


def create_gallery() -> Flask:
    """Return an application with every scene under /scene/<name>."""
    app = Flask(
        "gallery",
        template_folder=str(resource_dir("templates")),
        static_folder=str(Path(labelhub.__file__).parent / "static"),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=lambda: "ar" if _reversed() else "en")
    app.extensions["posts"] = []
    htmx = HTMX(app)
    for rule, endpoint in STUBS:
        app.add_url_rule(rule, endpoint, _stub, methods=["GET", "POST"])
    app.context_processor(_frame)
    app.after_request(_headers)
    app.add_url_rule("/scene/<name>", "scene", _scene)
    _add_desk(app, htmx)
    _install_words(app)
    return app


def _reversed() -> bool:
    return request.args.get("direction") == "rtl"


def _install_words(app: Flask) -> None:
    """Words as written, or in the pseudo-locale where the address asks for it."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: pseudo(text) if _reversed() else text,
        lambda one, many, n: pseudo_plural(one, many, n) if _reversed() else (one if n == 1 else many),
        newstyle=True,
    )


def _stub(**_parts: str) -> str:
    return "<!doctype html><title>stub</title><p>A stub of the gallery.</p>"


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/static"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _frame() -> dict[str, Any]:
    name = (request.view_args or {}).get("name", "")
    places = [("Start", "/"), ("Projects", "/projects"), ("Roster", "/roster")]
    staff = name.startswith(STAFF)
    return {
        "frame": {
            "language": "ar-XB" if _reversed() else "en",
            "direction": "rtl" if _reversed() else "ltr",
            "person": None if name in STRANGER or name.startswith("error") else {"name": "Amina"},
            "places": [
                {"label": pseudo(label) if _reversed() else label, "url": url, "current": index == 0}
                for index, (label, url) in enumerate(places)
            ]
            if staff
            else [],
            "labeler": not staff,
            "demonstration": True,
            "version": "1",
        },
        "notice": None,
    }


def _scene(name: str) -> str:
    if name in DESK_SCENES:
        return render_template("desk/page.html", **DESK_SCENES[name])
    if name not in PAGE_SCENES:
        abort(404)
    template, context = PAGE_SCENES[name]
    return render_template(template, **context)


def _add_desk(app: Flask, htmx: HTMX) -> None:
    """Stubs that walk through a desk as the real one does: answer and next item in one POST."""
    posts: list[dict[str, list[str]]] = app.extensions["posts"]

    def show(partial: str, slug: str, **context: Any) -> str:
        project = HARM if slug == "harm" else HELPFULNESS
        values = desk(partial, project, **context)
        return render_template(values["fragment"] if htmx else "desk/page.html", **values)

    def next_item(slug: str, **context: Any) -> str:
        posts.append({"endpoint": [request.endpoint or ""], **request.form.to_dict(flat=False)})
        serial = f"assignment-{len(posts)}"
        if slug == "harm":
            pair = {**HARM_PAIR, "draft": {}, "assignment": serial}
            return show("item", slug, item=pair, **context)
        hide = 1 if slug == "brief" else 1800
        return show("item", slug, item=item(assignment=serial, hide_after=hide), **context)

    def submit(slug: str) -> Response | str:
        harm = slug == "harm"
        missing = "severity-0" if harm else "preference"
        if slug == "broken":
            abort(503)
        if missing not in request.form or request.form.get("rationale") == "refuse this":
            problem = render_template("desk/_problem.html", problem={"field": missing, "reason": "missing"})
            retarget = {"HX-Retarget": "#problem", "HX-Reswap": "outerHTML"}
            return Response(problem, 422, retarget)
        return next_item(slug, undo=UNDO)

    def save_draft(slug: str) -> tuple[str, int]:
        posts.append({"endpoint": ["desk.save_draft"], "slug": [slug], **request.form.to_dict(flat=False)})
        return "", 204

    def guidelines(slug: str) -> str:
        page = "desk/_guidelines.html" if htmx else "desk/guidelines.html"
        return render_template(page, project={"slug": slug, "title": slug}, guidelines=GUIDELINES)

    def moment() -> str:
        posts.append({"endpoint": ["desk.moment"]})
        page = "desk/_moment.html" if htmx else "desk/moment.html"
        return render_template(page, **desk("moment"))

    def post(rule: str, name: str, view: Any) -> None:
        app.add_url_rule(f"/desk/<slug>/{rule}", f"desk.{name}", view, methods=["POST"])

    app.add_url_rule("/desk/<slug>", "desk.page", lambda slug: show("ready", slug))
    app.add_url_rule("/desk/<slug>/guidelines", "desk.guidelines", guidelines)
    app.add_url_rule("/moment", "desk.moment", moment, methods=["POST"])
    post("next", "next_item", next_item)
    post("submit", "submit", submit)
    post("reveal", "reveal", next_item)
    post("decline", "decline", lambda slug: next_item(slug, undo=None))
    post("prohibited", "prohibited", lambda slug: show("nothing", slug))
    post("undo", "undo", next_item)
    post("break", "take_break", lambda slug: show("break", slug, rest={**REST, "seconds": 2}, kept=True))
    post("veil", "veil", lambda slug: show("veil", slug, item=VEILED, earlier=None))
    post("draft", "save_draft", save_draft)
