"""When a check-in is offered (L-22): by dose and the last prompt, never by what was answered."""

from datetime import datetime

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.facts import LabelerState
from labelhub.domain.welfare.timeline import resumed
from labelhub.domain.welfare.windows import DOSE_LIMITS, HOUR, Measure, budget_ps

_ALL = 100


def prompt_due(labeler: LabelerState, prompted_at: datetime | None, now: datetime) -> bool:
    """Say whether to ask how the labeler is; `prompted_at` is when they were last asked.

    Due after an S4 exposure since then, or while a window of L-02 to L-05 stands at half of its
    budget; at most once in `check_in_interval` (working-standards.md, L-22). `now` and
    `prompted_at` are gate time; None: never asked. The answer, if there was any, is no fact of
    this rule, so that it can change nothing (safety-case.md, P-4). What is due with a prompt
    behind it is also due without one.
    """
    if prompted_at is not None and now - prompted_at < labeler.policy.check_in_interval:
        return False
    return _severe_since(labeler, prompted_at) or _half_reached(labeler, now)


def _severe_since(labeler: LabelerState, prompted_at: datetime | None) -> bool:
    last = labeler.work.last_severe_at
    return last is not None and (prompted_at is None or last > prompted_at)


def _half_reached(labeler: LabelerState, now: datetime) -> bool:
    """Say whether a window stands at the middle value of L-06 of the budget open to the labeler.

    The budget is the narrower one, of S2 and above. Who was shown nothing of weight within the
    hour is not asked: a long window stays half full through days of benign work.
    """
    lately = labeler.window(Measure.POINTS, HOUR)
    if lately is None or lately.spent == 0:
        return False
    policy, work = labeler.policy, resumed(labeler.work, labeler.policy, now)
    for limit in DOSE_LIMITS:
        dose = labeler.window(Measure.POINTS, limit.window)
        budget = budget_ps(limit, policy, work, Severity.S2, now)
        if dose is not None and dose.spent * _ALL >= budget * policy.declaration_action:
            return True
    return False
