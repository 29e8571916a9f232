"""A capacity plan in words and figures that a page can draw."""

from typing import Any

from flask_babel import format_decimal, format_percent, ngettext

from labelhub.domain.planning.plan import Change, Plan, WhatIf
from labelhub.domain.planning.spread import Spread
from labelhub.web.languages import gettext as _

WIDTH, HEIGHT = 640, 200
"""Of the drawing, in its own units."""
_SMALL = 0.05
_SAME = 0.005
_FINE = 10
"""Figures below have two digits after the point."""


def told(made: Plan, document: str) -> dict[str, Any]:
    """Return the context of the result; *document* is the team as a file."""
    return {
        "sentence": _finish(made),
        "interval": _(
            "Each of %(runs)s runs draws other people and items. One run more lies between the"
            " least and the greatest with a chance of %(inside)s in %(all)s.",
            runs=made.runs, inside=made.runs - 1, all=made.runs + 1,
        ),
        "seed": made.seed,
        "chart": _chart(made),
        "tiers": [
            {"severity": int(tier), "text": _days(each), "left": made.left[tier]}
            for tier, each in sorted(made.tiers.items())
        ],
        "binding": _binding(made),
        "held": [
            {
                "cause": each.cause,
                "share": round(each.share * 1000),
                "text": _("%(hours)s h, %(share)s", hours=_number(each.hours),
                          share=format_percent(each.share)),
            }
            for each in made.held
        ],
        "changes": [_change(each) for each in made.what_ifs],
        "document": document,
    }  # fmt: skip


def _finish(made: Plan) -> str:
    people = ngettext("one person", "%(num)s people", made.people)
    if made.finish.low is None:
        return _(
            "This does not end with %(people)s: %(left)s of %(all)s ratings are left that nobody"
            " of them can give.",
            people=people, left=sum(made.left.values()), all=made.ratings,
        )  # fmt: skip
    return _(
        "%(all)s ratings with %(people)s: %(days)s.",
        all=made.ratings, people=people, days=_days(made.finish),
    )  # fmt: skip


def _days(spread: Spread) -> str:
    if spread.low is None or spread.median is None:
        return str(_("not within a year, or never"))
    if spread.high is None:
        return str(_("%(low)s days at best; some runs never end", low=_number(spread.low)))
    low, median, high = (_number(each) for each in (spread.low, spread.median, spread.high))
    return str(_("%(median)s days (%(low)s to %(high)s)", median=median, low=low, high=high))


def _binding(made: Plan) -> str:
    if made.binding is None or made.held_share < _SMALL:
        return _(
            "The hours of the team decide. Limits held people up for %(share)s of their time,"
            " breaks included.", share=format_percent(made.held_share),
        )  # fmt: skip
    return _(
        "For %(share)s of their time all that was left was held by a limit. What held longest is"
        " named first.", share=format_percent(made.held_share),
    )  # fmt: skip


def _change(what_if: WhatIf) -> dict[str, str]:
    known = {
        Change.PERSON: _("One more person in the largest group"),
        Change.MILD: _("Mild work of another project at hand"),
    }[what_if.change]
    return {
        "text": known,
        "difference": _difference(what_if.difference),
        "days": _days(what_if.finish),
    }


def _difference(found: Spread | None) -> str:
    """Return the difference in words; a run that never ends has none."""
    if found is None or found.low is None or found.median is None or found.high is None:
        return str(_("cannot be told: runs never end"))
    low, median, high = (_moved(each) for each in (found.low, found.median, found.high))
    return str(_("%(median)s (%(low)s to %(high)s)", median=median, low=low, high=high))


def _moved(days: float) -> str:
    if abs(days) < _SAME:
        return str(_("no change"))
    if days < 0:
        return str(_("%(days)s days sooner", days=_number(-days)))
    return str(_("%(days)s days later", days=_number(days)))


def _chart(made: Plan) -> dict[str, Any]:
    """Return the ratings over days as a band and a line, and the same as a table."""
    last = made.curve[-1].day or 1.0

    def at(day: float, ratings: int) -> str:
        return f"{WIDTH * day / last:.1f},{HEIGHT - (HEIGHT - 4) * ratings / made.ratings:.1f}"

    upper = [at(point.day, point.high) for point in made.curve]
    lower = [at(point.day, point.low) for point in reversed(made.curve)]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "band": " ".join(upper + lower),
        "line": " ".join(at(point.day, point.median) for point in made.curve),
        "days": _number(last),
        "ratings": made.ratings,
        "rows": [
            {
                "day": _number(point.day),
                "low": point.low,
                "median": point.median,
                "high": point.high,
            }
            for point in made.curve
        ],
    }


def _number(value: float) -> str:
    return str(format_decimal(round(value, 1 if abs(value) >= _FINE else 2)))
