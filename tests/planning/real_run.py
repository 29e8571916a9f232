"""A team that really works: the same people through the real services, on a hand clock."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from labelhub.domain.planning.holding import LIFTED_BY_MILD
from labelhub.domain.planning.roster import DAYS, MONDAY
from labelhub.domain.planning.run import PATIENCE
from labelhub.domain.planning.team import Group, Team, typical_seconds
from labelhub.domain.planning.team_file import SCHEMA, read
from labelhub.domain.vocabulary import OptOutScope, PersonId, Severity
from labelhub.domain.welfare.outlook import admissible_tiers
from labelhub.domain.welfare.record import to_record
from labelhub.domain.welfare.timeline import NEW
from labelhub.domain.welfare.verdicts import Reason
from labelhub.services import mixing, serving
from labelhub.services.showing import Nothing, Refused, Shown
from labelhub.store import labelers
from labelhub.store.database import Database
from tests.services.desk.room import Room, furnish
from tests.worlds import START, HandClock, add_items

FIRST_DAY = START.replace(hour=0)
"""A Monday at midnight; the plan counts from one too."""
ELSEWHERE = "elsewhere"
_BETWEEN_PROJECTS = 400
_SHIFTED = FIRST_DAY - MONDAY


def team(
    people: int = 4,
    days: int = 60,
    *,
    agrees_to: Sequence[str] = ("S2", "S3", "S4"),
    mild_work: bool = False,
    hours: float = 8,
    **habits: object,
) -> Team:
    """Return one group of people, by the format that a person would write."""
    group = {
        "name": "one", "people": people, "days_with_exposure": days, "from": "09:00",
        "hours_a_day": hours, "days": list(DAYS[:5]), "agrees_to": list(agrees_to),
        "mild_work": mild_work,
    }  # fmt: skip
    return read({"schema": SCHEMA, "groups": [group], "habits": habits})


@dataclass(slots=True)
class Colleague:
    """One real labeler: their habits are those the plan was told of, their draws their own."""

    place: int
    rng: Random
    pace: float
    refused: int = 0
    open: Shown | None = None
    takes: timedelta = timedelta()


@dataclass(slots=True)
class RealRun:
    """All of it: a room, a team and the ratings that came in."""

    room: Room
    team: Team
    words: int = 40
    rated: int = 0
    between: int = 0
    ended: datetime = FIRST_DAY
    colleagues: list[Colleague] = field(default_factory=list)

    @property
    def group(self) -> Group:
        return self.team.groups[0]

    @property
    def days(self) -> float:
        return (self.ended - FIRST_DAY) / timedelta(days=1)

    def run(self, seed: int, wanted: int) -> float | None:
        """Work until all ratings are in; return the days, or None if nobody can go on."""
        habits, people = self.team.habits, self.group.people
        for place in range(people):
            rng = Random(f"real/{seed}/{place}")  # noqa: S311
            pace = rng.lognormvariate(0, habits.pace_spread)
            self.colleagues.append(Colleague(place, rng, pace))
        events = [(self._next_at(FIRST_DAY), place) for place in range(people)]
        heapify(events)
        while events and self.rated < wanted:
            now, place = heappop(events)
            self.room.clock.pass_(max(timedelta(), now - self.room.clock.now()))
            again = self._turn(self.colleagues[place])
            if again is not None:
                heappush(events, (again, place))
        return self.days if self.rated == wanted else None

    def _turn(self, who: Colleague) -> datetime | None:
        now = self.room.clock.now()
        if who.open is not None:
            return self._answer(who, now)
        present = self._next_at(now)
        if present > now:
            return present
        self._declare(who)
        served = self.room.run(
            lambda s: mixing.serve(s, self._id(who), self.room.desk.slug, self.room.clock)
        )
        if isinstance(served, Shown):
            return self._begin(who, served, now)
        if isinstance(served, Nothing):
            return None
        assert isinstance(served, Refused), served
        return self._wait(who, served, now)

    def _begin(self, who: Colleague, shown: Shown, now: datetime) -> datetime:
        habits = self.team.habits
        elsewhere = shown.locked.place.slug != self.room.desk.slug
        typical = habits.filler / timedelta(seconds=1) if elsewhere else typical_seconds(self.words)
        factor = who.pace * who.rng.lognormvariate(0, habits.item_spread)
        who.open, who.takes = shown, timedelta(seconds=max(1, round(typical * factor)))
        who.refused = 0
        return now + who.takes

    def _answer(self, who: Colleague, now: datetime) -> datetime:
        assert who.open is not None
        self.room.accepted(who.open, place=who.place)
        if who.open.locked.place.slug == self.room.desk.slug:
            self.rated += 1
            self.ended = now
        else:
            self.between += 1
        who.open = None
        return now + self.team.habits.between

    def _wait(self, who: Colleague, refused: Refused, now: datetime) -> datetime | None:
        until = refused.standstill.until
        if until is not None:
            return self._next_at(max(until, now + timedelta(seconds=1)))
        if self.group.mild_work and {h.reason for h in refused.standstill.holds} & LIFTED_BY_MILD:
            served = self.room.run(
                lambda s: serving.serve_next(s, self._id(who), ELSEWHERE, self.room.clock)
            )
            if isinstance(served, Shown):
                return self._begin(who, served, now)
        who.refused += 1
        if who.refused > len(PATIENCE):
            return None
        later = now + PATIENCE[who.refused - 1]
        return self.group.roster.next_shift(later - _SHIFTED) + _SHIFTED

    def _declare(self, who: Colleague) -> None:
        """Answer the question of L-06 where it is asked."""
        room = self.room
        with room.database.reading() as session:
            locked = labelers.glance(session, self._id(who), room.desk.slug, room.clock)
        assert locked is not None
        tiers = admissible_tiers(locked.state, locked.place.facts, locked.now)
        hard = tiers.refused.get(Severity.S2)
        reasons = {hold.reason for hold in hard.holds} if hard else set()
        if Reason.DECLARATION_DUE not in reasons or Reason.OPTED_OUT_TODAY in reasons:
            return
        if who.rng.random() < self.team.habits.continuing:
            assert room.go_on_with_hard(who.place)
        else:
            room.decline(OptOutScope.TODAY, place=who.place)

    def _id(self, who: Colleague) -> PersonId:
        return self.room.who(who.place)

    def _next_at(self, now: datetime) -> datetime:
        return self.group.roster.next_at(now - _SHIFTED) + _SHIFTED


def lay(
    database: Database, of: Team, items: Sequence[int], *, overlap: int = 1, seed: int = 0
) -> RealRun:
    """Lay a project with those items and people who joined it."""
    clock, group = HandClock(), of.groups[0]
    shuffled = list(items)
    Random(seed).shuffle(shuffled)  # noqa: S311
    room = furnish(
        database, clock, labelers=group.people, items=shuffled, overlap=overlap,
        max_severity=max(items),
    )  # fmt: skip
    state = to_record(NEW) | {"ramp_days": group.ramp_days}
    for person in room.desk.labelers:
        room.change("person_gate", {"person_id": person}, state=json.dumps(state))
    for place in range(group.people):
        room.consent(*(int(tier) for tier in group.agrees_to), place=place)
    if group.mild_work:
        other = room.second_project(ELSEWHERE)
        add_items(database, other.desk, [0] * _BETWEEN_PROJECTS, overlap=1, clock=clock)
    return RealRun(room, of)
