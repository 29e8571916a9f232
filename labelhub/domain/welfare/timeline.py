"""A person's working time so far, as much of it as the rules need, in bounded space.

The state advances only when something happened: an item was shown, hidden or regraded, or an
answer came. Asking changes nothing: a gap is evaluated once, at its
full length, when the next item is served (working-standards.md, B.1).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import Charge, charge_ps, seconds_up
from labelhub.domain.welfare.policy import Policy

HARD = Severity.S2
GRAPHIC = Severity.S3

PERIOD_GAP = timedelta(minutes=30)
"""A gap after which a new work period begins (L-17); not a limit, so it never varies."""

RAMP_DAY = timedelta(hours=20)
"""A ramp-up day begins with the first exposure this long after the last one began."""

RECENT = 20
"""Items remembered. L-09 looks at nine; a run of six hard items spans at most twelve."""

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Showing:
    """The one exposure that is open."""

    severity: Severity
    shown_at: datetime
    granted: timedelta

    @property
    def ends_at(self) -> datetime:
        return self.shown_at + self.granted


@dataclass(frozen=True, slots=True)
class Shown:
    """The exposure that was hidden last."""

    severity: Severity
    shown_at: datetime
    hidden_at: datetime
    active: timedelta


@dataclass(frozen=True, slots=True)
class WorkState:
    """Everything of the past that breaks, sequences, rests and the ramp-up depend on."""

    showing: Showing | None = None
    last: Shown | None = None
    idle_since: datetime | None = None  # the gap's beginning: last hiding, draft or answer
    continuous: timedelta = _NONE  # work since the last break of L-10
    hard: timedelta = _NONE  # S2+ since the last break of L-11
    split_from: datetime | None = None  # when the first part of a split break of L-11 began
    long: timedelta = _NONE  # work since the last break of L-12
    recent: tuple[Severity, ...] = ()  # newest last, at most RECENT
    unbroken: int = 0  # how many of `recent` came after the last break of L-11
    period_start: datetime | None = None
    day_start: datetime | None = None  # the end of the last daily rest …
    rest_start: datetime | None = None  # … and its beginning
    week_start: datetime | None = None  # the end of the last weekly rest
    hard_week_start: datetime | None = None  # the end of the last rest from S2+
    first_at: datetime | None = None
    last_hard_at: datetime | None = None
    last_severe_at: datetime | None = None
    severe_before: datetime | None = None  # the S4 before the last
    ramp_days: int = 0  # days with exposure, the present one included
    ramp_day_start: datetime | None = None
    return_day: int | None = None  # the ramp-up day on which S2+ came back after a long pause


NEW = WorkState()
"""A person who has never been shown anything."""


def resumed(state: WorkState, policy: Policy, now: datetime) -> WorkState:
    """Return the state as if work resumed now: the gap until now takes its effect.

    Used for every decision and kept only when an item is served.
    """
    rested = _rested(state, policy, now)
    gap = now - state.idle_since if state.idle_since else None
    if gap is None or gap >= hard_break_needed(state, policy):
        rested = replace(rested, hard=_NONE, unbroken=0, split_from=None)
    elif gap >= policy.split_first and state.unbroken:  # a gap that was a break is no part
        rested = replace(rested, split_from=state.split_from or state.idle_since)
    return _with_ramp_day(rested, now)


def served(
    state: WorkState, policy: Policy, severity: Severity, granted: timedelta, now: datetime
) -> WorkState:
    """Return the state with the item on screen; *severity* and *granted* are the admission's.

    Raises:
        ValueError: an exposure is still open; there is never more than one.

    """
    if state.showing is not None:
        raise ValueError("an exposure is still open")
    return replace(resumed(state, policy, now), showing=Showing(severity, now, granted))


def hidden(
    state: WorkState, policy: Policy, now: datetime, rated: Severity | None = None
) -> tuple[WorkState, Charge | None]:
    """Return the state after the open exposure ends, and its charge; nothing open, no charge.

    It ends now, or at the end of the granted time if that has passed: silence is charged in
    full. *rated* is the labeler's own rating; a higher one raises the charge (W-9).
    """
    showing = state.showing
    if showing is None:
        return state, None
    hidden_at = max(showing.shown_at, min(now, showing.ends_at))
    active = timedelta(seconds=seconds_up(hidden_at - showing.shown_at))
    severity = max(showing.severity, rated or showing.severity)
    closed = replace(
        state,
        showing=None,
        last=Shown(severity, showing.shown_at, hidden_at, active),
        idle_since=hidden_at,
        continuous=state.continuous + active,
        long=state.long + active,
        recent=(*state.recent, severity)[-RECENT:],
        unbroken=min(state.unbroken + 1, RECENT),
    )
    cost = charge_ps(policy, severity, active)
    charge = Charge(hidden_at, severity, seconds_up(active), cost)
    return _counted(closed, policy, None), charge


def settled(state: WorkState, policy: Policy, now: datetime) -> tuple[WorkState, Charge | None]:
    """Close the open exposure if its granted time has passed; the first step of every turn."""
    if state.showing is None or now < state.showing.ends_at:
        return state, None
    return hidden(state, policy, now)


def touched(state: WorkState, policy: Policy, now: datetime) -> WorkState:
    """Return the state after a draft or an answer in a gap: the gap restarts.

    What was already a whole break stays one; the pieces of a split break do not count,
    since something was done between them.
    """
    if state.showing is not None or state.idle_since is None or now <= state.idle_since:
        return state
    rested = _rested(state, policy, now)
    if now - state.idle_since >= policy.hard_break:
        rested = replace(rested, hard=_NONE, unbroken=0, split_from=None)
    return replace(rested, idle_since=now)


def regraded(state: WorkState, policy: Policy, severity: Severity) -> WorkState:
    """Return the state after the last hidden item turned out to be worse; never milder.

    The charge in the store is revised beside this (`dose.charge_ps` with the new severity).
    """
    last = state.last
    if last is None or severity <= last.severity:
        return state
    worse = replace(
        state, last=replace(last, severity=severity), recent=(*state.recent[:-1], severity)
    )
    return _counted(worse, policy, last.severity)


def worsened(state: WorkState, severity: Severity) -> WorkState:
    """Return the state after the item on screen turned out to be worse; never milder.

    Its charge follows when it is hidden. The time granted stays.
    """
    showing = state.showing
    if showing is None or severity <= showing.severity:
        return state
    return replace(state, showing=replace(showing, severity=severity))


def hard_break_needed(state: WorkState, policy: Policy) -> timedelta:
    """Return how long the present gap must be for L-11: the whole break, or the second part.

    A gap is never the second part to itself, however often it is looked at.
    """
    first_part_taken = state.split_from is not None and state.split_from != state.idle_since
    return min(policy.hard_break, policy.split_second) if first_part_taken else policy.hard_break


def run(state: WorkState, tier: Severity) -> int:
    """Return the consecutive items at or above *tier* (L-08).

    Single benign items are ignored; two in a row, or a break of L-11, end the run.
    """
    count = benign = 0
    for severity in reversed(state.recent[len(state.recent) - state.unbroken :]):
        benign = benign + 1 if severity < HARD else 0
        if benign == 2:  # noqa: PLR2004 working-standards.md, B.1, L-08
            break
        count += severity >= tier
    return count


def _rested(state: WorkState, policy: Policy, now: datetime) -> WorkState:
    """Apply the whole breaks and rests that the gap until now amounts to."""
    gap = now - state.idle_since if state.idle_since else PERIOD_GAP
    if state.idle_since is None:
        begun = _period_start(state, gap, now)
        return replace(state, period_start=begun, day_start=now, week_start=now)
    rested, begun = state, _period_start(state, gap, now)
    if gap >= min(policy.work_break, policy.long_break) or begun != state.period_start:
        rested = replace(
            state,
            continuous=_NONE if gap >= policy.work_break else state.continuous,
            long=_NONE if gap >= policy.long_break else state.long,
            period_start=begun,
        )
    if gap >= policy.daily_rest:
        rested = replace(rested, day_start=now, rest_start=state.idle_since)
    if gap >= policy.weekly_rest:
        rested = replace(rested, week_start=now)
    return rested


def _period_start(state: WorkState, gap: timedelta, now: datetime) -> datetime:
    """Return when the work period began: with the first item after a long enough gap."""
    begun, idle = state.period_start, state.idle_since
    if begun is not None and idle is None:
        gap = now - begun
    return now if begun is None or gap >= PERIOD_GAP else begun


def _with_ramp_day(state: WorkState, now: datetime) -> WorkState:
    if state.ramp_day_start is not None and now - state.ramp_day_start < RAMP_DAY:
        return state
    return replace(
        state,
        first_at=state.first_at or now,
        ramp_days=state.ramp_days + 1,
        ramp_day_start=now,
    )


def _counted(state: WorkState, policy: Policy, before: Severity | None) -> WorkState:
    """Enter the last item among the hard and severe ones, unless it already is."""
    last = state.last
    if last is None:
        return state
    if last.severity >= HARD and (before is None or before < HARD):
        state = _with_hard(state, policy, last)
    if last.severity == Severity.S4 != before:
        state = replace(state, last_severe_at=last.hidden_at, severe_before=state.last_severe_at)
    return state


def _with_hard(state: WorkState, policy: Policy, last: Shown) -> WorkState:
    calm_since = state.last_hard_at or state.first_at or last.shown_at
    came_back = last.shown_at - calm_since >= policy.return_gap
    rested = state.last_hard_at is None or last.shown_at - calm_since >= policy.hard_rest
    return replace(
        state,
        hard=state.hard + last.active,
        last_hard_at=last.hidden_at,
        hard_week_start=last.shown_at if rested else state.hard_week_start,
        return_day=state.ramp_days if came_back else state.return_day,
    )
