"""A small application that serves the scenes, with stub endpoints under the real names."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, request
from flask_babel import Babel
from flask_htmx import HTMX

import labelhub
from labelhub.resources import resource_dir
from tests.web.gallery.desk_scenes import SCENES as DESK_SCENES
from tests.web.gallery.desk_stubs import add_desk
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
    ("/choices", "choices.page"),
    ("/record", "record.page"),
    ("/record/exposures", "record.exposures"),
    ("/record/time", "record.time"),
    ("/record/choices", "record.choices"),
    ("/record/print", "record.printable"),
    ("/record/download", "record.download"),
    ("/record/bring", "record.bring"),
    ("/record/take", "record.take"),
    ("/limits", "limits.own"),
    ("/limits/tighten", "limits.tighten"),
    ("/limits/ask", "limits.ask"),
    ("/limits/sleep", "limits.sleep"),
    ("/limits/projects/<slug>", "limits.project"),
    ("/choices/stop-today", "choices.stop_today"),
    ("/choices/end", "choices.ask_end"),
    ("/choices/confirm-end", "choices.confirm_end"),
    ("/choices/keep", "choices.keep"),
    ("/choices/withdraw", "choices.withdraw"),
    ("/choices/agree", "choices.agree"),
    ("/choices/confirm-agree", "choices.confirm_agree"),
    ("/check-in", "check_ins.page"),
    ("/check-in/write", "check_ins.write"),
    ("/check-in/not-now", "check_ins.not_now"),
    ("/check-in/delete", "check_ins.delete"),
    ("/check-in/delete-all", "check_ins.delete_all"),
    ("/check-in/stop-today", "check_ins.stop_today"),
    ("/check-in/download", "check_ins.download"),
    ("/projects", "projects.index"),
    ("/projects/new", "projects.create"),
    ("/projects/<slug>", "projects.page"),
    ("/projects/<slug>/plan", "projects.plan"),
    ("/projects/<slug>/plan/make", "projects.make_plan"),
    ("/projects/<slug>/guidelines", "projects.guidelines"),
    ("/projects/<slug>/import", "projects.import_file"),
    ("/projects/<slug>/import/<import_id>/confirm", "projects.import_confirm"),
    ("/projects/<slug>/import/<import_id>", "projects.import_status"),
    ("/projects/<slug>/release", "projects.release"),
    ("/projects/<slug>/settings", "projects.edit"),
    ("/projects/<slug>/pause", "projects.pause"),
    ("/projects/<slug>/resume", "projects.resume"),
    ("/projects/<slug>/teams", "projects.teams"),
    ("/projects/<slug>/limits", "projects.limits"),
    ("/administration/organisations", "administration.organisations"),
    ("/administration/people", "administration.people"),
    ("/roster", "roster.page"),
    ("/incidents", "incidents.page"),
    ("/account/password", "account.password"),
    ("/account/place", "account.place"),
    ("/reset/<token>", "sign_in.reset"),
    ("/administration/people/<person_id>/reset", "administration.reset"),
    ("/administration/people/<person_id>", "administration.person"),
    ("/administration/people/<person_id>/roles/<membership_id>/end", "administration.end_role"),
    ("/administration/people/<person_id>/suspend", "administration.suspend"),
    ("/administration/people/<person_id>/reinstate", "administration.reinstate"),
)
STAFF = (
    "incident",
    "incidents",
    "project",
    "import",
    "release",
    "roster",
    "people",
    "organisations",
    "start-staff",
    "limits-of",
    "person",
)
STRANGER = (
    "sign-in",
    "sign-in-error",
    "second-factor",
    "invitation",
    "invitation-open",
    "reset",
)


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
    add_desk(app, htmx)
    _install_words(app)
    return app


def _reversed() -> bool:
    return request.args.get("direction") == "rtl"


def _install_words(app: Flask) -> None:
    """Words as written, or in the pseudo-locale where the address asks for it."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: pseudo(text) if _reversed() else text,
        lambda one, many, n: (
            pseudo_plural(one, many, n) if _reversed() else (one if n == 1 else many)
        ),
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
                {
                    "label": pseudo(label) if _reversed() else label,
                    "url": url,
                    "current": index == 0,
                }
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
