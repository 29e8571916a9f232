"""One person of a plan: asks the real gate, works, waits, and remembers what the rules need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from labelhub.domain.planning.doses import Doses
from labelhub.domain.planning.holding import STEADY, lifts_before
from labelhub.domain.planning.mild_run import after_mild
from labelhub.domain.planning.pool import Had
from labelhub.domain.planning.quick_look import quick_holds
from labelhub.domain.planning.team import Group, Habits
from labelhub.domain.vocabulary import PersonId, Severity
from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.dose import LEAST_CHARGED, charge_ps, seconds_up
from labelhub.domain.welfare.facts import Candidate, LabelerState, OptOuts
from labelhub.domain.welfare.gate import judge_each
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD, RAMP_DAY, Shown, WorkState
from labelhub.domain.welfare.verdicts import Hold, Reason, Refusal
from labelhub.domain.welfare.windows import (
    DOSE_LIMITS,
    Measure,
    WindowDose,
    WindowQuestion,
    budget_percent,
    budget_ps,
    questions,
    working_day,
)

_SECOND = timedelta(seconds=1)
_ADJACENT = timedelta(seconds=60)
"""Gaps up to this are shorter than any break that a policy may have."""
_NONE = timedelta()
_LATELY = timedelta(hours=20)
_UNBOUND = timedelta(days=1)


class _Clear(NamedTuple):
    """What limits left for a tier below S2 when the gate was asked last."""

    asked_at: datetime
    time: timedelta
    points_ps: int  # the sum of all charges ever at which a limit of points would bind


class Done(NamedTuple):
    """An item that was worked on: when the answer came, and how long it was on screen."""

    answered_at: datetime
    active: timedelta
    charge_ps: int


class Person:
    """State that the gate sees, kept in memory; every verdict is the gate's own."""

    def __init__(self, group: Group, habits: Habits, policy: Policy, rng: Random) -> None:
        self.group, self.habits, self.policy, self.rng = group, habits, policy, rng
        self.had: Had = {}
        self.hard_ps = 0
        self.pace = rng.lognormvariate(0, habits.pace_spread)
        self._factor: float | None = None
        self._work = replace(timeline.NEW, ramp_days=group.ramp_days)
        self._row: list[Shown] = []  # mild items that are not in `_work` yet
        self._doses = Doses()
        self._held: dict[Severity, datetime] = {}
        self._clear: dict[Severity, _Clear] = {}
        self._consents: Mapping[Severity, datetime] = {}
        self._continued_at: datetime | None = None
        self._opt_outs = OptOuts()
        self._moment: tuple[datetime, LabelerState] | None = None
        self._verdicts: dict[Candidate, timedelta | Refusal] = {}
        self._asked: dict[tuple[object, ...], tuple[WindowQuestion, ...]] = {}
        self._timed = replace(
            policy, longest_display=(_UNBOUND,) * len(Severity), weights=(0,) * len(Severity)
        )

    @property
    def work(self) -> WorkState:
        """Return the work so far, with the mild items of late entered."""
        if self._row:
            self._work = after_mild(self._work, self._row)
            self._row = []
        return self._work

    @property
    def work_before(self) -> WorkState:
        """Return the work without the mild items of late: enough to order tiers below S2."""
        return self._work

    def agree(self, now: datetime) -> None:
        """Give or renew the consents of the group, so that none lapses (L-19)."""
        self._consents, self._moment = dict.fromkeys(self.group.agrees_to, now), None

    def held(self, tier: Severity, now: datetime) -> bool:
        """Say whether a refusal that work only prolongs still stands."""
        unwanted = tier >= HARD and tier not in self.group.agrees_to
        return unwanted or now < self._held.get(tier, now)

    def _ask(self, candidate: Candidate, now: datetime) -> timedelta | Refusal:
        """Ask the gate; at half of the day's dose the person chooses, and it is asked again."""
        verdict = self.judge(candidate, now)
        if isinstance(verdict, Refusal) and _wants_declaration(verdict):
            self._declare(now)
            verdict = self.judge(candidate, now)
        if isinstance(verdict, Refusal):
            self._remember(candidate, verdict)
        return verdict

    def ask_anew(self) -> None:
        """Forget which refusals still stand."""
        self._held.clear()

    def work_on(self, candidate: Candidate, typical_s: int, now: datetime) -> Done | None:
        """Work on an item if the gate admits it."""
        if candidate.tier in self._clear and (done := self._serve_mild(candidate, typical_s, now)):
            return done
        if self._surely_refused(candidate, now):
            return None
        if candidate.tier < HARD and (done := self._serve_mild(candidate, typical_s, now)):
            return done
        verdict = self._ask(candidate, now)
        if isinstance(verdict, Refusal):
            return None
        return self._serve(candidate, verdict, typical_s, now)

    def _serve(
        self, candidate: Candidate, granted: timedelta, typical_s: int, now: datetime
    ) -> Done:
        """Work on one item: it is shown, hidden and answered by the real rules."""
        wanted = self._takes(typical_s)
        self._moment = None
        self._factor, last_hard_at = None, self._work.last_hard_at
        hard_lately = last_hard_at is not None and now - last_hard_at < _LATELY
        shown = timeline.served(self.work, self.policy, candidate.tier, granted, now)
        if shown.ramp_days != self._work.ramp_days:
            self._held.clear()
            self._clear.clear()
        answered_at = now + wanted
        hidden, charge = timeline.hidden(shown, self.policy, answered_at)
        self._work = timeline.touched(hidden, self.policy, answered_at)
        if charge is not None:
            self._doses.add(charge)
        if candidate.tier >= HARD and not hard_lately:
            self._clear.clear()  # the working day is shorter from now on (L-13)
        return Done(answered_at, min(wanted, granted), charge.charge_ps if charge else 0)

    def _serve_mild(self, candidate: Candidate, typical_s: int, now: datetime) -> Done | None:
        """Work on one more mild item where no limit can bind; None where one might.

        What the limits leave falls no faster than time passes and points are charged. While it
        exceeds what the item takes, the gate would admit it and not cut it short.
        """
        tier, takes = candidate.tier, self._takes(typical_s)
        begun = self._work.ramp_day_start
        new_day = begun is None or now - begun >= RAMP_DAY
        if new_day:
            self._clear.clear()
        clear = self._clear.get(tier) or self._note_clear(candidate, now)
        cost = charge_ps(self.policy, tier, takes)
        at_least = self.policy.weights[tier] * seconds_up(candidate.needed)
        if (
            clear.time - (now - clear.asked_at) < max(takes, candidate.needed)
            or clear.points_ps - self._doses.total_ps < max(cost, at_least)
            or takes > self.policy.longest_display[tier]
        ):
            self._clear.pop(tier, None)
            return None
        last = self._row[-1].hidden_at if self._row else self._work.idle_since
        if new_day or last is None or now - last > _ADJACENT:
            return self._serve(candidate, takes, typical_s, now)
        hidden_at, self._factor, self._moment = now + takes, None, None
        self._row.append(Shown(tier, now, hidden_at, takes))
        self._doses.add_mild(hidden_at, takes // _SECOND, cost)
        return Done(hidden_at, takes, cost)

    def lifting_first(self, candidates: Sequence[Candidate], now: datetime) -> Refusal | None:
        """Return, of the refusals of all *candidates*, mildest first, the one that lifts first.

        Of one whose quick rules hold at least as long nothing else need be asked. None: something
        is open after all.
        """
        first: Refusal | None = None
        for candidate in candidates:
            if first is not None and first.until is not None:
                holds = self._quick_holds(candidate, now)
                if holds and (Refusal(holds).until or first.until) >= first.until:
                    continue
            verdict = self.judge(candidate, now)
            if not isinstance(verdict, Refusal):
                return None
            if first is None or lifts_before(verdict, first):
                first = verdict
        return first

    def _surely_refused(self, candidate: Candidate, now: datetime) -> bool:
        """Say whether a rule that needs no window refuses; the gate asks it among the others."""
        holds = self._quick_holds(candidate, now)
        begun = self._work.ramp_day_start
        if begun is not None and any(hold.reason is Reason.RAMPING_UP for hold in holds):
            self._held[candidate.tier] = begun + RAMP_DAY
        return bool(holds)

    def _quick_holds(self, candidate: Candidate, now: datetime) -> tuple[Hold, ...]:
        work = timeline.resumed(self.work, self.policy, now)
        return quick_holds(self._seen(work, (), now), candidate, now)

    def judge(self, candidate: Candidate, now: datetime) -> timedelta | Refusal:
        """Return the gate's verdict; at one moment it is asked once about a candidate."""
        state = self._state(now)
        if candidate not in self._verdicts:
            (self._verdicts[candidate],) = judge_each(state, (candidate,), now)
        return self._verdicts[candidate]

    def _state(self, now: datetime) -> LabelerState:
        """Return the person as the gate sees them; the same until something happens."""
        if self._moment is None or self._moment[0] != now:
            work = self.work
            windows = self._doses.answer(self._questions(work, now), now)
            self._moment = (now, self._seen(work, windows, now))
            self._verdicts = {}
        return self._moment[1]

    def _seen(
        self, work: WorkState, windows: tuple[WindowDose, ...], now: datetime
    ) -> LabelerState:
        return LabelerState(
            labeler_id=_ANYBODY,
            policy=self.policy,
            work=work,
            windows=windows,
            engaged=True,
            suspended=False,
            clock_verified=True,
            local_now=now,
            consents=self._consents,
            opt_outs=self._opt_outs,
            continued_at=self._continued_at,
            shift_ends_at=self.group.planned_end(now),
        )

    def _questions(self, work: WorkState, now: datetime) -> tuple[WindowQuestion, ...]:
        """Return the real questions; the same ones are not made twice."""
        ready = timeline.resumed(work, self.policy, now)
        key = (
            budget_percent(self.policy, ready, Severity.S0, now),
            budget_percent(self.policy, ready, HARD, now),
            working_day(self.policy, ready, Severity.S0, now),
        )
        if key not in self._asked:
            self._asked[key] = questions(self.policy, work, now)
        return self._asked[key]

    def _declare(self, now: datetime) -> None:
        if self.rng.random() < self.habits.continuing:
            self._continued_at = now
        else:
            self._opt_outs = OptOuts(today_at=now)
        self._moment = None

    def _remember(self, candidate: Candidate, refusal: Refusal) -> None:
        if candidate.needed > LEAST_CHARGED:
            return  # of a long text the gate says when the window is empty, which may be too late
        steady = [h.until for h in refusal.holds if h.reason in STEADY and h.until is not None]
        if steady:
            self._held[candidate.tier] = max(steady)

    def _note_clear(self, candidate: Candidate, now: datetime) -> _Clear:
        """Note what the limits leave for the tier: those of time as the gate says, and points."""
        state = self._state(now)
        (left,) = judge_each(replace(state, policy=self._timed), (candidate,), now)
        ready = timeline.resumed(state.work, self.policy, now)
        points = [
            budget_ps(limit, self.policy, ready, candidate.tier, now) - dose.spent
            for limit in DOSE_LIMITS
            if (dose := state.window(Measure.POINTS, limit.window)) is not None
        ]
        time = _NONE if isinstance(left, Refusal) else left
        clear = _Clear(now, time, min(points) + self._doses.total_ps)
        self._clear[candidate.tier] = clear
        return clear

    def _takes(self, typical_s: int) -> timedelta:
        """Return how long the next item takes, in whole seconds; the same until one is served."""
        if self._factor is None:
            self._factor = self.pace * self.rng.lognormvariate(0, self.habits.item_spread)
        return timedelta(seconds=max(1, round(typical_s * self._factor)))


_ANYBODY = PersonId(UUID(int=0))


def _wants_declaration(refusal: Refusal) -> bool:
    reasons = {hold.reason for hold in refusal.holds}
    return Reason.DECLARATION_DUE in reasons and Reason.OPTED_OUT_TODAY not in reasons
