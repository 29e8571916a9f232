"""The history checker (M9): each person's events, in the order of commits, checked one by one.

Sequence numbers make a search for an order unnecessary. It imports nothing of the product.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from tests.simulation.choices import DAY, REST, Agreed, Choices
from tests.simulation.limiter import Exposure, Limiter
from tests.simulation.observing import Seen, moment, uuid

WORDS = 40
MIDNIGHT_S = -9 * 3_600.0  # histories begin at nine
SEASONED_DAYS = 60


@dataclass
class Facts:
    """What the tables hold that events do not say, read once at the end."""

    hidden: dict[str, tuple[float, int]]  # by exposure: when, and charged at which severity
    found: dict[str, int]  # by rating: the worst found in it
    assignment: dict[str, str]  # by rating, and by exposure
    kinds: dict[str, frozenset[str]]
    laid: dict[str, int]  # by item: its severity at the start


@dataclass
class Person:
    """One person's line."""

    limiter: Limiter
    choices: Choices
    exposures: dict[str, Exposure] = field(default_factory=dict)
    least_ahead: float | None = None  # gate time less true time, the least so far
    gained: float = 0.0  # the most that was credited above true time between two events


@dataclass
class Line:
    """All persons' lines together, because what one finds or stops is for everyone."""

    facts: Facts
    began: datetime
    newcomers: frozenset[UUID]
    sure_of_night: bool
    harm: str  # the project that tightens
    hour_points: int = 240
    stopped: set[str] = field(default_factory=set)
    raised: dict[str, int] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def walk(self, events: Iterable[Seen]) -> None:
        for event in events:
            if event.person is None:
                self._of_all(event)
                continue
            person = self._person(event.person)
            at = (event.at - self.began).total_seconds()
            self._time(person, at, event)
            if event.kind == "exposure":
                self._exposure(event, person, at)
            elif event.kind == "rating":
                self._rating(event, person, at)
            elif event.kind == "exposure_corrected":
                self._correct(person, event.said["exposure"], event.said["severity"])
            elif event.kind == "prohibited_content":
                self.stopped.add(event.said["item"])
            elif event.kind == "declaration":
                person.limiter.continued.append(at)
            person.choices.take(event.kind, event.said, at)
        self._charged()

    def _person(self, who: UUID) -> Person:
        if who not in self.people:
            limiter = Limiter(everything=True, midnight=MIDNIGHT_S)
            limiter.days_before = 0 if who in self.newcomers else SEASONED_DAYS
            limiter.sure_of_night = self.sure_of_night
            agreed = {severity: Agreed(since=-DAY) for severity in (2, 3, 4)}
            self.people[who] = Person(limiter, Choices(agreed=agreed))
        return self.people[who]

    def _of_all(self, event: Seen) -> None:
        if event.kind == "policy" and event.said.get("project") == self.harm:
            self.hour_points = event.said["tightened"]["dose_hour"]["value"]

    def _time(self, person: Person, at: float, event: Seen) -> None:
        """Follow how far gate time is ahead of true time: between two events it must not grow."""
        ahead = at - event.last_s
        least = ahead if person.least_ahead is None else person.least_ahead
        person.gained = max(person.gained, ahead - least)
        person.least_ahead = min(least, at - event.first_s)

    def _exposure(self, event: Seen, person: Person, at: float) -> None:
        said, limiter = event.said, person.limiter
        item, severity = said["item"], said["severity"]
        who = f"{event.person} was shown {item} (S{severity}) at {at} s"
        before = [one.exposure for one in limiter.items if one.hidden > at]
        if before:
            self.wrong.append(f"{who} while {before} was still on screen (W-10)")
        if severity < max(self.facts.laid[item], self.raised.get(item, 0)):
            self.wrong.append(f"{who} below what is known of it (W-9)")
        if item in self.stopped:
            self.wrong.append(f"{who} after it was stopped for everyone")
        kinds = self.facts.kinds.get(item, frozenset())
        barred = person.choices.bars(item, said["project"], kinds, severity, at)
        self.wrong += [f"{who} {why}" for why in barred]
        if severity >= 2 and not self._rested_since(person, at):
            self.wrong.append(f"{who} after hard content was declined for the day (W-3)")
        limiter.hour_points = self.hour_points if said["project"] == self.harm else 240
        granted, refused = limiter.ask(severity, WORDS, at)
        if refused or granted < said["granted_s"]:
            self.wrong.append(
                f"{who} for {said['granted_s']} s; the limiter grants {granted}, {sorted(refused)}"
            )
        hidden, _ = self.facts.hidden.get(said["exposure"], (at + said["granted_s"], 0))
        shown = Exposure(severity, at, hidden, said["exposure"], severity)
        limiter.items.append(shown)
        person.exposures[said["exposure"]] = shown

    def _rested_since(self, person: Person, at: float) -> bool:
        """Say whether a daily rest lies wholly after *no hard content today* was chosen."""
        since = person.choices.hard_declined_at()
        if since is None:
            return True
        shown = [(one.shown, one.hidden) for one in person.limiter.items if one.hidden >= since]
        ends = [since, *(max(end, since) for _, end in shown)]
        starts = [*(start for start, _ in shown), at]
        return any(start - end >= REST for end, start in zip(ends, starts, strict=True))

    def _rating(self, event: Seen, person: Person, at: float) -> None:
        rating, item = event.said["rating"], event.said["item"]
        person.limiter.answers.append(at)
        found = self.facts.found.get(rating, 0)
        assignment = self.facts.assignment[rating]
        for exposure in list(person.exposures):
            if self.facts.assignment[exposure] == assignment:
                if found > person.exposures[exposure].severity:
                    self.raised[item] = max(found, self.raised.get(item, 0))
                self._correct(person, exposure, found)

    def _correct(self, person: Person, exposure: str, severity: int) -> None:
        """Raise a dose; the order of work knows only of the newest."""
        one = person.exposures[exposure]
        one.dose = max(one.dose, severity)
        if person.limiter.items[-1] is one:
            one.severity = max(one.severity, severity)

    def _charged(self) -> None:
        """Compare every charge with what was admitted, found and corrected (W-9)."""
        for who, person in self.people.items():
            self.wrong += [f"{who}: {sentence}" for sentence in person.choices.wrong]
            for exposure, one in person.exposures.items():
                charged = self.facts.hidden.get(exposure)
                if charged is not None and charged[1] != one.dose:
                    self.wrong.append(
                        f"exposure {exposure} is charged at S{charged[1]}; it was S{one.dose}"
                    )


def read_facts(connection: sa.Connection, began: datetime, laid: dict[str, int]) -> Facts:
    """Read them, by plain SQL."""
    hidden, found, kinds = {}, {}, defaultdict(set)
    assignment = {}
    for row in _rows(connection, "SELECT exposure_id, hidden_at, severity FROM charge"):
        seconds = (moment(row.hidden_at) - began).total_seconds()
        hidden[uuid(row.exposure_id).hex] = (seconds, row.severity)
    for row in _rows(connection, "SELECT id, assignment_id, harm FROM rating"):
        assignment[uuid(row.id).hex] = uuid(row.assignment_id).hex
        if row.harm:
            each = orjson.loads(row.harm)["completions"]
            found[uuid(row.id).hex] = max(one["severity"] for one in each)
    for row in _rows(connection, "SELECT id, assignment_id FROM exposure"):
        assignment[uuid(row.id).hex] = uuid(row.assignment_id).hex
    for row in _rows(connection, "SELECT item_id, category FROM item_hazard"):
        kinds[uuid(row.item_id).hex].add(row.category)
    return Facts(
        hidden, found, assignment, {item: frozenset(own) for item, own in kinds.items()}, laid
    )


def read_laid(connection: sa.Connection) -> dict[str, int]:
    """Read every item's severity, before anything happened."""
    return {
        uuid(row.id).hex: row.severity for row in _rows(connection, "SELECT id, severity FROM item")
    }


def _rows(connection: sa.Connection, statement: str) -> list[Any]:
    return list(connection.execute(sa.text(statement)).all())
