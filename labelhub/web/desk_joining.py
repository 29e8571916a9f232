"""Guidelines and joining: what a project may bring, and the labeler's yes to it."""

from typing import Any

from flask import Response, abort, request, url_for
from markupsafe import Markup

from labelhub.domain.vocabulary import Role, Severity
from labelhub.services import joining
from labelhub.services.joining import Asked, Notice
from labelhub.web import pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, now, read, transact
from labelhub.web.desk import bp
from labelhub.web.languages import gettext as _

__all__ = ["bp"]

_HARDER = {"2": Severity.S2, "3": Severity.S3, "4": Severity.S4}


@bp.get("/desk/<slug>/guidelines")
@audience(Role.LABELER)
def guidelines(slug: str) -> Response:
    me = current_person().person_id
    notice = read(lambda session: joining.guidelines_for(session, me, slug))
    if notice is None:
        abort(404)
    return pages.render("desk/guidelines.html", "desk/_guidelines.html", **_guidelines(notice))


@bp.route("/desk/<slug>/join", methods=["GET", "POST"])
@audience(Role.LABELER)
def join(slug: str) -> Response:
    """Show what the project may bring; joining is the labeler's own act."""
    if request.method != "POST":
        return _form(slug, {})
    agreed = {_HARDER[one] for one in request.form.getlist("consent") if one in _HARDER}
    me = current_person().person_id
    if agreed and request.form.get("read") != "yes":
        return _form(slug, {"read": _("Read the guidelines first; they say what may come.")})
    if not transact(lambda session: joining.join(session, me, slug, agreed, clock())):
        abort(404)
    return pages.go(url_for("desk.page", slug=slug))


def _form(slug: str, errors: dict[str, str]) -> Response:
    me, moment = current_person().person_id, now()
    notice = read(lambda session: joining.notice_for(session, me, slug))
    if notice is None:
        abort(404)
    asked = read(lambda session: joining.consents_asked(session, me, notice, moment))
    asked = read(lambda session: joining.preview(session, asked, notice))
    kinds = read(lambda session: joining.kinds(session, notice))
    return pages.render(
        "desk/join.html", status=422 if errors else 200, errors=errors,
        notice_of={
            "severity": int(notice.max_severity), "text": notice.text,
            "hazards": kinds,
            "veil": None if notice.veil_tier is None else int(notice.veil_tier),
        },
        consents=[_consent(one) for one in asked], pay=notice.pay, **_guidelines(notice),
    )  # fmt: skip


def _consent(asked: Asked) -> dict[str, Any]:
    seen = asked.forecast
    return {
        "severity": int(asked.severity), "given": asked.given, "days": asked.lifetime.days,
        "share": seen.share if seen else 0, "rated": seen.rated if seen else 0,
        "worse": seen.worse if seen else None, "milder": seen.milder if seen else None,
    }  # fmt: skip


def _guidelines(notice: Notice) -> dict[str, Any]:
    return {
        "project": {"slug": notice.slug, "title": notice.title},
        "guidelines": {
            "html": Markup(notice.guidelines_html),  # noqa: S704 cleaned when it was written
            "version": notice.guidelines_version,
            "since": notice.guidelines_since,
        },
    }
