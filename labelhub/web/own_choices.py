"""My choices: what a labeler declined and agreed to, and one button each to change it."""

from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, request, url_for

from labelhub.domain.vocabulary import OptOutScope, Role, Severity
from labelhub.services import own_choices, safeguarding
from labelhub.services.own_choices import Choice, Consent, Mine
from labelhub.web import pages
from labelhub.web.access import audience
from labelhub.web.context import clock, current_person, read, transact
from labelhub.web.languages import gettext as _

bp = Blueprint("choices", __name__, url_prefix="/choices")

_LONGEST_SUBJECT = 64
_CONSENTS = {"2": Severity.S2, "3": Severity.S3, "4": Severity.S4}


@bp.get("")
@audience(Role.LABELER)
def page() -> Response:
    me = current_person().person_id
    return pages.render(
        "choices/page.html", **context(read(lambda s: own_choices.mine(s, me, clock())))
    )


@bp.post("/stop-today")
@audience(Role.LABELER)
def stop_today() -> Response:
    """Stop hard content for today, from any page. It holds before this is answered."""
    me = current_person().person_id
    transact(lambda s: safeguarding.stop_today(s, me, clock()))
    said = _("No hard content comes until you have had your daily rest. Nobody is told.")
    return pages.go(url_for("start.page"), notice=said)


@bp.post("/end")
@audience(Role.LABELER)
def ask_end() -> Response:
    """Take the first of two steps to end an opt-out."""
    me, scope, subject = current_person().person_id, _scope(), _subject()
    asked = transact(lambda s: own_choices.ask_end(s, me, scope, subject, clock()))
    return _back(_("It holds for a day at least. Then you are asked once more.") if asked else None)


@bp.post("/confirm-end")
@audience(Role.LABELER)
def confirm_end() -> Response:
    me, scope, subject = current_person().person_id, _scope(), _subject()
    ended = transact(lambda s: own_choices.confirm_end(s, me, scope, subject, clock()))
    return _back(_("That choice has ended.") if ended else None)


@bp.post("/keep")
@audience(Role.LABELER)
def keep() -> Response:
    me, scope, subject = current_person().person_id, _scope(), _subject()
    kept = transact(lambda s: own_choices.keep(s, me, scope, subject, clock()))
    return _back(_("It stays as it is.") if kept else None)


@bp.post("/withdraw")
@audience(Role.LABELER)
def withdraw() -> Response:
    """Take a consent back. It holds before this is answered."""
    me, severity = current_person().person_id, _severity()
    done = transact(lambda s: own_choices.withdraw(s, me, severity, clock()))
    return _back(_("Taken back. Nothing of it is shown any more.") if done else None)


@bp.post("/agree")
@audience(Role.LABELER)
def agree() -> Response:
    """Take the first of two steps to agree to what was taken back."""
    me, severity = current_person().person_id, _severity()
    asked = transact(lambda s: own_choices.ask_consent(s, me, severity, clock()))
    return _back(_("Nothing changes for a day. Then you are asked once more.") if asked else None)


@bp.post("/confirm-agree")
@audience(Role.LABELER)
def confirm_agree() -> Response:
    me, severity = current_person().person_id, _severity()
    agreed = transact(lambda s: own_choices.confirm_consent(s, me, severity, clock()))
    return _back(_("It holds from now on. You can take it back at any time.") if agreed else None)


def context(mine: Mine) -> dict[str, Any]:
    """Return the context of `choices/page.html`: plain values."""
    return {
        "declined": [_declined(one, mine) for one in mine.declined],
        "items": [{"project": title, "many": many} for title, many in mine.items],
        "consents": [_consent(one, mine) for one in mine.consents],
        "askers": [{"slug": one.slug, "title": one.title} for one in mine.askers],
    }


def _declined(one: Choice, mine: Mine) -> dict[str, Any]:
    severity = int(one.subject) if one.scope is OptOutScope.SEVERITY else None
    return {
        "scope": one.scope.value,
        "subject": one.subject,
        "name": one.name,
        "severity": severity,
        "since": one.since,
        "lapses": one.lapses,
        "slip_until": one.slip_until,
        "confirm_from": one.confirm_from,
        "ripe": one.confirm_from is not None and one.confirm_from <= mine.now,
    }


def _consent(one: Consent, mine: Mine) -> dict[str, Any]:
    return {
        "severity": int(one.severity),
        "since": one.since,
        "until": one.until,
        "withdrawn_at": one.withdrawn_at,
        "confirm_from": one.confirm_from,
        "ripe": one.confirm_from is not None and one.confirm_from <= mine.now,
    }


def _back(notice: str | None) -> Response:
    """Return to the page; without a notice, what was pressed had been done already."""
    notice = notice or _("Nothing has changed: the page shows how it stands now.")
    return pages.go(url_for("choices.page"), notice=notice)


def _scope() -> OptOutScope:
    try:
        return OptOutScope(request.form.get("scope", ""))
    except ValueError:
        _unknown()


def _subject() -> str:
    subject = request.form.get("subject", "")
    return subject if len(subject) <= _LONGEST_SUBJECT else _unknown()


def _severity() -> Severity:
    return _CONSENTS.get(request.form.get("severity", "")) or _unknown()


def _unknown() -> NoReturn:
    abort(HTTPStatus.UNPROCESSABLE_ENTITY)
