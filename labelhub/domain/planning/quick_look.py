"""A quick look at a candidate: the rules that need no window, asked before all the others."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.rules import breaks, consent, sequence, shift
from labelhub.domain.welfare.rules.rule import Rule
from labelhub.domain.welfare.verdicts import Allowance, Hold

QUICK: tuple[Rule, ...] = (
    sequence.consecutive,
    breaks.break_due,
    breaks.hard_break_due,
    breaks.long_break_due,
    sequence.cooling_down,
    consent.ramping_up,
    consent.no_consent,
    shift.period_start,
)
"""Where one of them refuses, the gate does: it asks them too."""


def quick_holds(labeler: LabelerState, candidate: Candidate, now: datetime) -> tuple[Hold, ...]:
    """Return the holds of these rules; the windows of *labeler*, resumed, may be missing."""
    holds = []
    for rule in QUICK:
        verdict = rule(labeler, candidate, now)
        if isinstance(verdict, Hold):
            holds.append(verdict)
        elif isinstance(verdict, Allowance) and verdict.time < candidate.needed:
            holds.append(Hold(verdict.reason, verdict.until, verdict.limit))
    return tuple(holds)
