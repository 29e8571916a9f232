"""Whether an item that is on screen may be sent again: less than an admission, never more."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.rules import consent, optouts, screening, standing
from labelhub.domain.welfare.rules.rule import asked
from labelhub.domain.welfare.verdicts import Hold, Reason, Refusal

_WHILE_SHOWN = (
    standing.not_engaged,
    standing.suspended,
    standing.on_break,
    standing.below_standard,
    optouts.opted_out_of_item,
    optouts.opted_out_of_category,
    optouts.opted_out_of_severity,
    optouts.opted_out_of_project,
    optouts.opted_out_today,
    screening.prohibited,
    screening.above_project,
    consent.no_consent,
)
"""Doses, breaks and sequences bound the granted time already; these may change meanwhile."""


def barred(labeler: LabelerState, candidate: Candidate, now: datetime) -> Refusal | None:
    """Return why the open exposure must not be sent again, or None while it may stay."""
    showing = labeler.work.showing
    if showing is None or now >= showing.ends_at:
        return Refusal((Hold(Reason.STILL_SHOWING, None),))
    verdicts = (asked(rule, labeler, candidate, now) for rule in _WHILE_SHOWN)
    holds = tuple(verdict for verdict in verdicts if isinstance(verdict, Hold))
    return Refusal(holds) if holds else None
