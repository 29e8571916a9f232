"""Breaks that come due: continuous work, hard content, and the long break (L-10 to L-12)."""

from datetime import datetime, timedelta

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import HARD, WorkState, hard_break_needed
from labelhub.domain.welfare.verdicts import Allowance, Reason


def break_due(labeler: LabelerState, _candidate: Candidate, _now: datetime) -> Verdict:
    """Allow what is left of continuous work (L-10)."""
    policy, work = labeler.policy, labeler.work
    return Allowance(
        Reason.BREAK_DUE,
        policy.continuous_work - work.continuous,
        after(work, policy.work_break),
        LimitId.L_10,
    )


def hard_break_due(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Allow what is left of S2+ since its last break (L-11)."""
    if candidate.tier < HARD:
        return None
    policy, work = labeler.policy, labeler.work
    return Allowance(
        Reason.HARD_BREAK_DUE,
        policy.hard_work - work.hard,
        hard_break_over_at(work, policy),
        LimitId.L_11,
    )


def long_break_due(labeler: LabelerState, _candidate: Candidate, _now: datetime) -> Verdict:
    """Allow what is left of work since the last long break (L-12)."""
    policy, work = labeler.policy, labeler.work
    return Allowance(
        Reason.LONG_BREAK_DUE,
        policy.long_work - work.long,
        after(work, policy.long_break),
        LimitId.L_12,
    )


def after(work: WorkState, rest: timedelta) -> datetime | None:
    """Return when the present gap will have lasted *rest*; None if there is no gap."""
    return None if work.idle_since is None else work.idle_since + rest


def hard_break_over_at(work: WorkState, policy: Policy) -> datetime | None:
    """Return when the present gap will be a break of L-11, whole or as the second part."""
    return after(work, hard_break_needed(work, policy))
