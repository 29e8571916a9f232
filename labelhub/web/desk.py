"""The desk: rating, declining, resting. Every showing is a POST, because it spends budget."""

import re
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for

from labelhub.domain.instruments.answers import Fields, InvalidAnswer
from labelhub.domain.vocabulary import OptOutScope, PersonId, Role
from labelhub.services import desk, joining, rating, safeguarding
from labelhub.services.desk import Desk
from labelhub.services.rating import Accepted, Conflict, NotShown
from labelhub.services.showing import NotThere
from labelhub.web import desk_pages, pages
from labelhub.web.access import PUBLIC, audience
from labelhub.web.context import clock, current_person, read, transact, visitor
from labelhub.web.languages import gettext as _

bp = Blueprint("desk", __name__)

_ANSWER_FIELD = re.compile(r"^(preference|rationale|severity-\d{1,2}|hazards-\d{1,2})$")
_LONGEST_KEY = 64
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@bp.get("/desk/<slug>")
@audience(Role.LABELER)
def page(slug: str) -> Response:
    """Show *Continue* and never text: looking must not spend anything."""
    found = read(lambda session: desk.look(session, _me(), slug, clock()))
    if isinstance(found.outcome, NotThere):
        return _not_joined(slug)
    over = "over" in request.args  # the page's time ran out in a browser without scripts
    return desk_pages.show(found, message=_("The time for the text is over.") if over else None)


@bp.post("/desk/<slug>/next")
@audience(Role.LABELER)
def next_item(slug: str) -> Response:
    seen = transact(lambda session: desk.go_on(session, _me(), slug, clock()))
    return _shown(seen, _("This project is closed to you now."))


@bp.post("/desk/<slug>/submit")
@audience(Role.LABELER)
def submit(slug: str) -> Response:
    """Accept the answer, then serve the next item: two transactions in one request (R3)."""
    assignment, key, fields = _assignment(), _key(), _answer()
    outcome = transact(
        lambda session: rating.submit(session, _me(), assignment, key, fields, clock())
    )
    if isinstance(outcome, NotThere):
        abort(HTTPStatus.NOT_FOUND)
    if isinstance(outcome, InvalidAnswer | Conflict | NotShown):
        return _not_accepted(slug, assignment, outcome, fields)
    return _after(_home(slug), key, outcome)


@bp.post("/desk/<slug>/reveal")
@audience(Role.LABELER)
def reveal(slug: str) -> Response:
    assignment = _assignment()
    return desk_pages.show(
        transact(lambda session: desk.reveal(session, _me(), slug, assignment, clock()))
    )


@bp.post("/desk/<slug>/decline")
@audience(Role.LABELER)
def decline(slug: str) -> Response:
    """Decline, at once; then serve something else, unless the labeler is leaving or only looking.

    What was typed for an item that stays in hand is kept.
    """
    scope, fields = _scope(), _answer()
    assignment = _assignment() if request.form.get("assignment") else None
    category = request.form.get("category", "")[:40]
    declined = transact(
        lambda session: safeguarding.opt_out(
            session, _me(), slug, scope, clock(), assignment_id=assignment, category=category
        )
    )
    if declined.choose_category and declined.assignment is not None:
        seen = read(lambda session: desk.look(session, _me(), slug, clock()))
        if isinstance(seen.outcome, desk.Ready):
            hexed = declined.assignment.id.hex
            return desk_pages.choose_category(seen.outcome.place, hexed, hexed)
    if assignment is not None and any(value for values in fields.values() for value in values):
        transact(lambda session: rating.save_draft(session, _me(), assignment, fields, clock()))
    return _declined(slug, scope)


def _declined(slug: str, scope: OptOutScope) -> Response:
    """Go where the labeler was: to the start, to the desk as it is, or to the next item."""
    if scope is OptOutScope.PROJECT:
        return pages.go(url_for("start.page"), notice=_("You left the project. Nobody is told."))
    said = _("It does not come again. Nobody is told.")
    if scope is OptOutScope.TODAY:
        said = _("No hard content comes until you have had your daily rest. Nobody is told.")
    back = request.form.get("back", "")
    if back == "start":
        return pages.go(url_for("start.page"), notice=said)
    closed = _("Your choice is kept; this project is closed to you now.")
    if back == "desk":
        seen = read(lambda session: desk.look(session, _me(), slug, clock()))
        return _shown(seen, closed, message=said)
    home = _home(slug)
    return _shown(transact(lambda session: desk.serve(session, _me(), home, clock())), closed)


@bp.post("/desk/<slug>/prohibited")
@audience(Role.LABELER)
def prohibited(slug: str) -> Response:
    """Stop an item for everyone at once, then serve something else."""
    assignment = _assignment()
    found = transact(
        lambda session: safeguarding.stop_prohibited(session, _me(), assignment, clock())
    )
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    seen = transact(lambda session: desk.serve(session, _me(), _home(slug), clock()))
    return _shown(seen, _("The item is stopped for everyone; this project is closed to you now."))


@bp.post("/desk/<slug>/undo")
@audience(Role.LABELER)
def undo(slug: str) -> Response:
    """Take back the answer that the page named; another one stands, and the page says so."""
    rating_id = _rating()
    seen = transact(lambda session: desk.undo(session, _me(), slug, clock(), rating_id))
    said = _("Your last answer stands. Nothing was changed.")
    return desk_pages.show(seen, message=said if seen.stands else None)


@bp.post("/desk/<slug>/draft")
@audience(Role.LABELER)
def save_draft(slug: str) -> Response:
    """Keep what was typed so far. Answers 204, or 404 where the item is not open any more."""
    del slug
    assignment, fields = _assignment(), _answer()
    kept = transact(lambda session: rating.save_draft(session, _me(), assignment, fields, clock()))
    return Response(status=HTTPStatus.NO_CONTENT if kept else HTTPStatus.NOT_FOUND)


@bp.post("/desk/<slug>/break")
@audience(Role.LABELER)
def take_break(slug: str) -> Response:
    transact(lambda session: safeguarding.take_break(session, _me(), slug, "own", clock()))
    seen = transact(lambda session: desk.serve(session, _me(), slug, clock()))
    return _shown(seen, _("Your break has begun; this project is closed to you now."))


@bp.post("/desk/<slug>/go-on")
@audience(Role.LABELER)
def declare(slug: str) -> Response:
    """Go on with hard content past half of the daily dose: the labeler's own choice (L-06).

    Nothing is stored while nobody is asked.
    """
    transact(lambda session: safeguarding.go_on_with_hard(session, _me(), slug, clock()))
    return desk_pages.show(transact(lambda session: desk.serve(session, _me(), slug, clock())))


@bp.post("/moment")
@audience(PUBLIC)
def moment() -> Response:
    """Stop everything and show who can be talked to. Works from any page; asks nothing.

    It is refused to nobody: also where a sign-in has ended meanwhile, or is half done. A break
    begins for whoever is signed in.
    """
    person = visitor()
    if person is None or person.second_factor_due:
        return desk_pages.moment(resting=False)
    me = person.person_id
    transact(lambda session: safeguarding.take_break(session, me, "", "moment", clock()))
    return desk_pages.moment(resting=Role.LABELER in person.roles)


def _after(slug: str, key: str, outcome: Accepted) -> Response:
    seen = transact(
        lambda session: desk.next_after(
            session, _me(), slug, clock(), key=key, repeated=outcome.repeated, accepted=outcome
        )
    )
    closed = _("Your answer is saved; this project is closed to you now.")
    return _shown(seen, closed, message=_("Your answer is saved."))


def _shown(
    seen: Desk, closed: str, *, message: str | None = None, problem: InvalidAnswer | None = None
) -> Response:
    """Show what comes next. What was done stays done where the project is closed by now."""
    if isinstance(seen.outcome, NotThere):
        return pages.go(url_for("start.page"), notice=closed)
    return desk_pages.show(seen, message=message, problem=problem)


def _not_accepted(
    slug: str, assignment: UUID, why: InvalidAnswer | Conflict | NotShown, fields: Fields
) -> Response:
    problem = _problem(why)
    if pages.is_fragment():
        return desk_pages.problem_alone(problem)
    transact(lambda session: rating.save_draft(session, _me(), assignment, fields, clock()))
    seen = transact(lambda session: desk.serve(session, _me(), slug, clock()))
    closed = _("Your answer could not be taken; this project is closed to you now.")
    return _shown(seen, closed, problem=problem)


def _problem(why: InvalidAnswer | Conflict | NotShown) -> InvalidAnswer:
    if isinstance(why, Conflict):
        return InvalidAnswer("form", "answered")
    if isinstance(why, NotShown):
        return InvalidAnswer("form", "not_shown")
    return why


def _home(slug: str) -> str:
    """Return the project to go on with: another one where the item came in between."""
    home = request.form.get("home", "")
    return home if _SLUG.fullmatch(home) else slug


def _me() -> PersonId:
    return current_person().person_id


def _not_joined(slug: str) -> Response:
    known = read(lambda session: joining.notice_for(session, _me(), slug))
    if known is None:
        abort(HTTPStatus.NOT_FOUND)
    return pages.go(url_for("desk.join", slug=slug))


def _assignment() -> UUID:
    try:
        return UUID(request.form.get("assignment", ""))
    except ValueError:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)


def _rating() -> UUID:
    """Return the answer that is meant; an address that names none names no answer at all."""
    try:
        return UUID(request.form.get("rating", ""))
    except ValueError:
        return UUID(int=0)


def _key() -> str:
    key = request.form.get("key", "")
    if not key or len(key) > _LONGEST_KEY:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    return key


def _scope() -> OptOutScope:
    try:
        return OptOutScope(request.form.get("scope", "item"))
    except ValueError:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)


def _answer() -> Fields:
    """Return the answer's own fields; anything else in the form is not looked at (S-8)."""
    return {name: request.form.getlist(name) for name in request.form if _ANSWER_FIELD.match(name)}
