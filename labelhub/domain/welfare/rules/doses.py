"""How much harm a person may take in over rolling windows (L-02 to L-05, L-07)."""

from datetime import datetime, timedelta

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import LEAST_CHARGED
from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.verdicts import Allowance, Hold, Reason
from labelhub.domain.welfare.windows import (
    DOSE_LIMITS,
    DoseLimit,
    Measure,
    WindowDose,
    budget_ps,
    severe_limits,
)


def hourly_dose(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    return _dose(DOSE_LIMITS[0], Reason.HOURLY_DOSE, labeler, candidate, now)


def daily_dose(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    return _dose(DOSE_LIMITS[1], Reason.DAILY_DOSE, labeler, candidate, now)


def weekly_dose(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    return _dose(DOSE_LIMITS[2], Reason.WEEKLY_DOSE, labeler, candidate, now)


def monthly_dose(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    return _dose(DOSE_LIMITS[3], Reason.MONTHLY_DOSE, labeler, candidate, now)


def severe_count(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold S4 while any window of L-07 holds as many S4 items as it may."""
    if candidate.tier != Severity.S4:
        return None
    until: list[datetime | None] = []
    for window, most in severe_limits(labeler.policy):
        dose = labeler.window(Measure.SEVERE, window)
        if dose is None:
            return Hold(Reason.MISSING_FACT, None, LimitId.L_07)
        if dose.spent >= most:
            until.append(dose.room_at.get(Severity.S4))
    if not until:
        return None
    known = [time for time in until if time is not None]
    return Hold(Reason.SEVERE_COUNT, max(known) if len(known) == len(until) else None, LimitId.L_07)


def room_at(
    labeler: LabelerState, candidate: Candidate, dose: WindowDose, most: timedelta, now: datetime
) -> datetime | None:
    """Return when the window has room again; None if even an empty one holds too little.

    *most* is the display that an empty window would allow.

    A text that needs more than the least display gets the moment at which the window is
    empty of the labeler's own: later than needed at times, and too early only beside charges
    that were brought from elsewhere.
    """
    found, last = dose.room_at.get(candidate.tier), labeler.work.last
    if candidate.needed > most:
        return None
    if found is not None and candidate.needed <= LEAST_CHARGED:
        return found
    emptied = None if last is None else last.hidden_at + dose.window
    return max((end for end in (found, emptied) if end is not None and end > now), default=None)


def _dose(
    limit: DoseLimit, reason: Reason, labeler: LabelerState, candidate: Candidate, now: datetime
) -> Verdict:
    """Allow what is left of the budget; tiers of weight 0 are not held by points."""
    policy, tier = labeler.policy, candidate.tier
    weight = policy.weights[tier]
    if weight == 0:
        return None
    dose = labeler.window(Measure.POINTS, limit.window)
    if dose is None:
        return Hold(Reason.MISSING_FACT, None, limit.limit)
    budget = budget_ps(limit, policy, labeler.work, tier, now)
    left = timedelta(seconds=max(0, budget - dose.spent) // weight)
    most = timedelta(seconds=budget // weight)
    until = room_at(labeler, candidate, dose, most, now)
    return Allowance(reason, left, until, limit.limit)
