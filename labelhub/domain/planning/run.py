"""One run of a plan: a team works off what is left, one event after another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from uuid import UUID

from labelhub.domain.planning.holding import Cause, causes, milder_helps
from labelhub.domain.planning.person import Done, Person
from labelhub.domain.planning.pool import Pool
from labelhub.domain.planning.roster import MONDAY
from labelhub.domain.planning.team import Load, Team
from labelhub.domain.queue import Burden, tier_order
from labelhub.domain.vocabulary import ItemId, ProjectId, Severity
from labelhub.domain.welfare.facts import Candidate, ProjectFacts
from labelhub.domain.welfare.policy import Policy
from labelhub.domain.welfare.timeline import HARD

HORIZON = timedelta(days=366)
"""A plan looks no further ahead."""
PATIENCE = (timedelta(), timedelta(), timedelta(days=7), timedelta(days=28))
"""How long to wait before asking again where waiting does not help by itself: two shifts, a week,
and the longest window (L-05). Whoever is refused then leaves: nothing will change."""

_FILLER = Candidate(
    ItemId(UUID(int=1)), ProjectFacts(ProjectId(UUID(int=1)), Severity.S0),
    Severity.S0, screened=True, words=0,
)  # fmt: skip
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class Outcome:
    """What one run came to. Times are since its beginning."""

    ended: timedelta = timedelta()  # the last answer
    left: dict[Severity, int] = field(default_factory=dict)  # ratings that nobody could give
    done_by_hour: Counter[int] = field(default_factory=Counter)
    tier_ended: dict[Severity, timedelta] = field(default_factory=dict)
    held: Counter[Cause] = field(default_factory=Counter)  # seconds within shifts
    worked: timedelta = timedelta()  # on screen, all people together
    filled: timedelta = timedelta()  # the same, on mild work of other projects

    @property
    def is_finished(self) -> bool:
        return not any(self.left.values())


class Run:
    """A team at work. Every draw comes from *seed*, each person's from a stream of their own."""

    def __init__(self, load: Load, team: Team, policy: Policy, seed: str) -> None:
        self._load, self._policy, self._habits = load, policy, team.habits
        self._pool = Pool(load.tiers)
        self._candidates = _candidates(load)
        self._people = [
            Person(group, team.habits, policy, Random(f"{seed}/{group.name}/{number}"))  # noqa: S311
            for group in team.groups
            for number in range(group.people)
        ]
        self._hard_ps = 0
        self._unposted: dict[int, int] = {}
        self._refused = [0] * len(self._people)
        self._present_until = [MONDAY] * len(self._people)
        self._outcome = Outcome(left=self._pool.left)

    def outcome(self) -> Outcome:
        """Run to the end: all is done, nobody can go on, or the horizon is reached."""
        queue = [
            (person.group.roster.next_at(MONDAY), number)
            for number, person in enumerate(self._people)
        ]
        heapify(queue)
        while queue:
            now, number = heappop(queue)
            if now - MONDAY >= HORIZON:
                break
            again = self._turn(number, now)
            if again is not None:
                heappush(queue, (again, number))
        return self._outcome

    def _turn(self, number: int, now: datetime) -> datetime | None:
        """Let one person do their next thing; return when they ask again, None if never."""
        person = self._people[number]
        if owed := self._unposted.pop(number, 0):
            person.hard_ps += owed
            self._hard_ps += owed
        waiting = [tier for tier in self._candidates if self._pool.waits(tier, person.had)]
        if not waiting:
            return None
        if now >= self._present_until[number]:
            ends_at = person.group.roster.ends_at(now)
            if ends_at is None:
                return person.group.roster.next_at(now)
            person.agree(now)  # as a shift begins
            self._present_until[number] = ends_at
        done = self._work(number, waiting, now) or self._fill(number, waiting, now)
        if done is None:
            return self._wait(number, waiting, now)
        self._refused[number] = 0
        return done.answered_at + self._habits.between

    def _work(self, number: int, waiting: Sequence[Severity], now: datetime) -> Done | None:
        """Serve the first tier in the queue's order that the gate admits."""
        person = self._people[number]
        possible = [tier for tier in waiting if not person.held(tier, now)]
        burden = Burden(person.hard_ps, self._hard_ps // len(self._people))
        short = self._pool.mild_is_short(now)
        while possible:
            work = person.work if possible[-1] >= HARD else person.work_before
            tier = tier_order(possible, work, burden, mild_is_short=short)[0]
            seconds = self._load.tiers[tier].seconds
            done = person.work_on(self._candidates[tier], seconds, now)
            if done is not None:
                return self._rated(number, tier, done)
            possible.remove(tier)
        return None

    def _rated(self, number: int, tier: Severity, done: Done) -> Done:
        """Enter a rating of the project."""
        outcome, since = self._outcome, done.answered_at - MONDAY
        self._pool.take(tier, self._people[number].had)
        outcome.worked += done.active
        outcome.done_by_hour[since // _HOUR] += 1
        outcome.ended = max(outcome.ended, since)
        outcome.tier_ended[tier] = max(outcome.tier_ended.get(tier, since), since)
        if tier >= HARD:
            self._unposted[number] = done.charge_ps
        return done

    def _fill(self, number: int, waiting: Sequence[Severity], now: datetime) -> Done | None:
        """Do mild work of another project if that brings anything of this one nearer."""
        person = self._people[number]
        if not person.group.mild_work:
            return None
        refusal = person.lifting_first([self._candidates[tier] for tier in waiting], now)
        if refusal is None or not milder_helps(refusal, person.work, now):
            return None
        done = person.work_on(_FILLER, self._habits.filler // _SECOND, now)
        if done is not None:
            self._outcome.filled += done.active
        return done

    def _wait(self, number: int, waiting: Sequence[Severity], now: datetime) -> datetime | None:
        """Return when the first of the refusals lifts, and note which limits named that moment."""
        person, roster = self._people[number], self._people[number].group.roster
        refusal = person.lifting_first([self._candidates[tier] for tier in waiting], now)
        if refusal is None:  # what was remembered of a refusal no longer holds
            person.ask_anew()
            return now + _SECOND
        if refusal.until is None:
            again, until = self._patient(number, now), roster.next_shift(now)
        else:
            again = until = max(roster.next_at(refusal.until), now + _SECOND)
        self._note_held(causes(refusal), roster.presence(now, until))
        return again

    def _patient(self, number: int, now: datetime) -> datetime | None:
        """Return when to ask again where waiting alone does not help; None: it never will."""
        times = self._refused[number]
        self._refused[number] += 1
        if times >= len(PATIENCE):
            return None
        return self._people[number].group.roster.next_shift(now + PATIENCE[times])

    def _note_held(self, named: Sequence[Cause], span: timedelta) -> None:
        for cause in named:
            self._outcome.held[cause] += span // _SECOND // len(named)


def _candidates(load: Load) -> dict[Severity, Candidate]:
    facts = ProjectFacts(ProjectId(UUID(int=0)), load.max_severity)
    return {
        tier: Candidate(ItemId(UUID(int=0)), facts, tier, screened=True, words=each.words)
        for tier, each in sorted(load.tiers.items())
        if each.ratings
    }
