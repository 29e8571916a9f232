"""The shape that all rules share."""

from collections.abc import Callable
from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.verdicts import Allowance, Hold, Reason

Verdict = Hold | Allowance | None
"""Against it; for so long at most; or nothing to say."""

Rule = Callable[[LabelerState, Candidate, datetime], Verdict]


def asked(rule: Rule, labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Ask one rule. A rule that raises is a hold (safety-case.md, R2 and S-16)."""
    try:
        return rule(labeler, candidate, now)
    except Exception:  # noqa: BLE001 whatever went wrong in a rule, nothing is served
        return Hold(Reason.RULE_FAILED, None)
