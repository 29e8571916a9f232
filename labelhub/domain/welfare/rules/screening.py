"""Whether the item may be served to anybody in its project."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.verdicts import Allowance, Hold, Reason


def not_screened(_labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold an item whose severity nobody has put on record, not even as unknown."""
    return None if candidate.screened else Hold(Reason.NOT_SCREENED, None)


def prohibited(_labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    return Hold(Reason.PROHIBITED, None) if candidate.prohibited else None


def above_project(_labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold what is worse than the content notice that people agreed to."""
    if candidate.tier <= candidate.project.max_severity:
        return None
    return Hold(Reason.ABOVE_PROJECT, None)


def words_unknown(_labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold a text whose length nobody counted: its display time cannot be judged."""
    return Hold(Reason.MISSING_FACT, None) if candidate.words is None else None


def longest_display(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Allow the tier's longest display; a text that takes longer to read is too long."""
    return Allowance(
        Reason.TOO_LONG, labeler.policy.longest_display[candidate.tier], None, LimitId.A_1
    )
