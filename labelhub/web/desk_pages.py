"""Turns what came of a desk request into the partial, or the whole page, that shows it."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Response, abort, render_template, url_for
from markupsafe import Markup

from labelhub.domain.instruments.answers import InvalidAnswer
from labelhub.domain.vocabulary import InstrumentName
from labelhub.domain.welfare.dose import reading_time
from labelhub.domain.welfare.timeline import HARD
from labelhub.rendering import render as rendered
from labelhub.services.desk import Desk, Ready
from labelhub.services.showing import (
    NotAgain,
    Nothing,
    NotThere,
    Offered,
    Place,
    Refused,
    Shown,
    ShownTurn,
)
from labelhub.services.today import Today
from labelhub.web import check_in_panel, pages, support
from labelhub.web import desk_rests as rests
from labelhub.web.desk_rests import seconds
from labelhub.web.languages import gettext as _

Seen = Ready | Shown | Offered | Refused | NotAgain | Nothing

PAGE = "desk/page.html"
_ITEM = "desk/_item.html"
_ONLY_PRINTED = frozenset(
    {"assignment", "key", "hide_after", "html", "plain", "done", "used", "text", "rating"}
)
"""What differs from item to item and from label to label, and decides nothing in `_ITEM`."""


def show(
    desk: Desk, *, message: str | None = None, problem: InvalidAnswer | None = None
) -> Response:
    """Answer with what the labeler sees next. A refusal is an ordinary page."""
    outcome = desk.outcome
    if isinstance(outcome, NotThere):
        abort(404)
    if not desk.check_in:
        return _drawn(desk, outcome, message, problem)
    place = outcome.place if isinstance(outcome, Ready) else outcome.locked.place
    asking = check_in_panel.asking(place.slug)
    if not pages.is_fragment():
        return _drawn(desk, outcome, message, problem, check_in=asking)
    response = _drawn(desk, outcome, message, problem)
    beside = render_template(check_in_panel.TEMPLATE, check_in=asking, beside=True)
    response.set_data(response.get_data(as_text=True) + beside)
    return response


def _drawn(
    desk: Desk,
    outcome: Seen,
    message: str | None,
    problem: InvalidAnswer | None,
    **beside: Any,
) -> Response:
    day = {**_today(desk.today), "home": desk.home, **beside}
    match outcome:
        case Ready():
            return _partial(
                "desk/_ready.html", outcome.place, resuming=outcome.resuming, message=message, **day
            )
        case Shown():
            return _shown(outcome, problem, day)
        case Offered():
            return _partial("desk/_veil.html", outcome.locked.place, item=_veil(outcome), **day)
        case Refused():
            return _refused(outcome, desk, message=message, **day)
        case NotAgain():
            return _partial(
                "desk/_again.html", outcome.locked.place, item=_not_again(outcome), **day
            )
        case Nothing():
            return _partial("desk/_nothing.html", outcome.locked.place, message=message, **day)


def _shown(shown: Shown, problem: InvalidAnswer | None, day: dict[str, Any]) -> Response:
    """Answer with an item; what htmx asks for at every label is drawn once for many."""
    place, item = shown.locked.place, _item(shown)
    if pages.is_fragment() and item["blank"] and not problem:
        return pages.render_filled(
            _ITEM, _ONLY_PRINTED, project=project_of(place), item=item, **day
        )
    status = 422 if problem else 200
    return _partial(_ITEM, place, status=status, item=item, problem=problem, **day)


def problem_alone(problem: InvalidAnswer) -> Response:
    """Answer htmx that an answer is not accepted: text and answer stay as they are."""
    response = pages.render("desk/_problem.html", "desk/_problem.html", status=422, problem=problem)
    response.headers["HX-Retarget"] = "#problem"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def moment(*, resting: bool) -> Response:
    """Show who can be talked to. *resting*: a break has begun, for someone who is paid for it."""
    return pages.render("desk/moment.html", "desk/_moment.html", **_support(resting=resting))


def _support(*, resting: bool) -> dict[str, Any]:
    return {"contacts": support.at_hand(), "granted": rests.own_minutes() if resting else 0}


def choose_category(place: Place, assignment: str, key: str) -> Response:
    """Ask which kind should not come again; the item itself is gone already."""
    return _partial(
        "desk/_category.html", place, item={"assignment": assignment, "key": key},
        categories=place.hazards,
    )  # fmt: skip


def project_of(place: Place) -> dict[str, Any]:
    return {
        "slug": place.slug, "title": place.title, "language": place.language,
        "instrument": place.instrument.value, "hazards": place.hazards,
        "hard": place.facts.max_severity >= HARD,
    }  # fmt: skip


def _partial(fragment: str, place: Place, *, status: int = 200, **context: Any) -> Response:
    if not pages.is_fragment():
        context |= _support(resting=True)
    return pages.render(PAGE, fragment, status=status, project=project_of(place), **context)


def _refused(outcome: Refused, desk: Desk, **context: Any) -> Response:
    locked = outcome.locked
    if outcome.standstill.pause in rests.RESTFUL:
        rest = rests.rest(outcome)
        return _partial("desk/_break.html", locked.place, rest=rest, kept=outcome.kept, **context)
    mild = [
        {"url": url_for("desk.page", slug=other.slug), "title": other.title}
        for other in desk.elsewhere
    ]
    return _partial(
        "desk/_refusal.html", locked.place, mild=mild, **rests.refusal(outcome), **context
    )


def _not_again(held: NotAgain) -> dict[str, Any]:
    locked = held.locked
    left = max(timedelta(), held.until - locked.now)
    return {
        "assignment": held.assignment.id.hex, "key": held.assignment.id.hex,
        "times": held.times, "seconds": seconds(left), "until": locked.wall + left,
    }  # fmt: skip


def _item(shown: Shown) -> dict[str, Any]:
    instrument = shown.assignment.instrument
    prompt = [_turn(turn) for turn in shown.text.prompt]
    completions = [{"turns": [_turn(turn) for turn in turns]} for turns in shown.text.completions]
    if prompt and shown.text.hidden_characters:
        prompt[0]["marks"] = shown.text.hidden_characters
    return {
        "assignment": shown.assignment.id.hex,
        "key": shown.exposure_id.hex,
        "instrument": instrument.value,
        "language": shown.locked.place.language,
        "hide_after": seconds(shown.left),
        "hard": shown.assignment.severity >= HARD,
        "turns": prompt,
        "completions": completions,
        "has_rich": shown.locked.place.render_style == "markdown",
        "draft": _draft(instrument, shown.draft, len(completions)),
        "blank": None if shown.draft else _blank(shown, len(prompt), len(completions)),
    }


def _blank(shown: Shown, turns: int, completions: int) -> dict[str, Any]:
    """Return all that an answer with nothing in it yet hangs on: neither text nor person."""
    place, instrument = shown.locked.place, shown.assignment.instrument
    hazards = [] if instrument is InstrumentName.PREFERENCE else place.hazards
    return {
        "project": {"slug": place.slug, "hazards": hazards},
        "item": {
            "instrument": instrument.value,
            "turns": [0] * turns,
            "completions": [0] * completions,
            "has_rich": place.render_style == "markdown",
            "draft": {},
        },
    }


def _veil(offered: Offered) -> dict[str, Any]:
    assignment = offered.assignment
    names = {hazard["code"]: hazard["name"] for hazard in offered.locked.place.hazards}
    return {
        "assignment": assignment.id.hex,
        "key": assignment.id.hex,
        "severity": int(offered.severity),
        "hard": offered.severity >= HARD,
        "hazards": [names.get(code, code) for code in assignment.hazards],
        "words": assignment.words,
        "reading_seconds": seconds(reading_time(assignment.words)),
        "completions_count": assignment.completions,
    }


def _turn(turn: ShownTurn) -> dict[str, Any]:
    # The one place where stored HTML is taken as safe: it was cleaned and checked at import (R9).
    return {
        "speaker": turn.role.value, "html": Markup(turn.html),  # noqa: S704 cleaned at import
        "plain": _plain(turn.plain), "marks": 0,
    }  # fmt: skip


def _plain(text: str) -> str | Markup:
    """Return text for the plain view; hidden characters become marks there as well."""
    if text.isascii() or not any(unicodedata.category(letter) == "Cf" for letter in text):
        return text
    return Markup(rendered(text, "plain").html)  # noqa: S704 rendering escapes everything


def _draft(
    instrument: InstrumentName, draft: Mapping[str, Sequence[str]], completions: int
) -> dict[str, Any]:
    rationale = "".join(draft.get("rationale", ())[:1])
    if instrument is InstrumentName.PREFERENCE:
        return {"preference": "".join(draft.get("preference", ())[:1]), "rationale": rationale}
    return {
        "severity": ["".join(draft.get(f"severity-{n}", ())[:1]) for n in range(completions)],
        "hazards": [list(draft.get(f"hazards-{n}", ())) for n in range(completions)],
        "rationale": rationale,
    }


def today_of(day: Today) -> dict[str, Any]:
    """Return the small line about the day in plain values."""
    limits = [
        {
            "label": _("the last hour") if share.window <= timedelta(hours=1) else _("24 hours"),
            "used": share.used,
            "limit": share.limit,
            "text": _("%(used)s of %(limit)s points", used=share.used, limit=share.limit),
        }
        for share in day.shares
    ]
    return {
        # In whole minutes, as it is said: the same page then serves for a minute.
        "done": day.done, "next_break": -(-seconds(day.next_break) // 60) * 60, "limits": limits,
        "stopped": day.stopped,
    }  # fmt: skip


def _today(day: Today | None) -> dict[str, Any]:
    if day is None:
        return {"today": None, "undo": None}
    undo = day.undo and {"rating": day.undo.rating_id.hex, "seconds": seconds(day.undo.left)}
    return {"today": today_of(day), "undo": undo}
