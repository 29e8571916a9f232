"""The one decision by which content reaches a labeler."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from labelhub.domain.welfare.facts import (
    Candidate,
    LabelerState,
    OptOuts,
    PersonalBreak,
    ProjectFacts,
)
from labelhub.domain.welfare.rules import (
    breaks,
    consent,
    doses,
    hours,
    optouts,
    screening,
    sequence,
    shift,
    standing,
)
from labelhub.domain.welfare.rules.rule import Rule, asked
from labelhub.domain.welfare.timeline import resumed
from labelhub.domain.welfare.verdicts import Admission, Hold, Reason, Refusal

__all__ = [
    "RULES",
    "Admission",
    "Candidate",
    "Hold",
    "LabelerState",
    "OptOuts",
    "PersonalBreak",
    "ProjectFacts",
    "Reason",
    "Refusal",
    "decide",
    "judge_each",
]

RULES: Final[tuple[Rule, ...]] = (
    standing.not_engaged,
    standing.suspended,
    standing.on_break,
    standing.still_showing,
    standing.below_standard,
    standing.time_unverified,
    optouts.opted_out_of_item,
    optouts.opted_out_of_category,
    optouts.opted_out_of_severity,
    optouts.opted_out_of_project,
    optouts.opted_out_today,
    screening.not_screened,
    screening.prohibited,
    screening.above_project,
    screening.words_unknown,
    screening.longest_display,
    consent.no_consent,
    consent.ramping_up,
    consent.declaration_due,
    doses.hourly_dose,
    doses.daily_dose,
    doses.weekly_dose,
    doses.monthly_dose,
    doses.severe_count,
    sequence.consecutive,
    sequence.mix,
    sequence.cooling_down,
    breaks.break_due,
    breaks.hard_break_due,
    breaks.long_break_due,
    hours.long_day,
    hours.long_span,
    hours.long_week,
    hours.daily_rest,
    hours.weekly_rest,
    hours.hard_rest,
    shift.period_start,
    shift.shift_end,
    shift.night,
)
"""Every rule. Any hold refuses, every hold is reported, the shortest allowance is granted."""

_SECOND = timedelta(seconds=1)


def decide(labeler: LabelerState, candidate: Candidate, now: datetime) -> Admission | Refusal:
    """Admit the candidate only if no rule holds it. Every hold is reported.

    `now` is gate time, never a wall clock (safety-case.md, R4). Deciding changes nothing:
    the state advances by `timeline.served` when the admission is recorded.
    """
    (verdict,) = judge_each(labeler, (candidate,), now)
    if isinstance(verdict, Refusal):
        return verdict
    return Admission(labeler.labeler_id, candidate.item_id, now, candidate.tier, verdict)


def judge_each(
    labeler: LabelerState, candidates: Iterable[Candidate], now: datetime
) -> tuple[timedelta | Refusal, ...]:
    """Return for each candidate the display time that all rules allow, or the refusal.

    It admits nothing: only `decide` does. The outlook uses it to ask about whole tiers.
    """
    try:
        ready = _ready(labeler, now)
    except Exception:  # noqa: BLE001 a state that cannot be read refuses (S-16)
        return tuple(Refusal((Hold(Reason.RULE_FAILED, None),)) for _ in candidates)
    return tuple(_judged(ready, candidate, now) for candidate in candidates)


def _ready(labeler: LabelerState, now: datetime) -> LabelerState:
    """Return the labeler as if work resumed now; without a time zone no time can be compared."""
    times = (now, labeler.local_now, labeler.shift_ends_at)
    if any(each is not None and each.utcoffset() is None for each in times):
        raise ValueError("a time has no zone")
    work = resumed(labeler.work, labeler.policy, now)
    return labeler if work is labeler.work else replace(labeler, work=work)


def _judged(labeler: LabelerState, candidate: Candidate, now: datetime) -> timedelta | Refusal:
    """Ask every rule; *labeler* is as if work resumed now. Times are whole seconds."""
    needed = candidate.needed
    holds: list[Hold] = []
    allowed: list[timedelta] = []
    for rule in RULES:
        verdict = asked(rule, labeler, candidate, now)
        if verdict is None:
            continue
        if isinstance(verdict, Hold):
            holds.append(verdict)
        elif verdict.time < needed:  # an allowance that is too short
            holds.append(Hold(verdict.reason, verdict.until, verdict.limit))
        else:
            allowed.append(verdict.time)
    return Refusal(tuple(holds)) if holds else min(allowed) // _SECOND * _SECOND
