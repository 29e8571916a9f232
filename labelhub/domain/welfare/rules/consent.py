"""What the labeler agreed to, and what new people are spared."""

from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.rules.rule import Verdict
from labelhub.domain.welfare.timeline import HARD
from labelhub.domain.welfare.verdicts import Hold, Reason
from labelhub.domain.welfare.windows import DAY, DOSE_LIMITS, Measure, budget_ps

_ALL = 100


def no_consent(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Hold S2, S3 and S4 without a consent to that very tier, or after it lapsed (L-19)."""
    if candidate.tier < HARD:
        return None
    given_at = labeler.consents.get(candidate.tier)
    if given_at is None:
        return Hold(Reason.NO_CONSENT, None, LimitId.L_19)
    if now >= given_at + labeler.policy.consent_lifetime(candidate.tier):
        return Hold(Reason.CONSENT_LAPSED, None, LimitId.L_19)
    return None


def ramping_up(labeler: LabelerState, candidate: Candidate, _now: datetime) -> Verdict:
    """Hold tiers that come later in the ramp-up (L-18). Only days with exposure count."""
    if candidate.tier <= labeler.policy.ramp_up.on(labeler.work.ramp_days).severity:
        return None
    return Hold(Reason.RAMPING_UP, None, LimitId.L_18)


def declaration_due(labeler: LabelerState, candidate: Candidate, now: datetime) -> Verdict:
    """Hold hard content from 50 % of L-03 until the labeler chose to continue (L-06).

    *Continue* answers for the window of L-03: 24 hours. *Stop* is the opt-out for today.
    """
    if candidate.tier < HARD or not past_action_value(
        labeler, candidate, labeler.policy.declaration_action, now
    ):
        return None
    continued_at = labeler.continued_at
    if continued_at is not None and now < continued_at + DAY:
        return None
    return Hold(Reason.DECLARATION_DUE, None, LimitId.L_06)


def past_action_value(
    labeler: LabelerState, candidate: Candidate, percent: int, now: datetime
) -> bool:
    """Say whether the day's dose has reached *percent* of L-03; yes if it is not known."""
    daily = next(limit for limit in DOSE_LIMITS if limit.window == DAY)
    dose = labeler.window(Measure.POINTS, DAY)
    if dose is None:
        return True
    budget = budget_ps(daily, labeler.policy, labeler.work, candidate.tier, now)
    return dose.spent * _ALL >= budget * percent
