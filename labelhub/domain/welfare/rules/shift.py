"""When in the day graphic content may be served (L-17)."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.night import block, next_night
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import GRAPHIC
from labelhub.domain.welfare.verdicts import Allowance, Hold, Reason


def period_start(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Hold S3+ at the start of a work period, which the first item or signing on begins.

    If the candidate itself would be the first, waiting does not help: something milder, or
    signing on, does.
    """
    if candidate.tier < GRAPHIC:
        return None
    began, length = labeler.work.period_start or now, labeler.policy.period_start
    if now >= began + length:
        return None
    return Hold(Reason.PERIOD_START, began + length if began < now else None, LimitId.L_17)


def shift_end(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Allow S3+ until the last part of the planned shift; not after its end either."""
    if candidate.tier < GRAPHIC or labeler.shift_ends_at is None:
        return None
    if labeler.local_now is None:
        return Hold(Reason.MISSING_FACT, None, LimitId.L_17)
    left = labeler.shift_ends_at - labeler.local_now - labeler.policy.shift_end
    return Allowance(Reason.SHIFT_END, left, None, LimitId.L_17)


def night(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Allow S3+ until the night begins in the person's zone; an unknown time counts as night."""
    if candidate.tier < GRAPHIC:
        return None
    local = labeler.local_now
    if local is None or not labeler.clock_verified:
        return Hold(Reason.NIGHT, None, LimitId.L_17)
    hours = block(labeler.policy.night, labeler.main_sleep)
    begins_in, ends_in = next_night(hours, local)
    return Allowance(Reason.NIGHT, begins_in, now + ends_in, LimitId.L_17)
