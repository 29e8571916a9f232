"""Random people tighten, ask, confirm and withdraw while clocks jump: a plain model must agree.

The model imports nothing of the product. It knows true time, which the product only approaches
from below, and says after every act what must hold.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.limits import PolicyError
from labelhub.services.limits.loosening import Answer
from labelhub.services.limits.whose import NotTheirsError
from tests.services.limits.office import Office

STEPS = 350
CEILINGS = {"dose_hour": 400, "mix": 8, "daily_rest": 10}
SHIPPED = {"dose_hour": 240, "mix": 6, "daily_rest": 11}
MORE_IS_STRICTER = {"daily_rest"}
WIDE = {"dose_hour": (-3, 410), "mix": (-1, 9), "daily_rest": (8, 16)}
INNER = ("vendor", "project", "labeler")
WAIT = {"labeler": timedelta(hours=24)}
WEEK = timedelta(days=7)
FRESH = timedelta(minutes=15)


def stricter(name: str, one: int, other: int) -> int:
    return max(one, other) if name in MORE_IS_STRICTER else min(one, other)


def as_strict(name: str, one: int, other: int) -> bool:
    return stricter(name, one, other) == one


def accepted(name: str, value: int) -> bool:
    return value >= 0 and as_strict(name, value, CEILINGS[name])


@dataclass
class Asked:
    layer: str
    values: dict[str, int]
    by: Any
    at: datetime
    open: bool = True


@dataclass
class Model:
    own: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            "installation": dict(SHIPPED), **{layer: dict(CEILINGS) for layer in INNER}
        }
    )  # fmt: skip
    asked: dict[Any, Asked] = field(default_factory=dict)
    changes: int = 0  # each of them is one event

    def outer(self, layer: str) -> dict[str, int]:
        return CEILINGS if layer == "installation" else self.own["installation"]

    def holds(self, name: str) -> int:
        found = CEILINGS[name]
        for layer in self.own.values():
            found = stricter(name, found, layer[name])
        return found

    def may_tighten(self, layer: str, values: dict[str, int]) -> bool:
        own, outer = self.own[layer], self.outer(layer)
        return all(
            accepted(name, value) and as_strict(name, value, stricter(name, own[name], outer[name]))
            for name, value in values.items()
        )

    def tighten(self, layer: str, values: dict[str, int]) -> None:
        changed = {name for name, value in values.items() if value != self.own[layer][name]}
        self.own[layer].update(values)
        self.changes += bool(changed)
        for one in self.asked.values():
            if one.layer == layer and one.open:
                one.values = {n: v for n, v in one.values.items() if n not in changed}
                one.open = bool(one.values)

    def may_ask(self, layer: str, values: dict[str, int]) -> bool:
        own, outer = self.own[layer], self.outer(layer)
        taken = {n for a in self.asked.values() if a.open and a.layer == layer for n in a.values}
        return all(
            accepted(name, value)
            and not as_strict(name, value, own[name])
            and as_strict(name, value, outer[name])
            and name not in taken
            for name, value in values.items()
        )

    def may_confirm(self, key: Any, by: Any, signed_in: timedelta, now: datetime) -> bool:
        one = self.asked[key]
        two = one.layer == "labeler" or (one.by != by and timedelta() <= signed_in < FRESH)
        return one.open and two and now - one.at >= WAIT.get(one.layer, WEEK)

    def confirm(self, key: Any) -> None:
        one = self.asked[key]
        self.own[one.layer].update(one.values)
        one.open = False
        self.changes += 1


@dataclass
class Play:
    """One random history; `now` is true time, whatever the clocks of the machine say."""

    office: Office
    dice: random.Random
    model: Model = field(default_factory=Model)
    now: datetime = datetime(2026, 1, 1)  # noqa: DTZ001 a count of time that passed, no more
    restarts: bool = True
    restarted: bool = False
    seen: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        before = {name: self.model.holds(name) for name in CEILINGS}
        acts = {"tighten": 3, "ask": 5, "confirm": 7, "withdraw": 1, "wait": 5, "turn": 2}
        if self.restarts:
            acts["restart"] = 1
        act = self.dice.choices(list(acts), list(acts.values()))[0]
        getattr(self, act)()
        for name in CEILINGS:
            holds = self.office.points(name)
            assert holds == self.model.holds(name), (act, name)
            if holds != before[name] and as_strict(name, before[name], holds):
                assert act == "confirm"

    def layer(self) -> Layer:
        return self.dice.choice(list(Layer))

    def person(self, layer: Layer) -> PersonId:
        """Return mostly one of the two who may, at times anyone."""
        if self.dice.random() < 0.8:
            return self.dice.choice(self.office.pair(layer))
        return self.dice.choice([one.id for one in self.office.world.everyone])

    def values(self, layer: Layer) -> dict[str, int]:
        """Return mostly values a little stricter than the layer's, at times any number."""
        names = self.dice.sample(list(CEILINGS), self.dice.randint(1, 2))
        return {name: self.near(layer, name, self.dice.randint(0, 3)) for name in names}

    def wanted(self, layer: Layer) -> dict[str, int]:
        """Return mostly values a little looser than the layer's, at times any number."""
        own, outer = self.model.own[layer], self.model.outer(layer)
        room = [name for name in CEILINGS if not as_strict(name, outer[name], own[name])]
        names = self.dice.sample(room or list(CEILINGS), 1)
        return {name: self.near(layer, name, -self.dice.randint(0, 3)) for name in names}

    def near(self, layer: Layer, name: str, stricter_by: int) -> int:
        if self.dice.random() < 0.15:
            return self.dice.randint(*WIDE[name])
        outer, own = self.model.outer(layer)[name], self.model.own[layer][name]
        by = stricter_by * (10 if name == "dose_hour" else 1)
        return stricter(name, own, outer) + (by if name in MORE_IS_STRICTER else -by)

    def entitled(self, layer: Layer, person: PersonId) -> bool:
        return person in self.office.pair(layer)

    def tighten(self) -> None:
        layer = self.layer()
        person, values = self.person(layer), self.values(layer)
        allowed = self.entitled(layer, person) and self.model.may_tighten(layer, values)
        try:
            self.office.tighten(layer, by=person, **values)
        except (PolicyError, NotTheirsError):
            assert not allowed
            self.seen["tightening refused"] += 1
        else:
            assert allowed
            self.model.tighten(layer, values)
            self.seen["tightened"] += 1

    def ask(self) -> None:
        layer = self.layer()
        person, values = self.person(layer), self.wanted(layer)
        allowed = self.entitled(layer, person) and self.model.may_ask(layer, values)
        try:
            request = self.office.ask(layer, by=person, **values)
        except (PolicyError, NotTheirsError):
            assert not allowed
            self.seen["asking refused"] += 1
        else:
            assert allowed
            self.model.asked[request.id] = Asked(layer, values, person, self.now)
            self.model.changes += 1
            self.seen["asked"] += 1

    def confirm(self) -> None:
        key = self.some_request()
        if key is None:
            return
        layer = Layer(self.model.asked[key].layer)
        person = self.person(layer)
        signed_in = self.dice.choice((timedelta(), FRESH - timedelta(seconds=1), FRESH, -FRESH))
        allowed = self.entitled(layer, person) and self.model.may_confirm(
            key, person, signed_in, self.now
        )
        when = self.office.clock.now() - signed_in
        answer = self.office.confirm(layer, key, by=person, signed_in_at=when)
        self.seen[answer] += 1
        if answer is Answer.DONE:
            assert allowed
            self.model.confirm(key)
        else:
            assert not allowed or (self.restarted and answer is Answer.EARLY)

    def withdraw(self) -> None:
        key = self.some_request()
        if key is None:
            return
        layer = Layer(self.model.asked[key].layer)
        person = self.person(layer)
        try:
            done = self.office.withdraw(layer, key, by=person)
        except NotTheirsError:
            assert not self.entitled(layer, person)
        else:
            assert done is self.model.asked[key].open
            self.model.asked[key].open = False
            self.model.changes += done
            self.seen["withdrawn"] += done

    def some_request(self) -> UUID | None:
        waiting = [key for key, one in self.model.asked.items() if one.open]
        if waiting and self.dice.random() < 0.9:
            found: UUID = self.dice.choice(waiting)
            return found
        return self.dice.choice(list(self.model.asked)) if self.model.asked else None

    def wait(self) -> None:
        span = timedelta(hours=self.dice.choice((1, 12, 24, 72, 168)))
        self.now += span
        self.office.clock.pass_(span)

    def turn(self) -> None:
        """Turn the wall clock alone, by a second or by years, either way."""
        self.office.clock.set_wall(
            seconds=self.dice.choice((-1, 1)) * 10 ** self.dice.randint(0, 8)
        )
        self.seen["turned"] += 1

    def restart(self) -> None:
        """Restart the machine after a while off; its wall clock may have been turned."""
        span = timedelta(hours=self.dice.choice((0, 1, 24)))
        self.now += span
        clock = self.office.clock
        clock.pass_(span)
        clock.seconds, clock.boot = 5.0, f"boot-{self.seen['restarted']}-{self.dice.random()}"
        clock.follows_server = self.dice.random() < 0.5
        self.restarted = True
        self.seen["restarted"] += 1


@pytest.mark.parametrize(("seed", "restarts"), [(11, False), (12, False), (13, True), (14, True)])
def test_no_history_loosens_a_limit_sooner_than_its_delay_or_by_one_person(
    office: Office, seed: int, *, restarts: bool
) -> None:
    play = Play(office, random.Random(seed), restarts=restarts)  # noqa: S311 a seeded history
    for number in range(STEPS):
        try:
            play.step()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, step {number}: {error}") from error

    print(f"seed {seed}: {dict(play.seen)}")  # noqa: T201 shown when it fails
    for kind in ("tightened", "asked", "withdrawn", "turned", *Answer):
        assert play.seen[kind] > 0, kind
    assert len(office.events("policy")) + len(office.events("choice")) == play.model.changes
