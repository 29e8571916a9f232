"""The four questions of a project's page, answered in a sentence and its figures."""

from typing import Any

from flask_babel import format_date, ngettext

from labelhub.domain.vocabulary import Severity
from labelhub.services.projects_progress import Progress
from labelhub.web.languages import gettext as _


def moving(progress: Progress) -> dict[str, Any]:
    days = progress.days_left()
    counts = {"done": progress.accepted, "wanted": progress.wanted}
    if progress.remaining == 0:
        sentence = _("%(done)s of %(wanted)s ratings are in.", **counts)
    elif days is None:
        sentence = _("%(done)s of %(wanted)s ratings are in; none came this week.", **counts)
    else:
        sentence = ngettext(
            "%(done)s of %(wanted)s ratings are in; at this pace the rest takes one day.",
            "%(done)s of %(wanted)s ratings are in; at this pace the rest takes %(num)s days.",
            days,
            **counts,
        )
    return {
        "items": progress.items,
        "done": progress.accepted,
        "wanted": progress.wanted,
        "labelers": progress.labelers,
        "per_day": [
            {"label": format_date(day, "d MMM"), "value": count} for day, count in progress.per_day
        ],
        "sentence": sentence,
    }


def good(progress: Progress) -> dict[str, Any]:
    found = progress.coincidence
    if not found.ratings:
        return {"sentence": _("There are no choices to compare yet."), "shares": []}
    shares = [
        (_("Ties"), found.ties, found.ratings),
        (_("Both bad"), found.both_bad, found.ratings),
    ]
    if found.pairs:
        shares.insert(0, (_("Pairs of ratings that agree"), found.agreeing, found.pairs))
        sentence = _("How often two labelers chose the same for one item; chance is not taken off.")
    else:
        sentence = _("No item has two ratings yet, so nothing can be said of agreement.")
    return {
        "sentence": sentence,
        "shares": [
            {
                "label": label,
                "value": value,
                "of": of,
                "text": _("%(value)s of %(all)s", value=value, all=of),
            }
            for label, value, of in shares
        ],
    }


def safe(progress: Progress) -> dict[str, Any]:
    if progress.unscreened:
        sentence = ngettext(
            "One item has no severity on record, so nobody is served it.",
            "%(num)s items have no severity on record, so nobody is served them.",
            progress.unscreened,
        )
    elif progress.veiled:
        sentence = ngettext(
            "One item is named before any of it is shown.",
            "%(num)s items are named before any of them is shown.",
            progress.veiled,
        )
    else:
        sentence = _("No item is at or above the severity that is veiled.")
    return {
        "sentence": sentence,
        "tiers": [{"severity": Severity(tier), "items": count} for tier, count in progress.tiers],
        "unscreened": progress.unscreened,
        "stopped": progress.stopped,
        "veiled": progress.veiled,
    }


def releasable(progress: Progress) -> str:
    if not progress.accepted and not progress.votes_only:
        return str(_("Nothing yet: there are no ratings."))
    return str(
        ngettext(
            "One rating by a labeler is in.",
            "%(num)s ratings by labelers are in.",
            progress.accepted,
        )
    )
