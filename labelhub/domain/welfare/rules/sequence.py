"""In which order hard content may follow itself (L-08, L-09, L-16)."""

from datetime import datetime, timedelta

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.rules.breaks import hard_break_over_at
from labelhub.domain.welfare.rules.consent import past_action_value
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import GRAPHIC, HARD, WorkState, run
from labelhub.domain.welfare.verdicts import Hold, Reason

MIX_SPAN = 10
"""L-09 counts S2+ among any ten consecutive items."""

SEVERE_MEMORY = timedelta(hours=24)
"""A further S4 within this time of the one before has the longer cool-down (L-16)."""


def consecutive(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold S2+ after a full run of S2+, and S3+ after a full run of S3+ (L-08)."""
    policy, work = labeler.policy, labeler.work
    hard_full = candidate.tier >= HARD and run(work, HARD) >= policy.run_hard
    graphic_full = candidate.tier >= GRAPHIC and run(work, GRAPHIC) >= policy.run_graphic
    if not hard_full and not graphic_full:
        return None
    return Hold(Reason.CONSECUTIVE, hard_break_over_at(work, policy), LimitId.L_08)


def mix(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Hold S2+ that would be too many among ten items; milder ones lift it, waiting does not."""
    if candidate.tier < HARD:
        return None
    policy = labeler.policy
    tightened = past_action_value(labeler, candidate, policy.mix_action, now)
    most = policy.mix - 1 if tightened else policy.mix
    among_ten = labeler.work.recent[-(MIX_SPAN - 1) :]
    if sum(severity >= HARD for severity in among_ten) < most:
        return None
    return Hold(Reason.MIX, None, LimitId.L_09)


def cooling_down(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Hold S2+ after the worst content, until the cool-down has passed (L-16)."""
    until = cool_until(labeler.work, labeler.policy)
    if candidate.tier < HARD or until is None or now >= until:
        return None
    return Hold(Reason.COOLING_DOWN, until, LimitId.L_16)


def cool_until(work: WorkState, policy: Policy) -> datetime | None:
    """Return the end of the latest cool-down; None if there never was S4."""
    last, before = work.last_severe_at, work.severe_before
    if last is None:
        return None
    again = before is not None and before > last - SEVERE_MEMORY
    return last + (policy.cool_down_again if again else policy.cool_down)
