"""Hours of work and rest: the day, its span, the daily and the weekly rest (L-13 to L-15)."""

from datetime import datetime, timedelta

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.rules.breaks import after
from labelhub.domain.welfare.rules.doses import room_at
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.verdicts import Allowance, Hold, Reason
from labelhub.domain.welfare.windows import DAY, WEEK, Measure, WindowDose, working_day


def long_day(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Allow what is left of active work in 24 hours (L-13)."""
    most = working_day(labeler.policy, labeler.work, candidate.tier, now)
    dose = labeler.window(Measure.WORK, DAY)
    if dose is None:
        return Hold(Reason.MISSING_FACT, None, LimitId.L_13)
    until = room_at(labeler, candidate, dose, most, now)
    return Allowance(Reason.WORKING_DAY, most - worked(dose), until, LimitId.L_13)


def long_week(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Allow what is left of active work in 168 hours (L-15)."""
    dose = labeler.window(Measure.WORK, WEEK)
    if dose is None:
        return Hold(Reason.MISSING_FACT, None, LimitId.L_15)
    most = labeler.policy.work_week
    until = room_at(labeler, candidate, dose, most, now)
    return Allowance(Reason.WORKING_WEEK, most - worked(dose), until, LimitId.L_15)


def long_span(labeler: LabelerState, _candidate: Candidate, now: datetime) -> Verdict:
    """Allow work until the span since the last daily rest is used up (L-13)."""
    policy, work = labeler.policy, labeler.work
    left = (work.day_start or now) + policy.work_span - now
    return Allowance(Reason.WORKING_SPAN, left, after(work, policy.daily_rest), LimitId.L_13)


def daily_rest(labeler: LabelerState, _candidate: Candidate, now: datetime) -> Verdict:
    """Allow work only as long as the 24 hours since the last rest still hold one (L-14)."""
    policy, work = labeler.policy, labeler.work
    left = (work.day_start or now) + DAY - policy.daily_rest - now
    return Allowance(Reason.DAILY_REST, left, after(work, policy.daily_rest), LimitId.L_14)


def weekly_rest(labeler: LabelerState, _candidate: Candidate, now: datetime) -> Verdict:
    """Allow work only as long as the last 168 hours hold one uninterrupted rest (L-15)."""
    policy, work = labeler.policy, labeler.work
    left = (work.week_start or now) + WEEK - policy.weekly_rest - now
    return Allowance(Reason.WEEKLY_REST, left, after(work, policy.weekly_rest), LimitId.L_15)


def hard_rest(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Allow S2+ only as long as the last 168 hours hold one long rest from S2+ (L-15)."""
    policy, last = labeler.policy, labeler.work.last_hard_at
    if candidate.tier < HARD or last is None or now - last >= policy.hard_rest:
        return None
    began = labeler.work.hard_week_start
    if began is None:
        return Hold(Reason.MISSING_FACT, None, LimitId.L_15)
    left = began + WEEK - policy.hard_rest - now
    return Allowance(Reason.HARD_REST, left, last + policy.hard_rest, LimitId.L_15)


def worked(dose: WindowDose) -> timedelta:
    return timedelta(seconds=dose.spent)
