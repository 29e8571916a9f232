"""What a labeler can expect: which tiers are open, when a break comes due, what to wait for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from labelhub.domain.vocabulary import ItemId, Severity
from labelhub.domain.welfare.dose import words_readable
from labelhub.domain.welfare.facts import Candidate, LabelerState, ProjectFacts
from labelhub.domain.welfare.gate import judge_each
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import resumed
from labelhub.domain.welfare.verdicts import Hold, Reason, Refusal
from labelhub.domain.welfare.windows import DOSE_LIMITS, Measure, budget_ps

_ANY_ITEM = ItemId(UUID(int=0))
_ALL = 100


@dataclass(frozen=True, slots=True)
class Opening:
    """A tier that can be served now: for how long, and up to which length of text."""

    granted: timedelta
    most_words: int


@dataclass(frozen=True, slots=True)
class Tiers:
    """Each tier of a project, either open or refused."""

    open: Mapping[Severity, Opening]
    refused: Mapping[Severity, Refusal]


@dataclass(frozen=True, slots=True)
class BreakDue:
    """The next mandatory break if work goes on without a gap."""

    at: datetime
    length: timedelta
    limit: LimitId


class Pause(StrEnum):
    """Which page a labeler sees when nothing can be served."""

    SUSPENDED = "suspended"
    OWN_BREAK = "own_break"
    SHOWING = "showing"
    BREAK = "break"
    COOL_DOWN = "cool_down"
    REST = "rest"
    DECLARATION = "declaration"
    LIMIT = "limit"
    LATER = "later"  # the time of day, or the order of work
    NOT_OFFERED = "not_offered"  # opt-outs, consent, ramp-up: waiting does not help
    UNAVAILABLE = "unavailable"  # a fact is missing or a rule failed
    NOTHING_LEFT = "nothing_left"


@dataclass(frozen=True, slots=True)
class Standstill:
    """Why nothing is served.

    `until` is the earliest time at which something may be, None if waiting does not help;
    `pause_until` is the end of that which names the page (a break may end, and milder work
    still be wanted before more of the same).
    """

    pause: Pause
    until: datetime | None
    pause_until: datetime | None = None
    holds: tuple[Hold, ...] = ()


_PAUSES: Mapping[Pause, frozenset[Reason]] = {
    Pause.SUSPENDED: frozenset({Reason.SUSPENDED, Reason.NOT_ENGAGED}),
    Pause.OWN_BREAK: frozenset({Reason.ON_BREAK}),
    Pause.SHOWING: frozenset({Reason.STILL_SHOWING}),
    Pause.NOT_OFFERED: frozenset(
        {
            Reason.OPTED_OUT_OF_ITEM,
            Reason.OPTED_OUT_OF_CATEGORY,
            Reason.OPTED_OUT_OF_SEVERITY,
            Reason.OPTED_OUT_OF_PROJECT,
            Reason.OPTED_OUT_TODAY,
            Reason.NOT_SCREENED,
            Reason.PROHIBITED,
            Reason.ABOVE_PROJECT,
            Reason.TOO_LONG,
            Reason.NO_CONSENT,
            Reason.CONSENT_LAPSED,
            Reason.RAMPING_UP,
            Reason.STANDARDS,
        }
    ),
    Pause.REST: frozenset(
        {
            Reason.WORKING_DAY,
            Reason.WORKING_SPAN,
            Reason.DAILY_REST,
            Reason.WORKING_WEEK,
            Reason.WEEKLY_REST,
            Reason.HARD_REST,
        }
    ),
    Pause.BREAK: frozenset({Reason.BREAK_DUE, Reason.HARD_BREAK_DUE, Reason.LONG_BREAK_DUE}),
    Pause.DECLARATION: frozenset({Reason.DECLARATION_DUE}),
    Pause.COOL_DOWN: frozenset({Reason.COOLING_DOWN}),
    Pause.LIMIT: frozenset(
        {
            Reason.HOURLY_DOSE,
            Reason.DAILY_DOSE,
            Reason.WEEKLY_DOSE,
            Reason.MONTHLY_DOSE,
            Reason.SEVERE_COUNT,
        }
    ),
    Pause.LATER: frozenset(
        {Reason.CONSECUTIVE, Reason.MIX, Reason.PERIOD_START, Reason.SHIFT_END, Reason.NIGHT}
    ),
    Pause.UNAVAILABLE: frozenset({Reason.TIME_UNVERIFIED, Reason.MISSING_FACT, Reason.RULE_FAILED}),
}
"""In order of precedence: the first that holds names the page."""


def admissible_tiers(
    labeler: LabelerState, project: ProjectFacts, now: datetime, below: Severity | None = None
) -> Tiers:
    """Return which tiers of *project*, under *below*, the gate would admit now by its own rules.

    Only a candidate's own matters are left open: its opt-outs, its words, its screening.
    The queue asks the database for items of the open tiers up to `most_words`.
    """
    worst = project.max_severity
    tiers = [each for each in Severity if each <= worst and (below is None or each < below)]
    probes = (_of_tier(project, severity) for severity in tiers)
    verdicts = dict(zip(tiers, judge_each(labeler, probes, now), strict=True))
    return Tiers(
        open={
            severity: Opening(verdict, words_readable(verdict))
            for severity, verdict in verdicts.items()
            if isinstance(verdict, timedelta)
        },
        refused={
            severity: verdict
            for severity, verdict in verdicts.items()
            if isinstance(verdict, Refusal)
        },
    )


def standstill(refusals: Iterable[Refusal]) -> Standstill:
    """Reduce the refusals of everything that is left to one page and one time.

    The refusal that lifts first decides; one that waiting does not lift comes last. No
    refusals: nothing is left to serve.
    """
    ordered = sorted(refusals, key=_lifts)
    if not ordered:
        return Standstill(Pause.NOTHING_LEFT, None)
    first = ordered[0]
    reasons = {hold.reason for hold in first.holds}
    pause = next(pause for pause, named in _PAUSES.items() if named & reasons)
    naming = tuple(hold for hold in first.holds if hold.reason in _PAUSES[pause])
    return Standstill(pause, first.until, Refusal(naming).until, first.holds)


def next_break_due(labeler: LabelerState, now: datetime) -> BreakDue:
    """Return the first of L-10 and L-12 to come due, the open exposure counted as it runs."""
    policy, work = labeler.policy, labeler.work
    running = timedelta(0)
    if work.showing is not None:
        running = max(timedelta(0), min(now, work.showing.ends_at) - work.showing.shown_at)
    elif work.idle_since is not None:
        work = resumed(work, policy, now)
    none = timedelta(0)
    short = max(none, policy.continuous_work - work.continuous - running)
    long = max(none, policy.long_work - work.long - running)
    if long <= short:
        return BreakDue(now + long, policy.long_break, LimitId.L_12)
    return BreakDue(now + short, policy.work_break, LimitId.L_10)


def noticed(labeler: LabelerState, now: datetime) -> tuple[LimitId, ...]:
    """Return the windows at or past the notice value of L-06, for the labeler's eyes only."""
    policy, work = labeler.policy, resumed(labeler.work, labeler.policy, now)
    found = []
    for limit in DOSE_LIMITS:
        dose = labeler.window(Measure.POINTS, limit.window)
        budget = budget_ps(limit, policy, work, Severity.S2, now)
        if dose is not None and dose.spent * _ALL >= budget * policy.notice_action:
            found.append(limit.limit)
    return tuple(found)


def declaration_wanted(labeler: LabelerState, project: ProjectFacts, now: datetime) -> bool:
    """Say whether to ask *continue* or *stop harmful content today* (L-06)."""
    hard = _of_tier(project, Severity.S2)
    (verdict,) = judge_each(labeler, (hard,), now)
    return isinstance(verdict, Refusal) and any(
        hold.reason is Reason.DECLARATION_DUE for hold in verdict.holds
    )


def _of_tier(project: ProjectFacts, severity: Severity) -> Candidate:
    return Candidate(_ANY_ITEM, project, severity, screened=True, words=0)


def _lifts(refusal: Refusal) -> tuple[bool, float]:
    until = refusal.until
    return until is None, until.timestamp() if until else 0.0
