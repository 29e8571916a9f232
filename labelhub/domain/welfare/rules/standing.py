"""Whether anything may be served to the person at all, and up to which tier."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.verdicts import Hold, Reason


def not_engaged(labeler: LabelerState, _candidate: Candidate, _now: datetime) -> Verdict:
    return None if labeler.engaged else Hold(Reason.NOT_ENGAGED, None)


def suspended(labeler: LabelerState, _candidate: Candidate, _now: datetime) -> Verdict:
    return Hold(Reason.SUSPENDED, None) if labeler.suspended else None


def below_standard(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold tiers that a finding bars for the organisation (working-standards.md, A.6)."""
    return Hold(Reason.STANDARDS, None) if candidate.tier > labeler.highest_tier else None


def on_break(labeler: LabelerState, _candidate: Candidate, now: datetime) -> Verdict:
    """Hold everything during a break the labeler took, until its end or their return."""
    taken = labeler.personal_break
    if taken is None or (taken.until is not None and now >= taken.until):
        return None
    return Hold(Reason.ON_BREAK, taken.until)


def still_showing(labeler: LabelerState, _candidate: Candidate, _now: datetime) -> Verdict:
    """Hold everything while an exposure is open; it ends by hiding or after its granted time."""
    showing = labeler.work.showing
    return None if showing is None else Hold(Reason.STILL_SHOWING, showing.ends_at)


def time_unverified(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold hard content while nobody can say how much time passed (safety-case.md, R4)."""
    if labeler.clock_verified or candidate.tier < HARD:
        return None
    return Hold(Reason.TIME_UNVERIFIED, None)
