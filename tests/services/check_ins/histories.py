"""Pairs of histories that differ in one labeler's check-ins and in nothing else (M16, P-4).

A history is a plan, drawn from a seed, that its two variants share: who does what, when. At a
check-in the variants part: each answers something else, puts it away, leaves it, or deletes what
it wrote. Time stands on a hand clock and chance begins anew, alike, at every step, so that
whatever differs in the end differs because of a check-in.
"""

import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labelhub import identifiers
from labelhub.domain.audiences import Entry, Visitor, entry
from labelhub.domain.vocabulary import OrganisationId, PersonId, Role
from labelhub.services import sign_ins
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web.access import audience_of
from labelhub.web.context import EXTENSION
from tests.services.desk.room import Room, furnish
from tests.services.desk.test_declaring import _half_a_day as half_a_day
from tests.support.application import SECRET_KEY, token_for
from tests.support.world import Person, _person
from tests.worlds import HandClock

ACTS = 9
FRAGMENT = {"HX-Request": "true"}
ITEMS = [0] * 14 + [1] * 2 + [2] * 8 + [4] * 2
_FORM = re.compile(r'name="assignment" value="(\w+)"><input type="hidden" name="key" value="(\w+)"')
_OWN = re.compile(r'name="check_in" value="(\w+)"')
_PANEL = '<form method="post" action="/check-in"'
_OPTIONS = '{"severity": null, "layout": "jsonl"}'
_OF_THE_SERVER = frozenset({"Date", "Expires"})
"""Headers that the web library writes from its own clock, in files that are sent."""
_ABOUT_NOBODY = frozenset({"static", "account.enrol_second_factor"})
"""Files, and the picture of a new secret of one's own, which takes longer than all the rest."""
_WORDS = ("", "fine", "the last one stays with me", "Kaffee ☕ hilft")


class Chance:
    """Randomness that begins anew at every step, the same in both variants."""

    def __init__(self) -> None:
        self._stream = random.Random("nothing yet")  # noqa: S311 to be the same twice

    def begin(self, *step: object) -> None:
        self._stream = random.Random(repr(step))  # noqa: S311 likewise

    def bytes(self, count: int) -> bytes:
        return self._stream.randbytes(count)


@contextmanager
def fixed_chance(clock: HandClock) -> Iterator[Chance]:
    """Let identifiers, salts and tokens come from a stream of ours, and their time from *clock*."""
    chance = Chance()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance.bytes)
        patch.setattr(random, "_urandom", chance.bytes)
        patch.setattr(identifiers, "utc_now", clock.now)
        yield chance


@dataclass(slots=True)
class Told:
    """What came of a history for everyone but its labeler's own eyes."""

    sent: list[tuple[str, int, list[tuple[str, str]], bytes]] = field(default_factory=list)
    decided: list[tuple[str, int, bytes]] = field(default_factory=list)
    rows: dict[str, list[str]] = field(default_factory=dict)
    prompts: int = 0
    vault: tuple[tuple[str, str, int], ...] = ()  # what this variant did, and what lay there then

    def parted_from(self, other: "Told") -> list[str]:
        """Return where two variants differ; empty where nobody could tell them apart."""
        found = [one[0] for one, two in zip(self.sent, other.sent, strict=True) if one != two]
        found += [
            one[0] for one, two in zip(self.decided, other.decided, strict=True) if one != two
        ]
        tables = self.rows.keys() | other.rows.keys()
        return found + [name for name in sorted(tables) if self.rows[name] != other.rows[name]]


@dataclass(slots=True)
class History:
    """One variant of a history, while it happens."""

    room: Room
    app: Flask
    chance: Chance
    seed: int
    people: tuple[Person, ...]
    own: random.Random  # what this variant does at its check-ins
    told: Told = field(default_factory=Told)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, who: Person) -> FlaskClient:
        """Return a browser of this person, signed in anew every few hours of the story."""
        if who.name not in self.clients:
            self.chance.begin(self.seed, "sign-in", who.name, len(self.told.sent))
            browser = self.app.test_client()
            token = token_for(self.room.database, who, self.room.clock)
            browser.set_cookie("labelhub", token, domain="localhost")
            self.clients[who.name] = browser
        return self.clients[who.name]

    def work(self, who: Person, act: str, data: dict[str, str]) -> str:
        """Do something at the desk; what comes of it is compared, also the labeler's own."""
        browser = self.client(who)
        self.chance.begin(self.seed, act, len(self.told.decided))
        answer = browser.post(f"/desk/pilot/{act}", data=data, headers=FRAGMENT)
        self.told.decided.append((f"{who.name} {act}", answer.status_code, answer.data))
        return answer.text

    def look(self, who: Person, address: str) -> None:
        """Fetch a page as somebody else; every byte of it is compared."""
        browser = self.client(who)
        self.chance.begin(self.seed, address, len(self.told.sent))
        answer = browser.get(address)
        assert answer.status_code < 500, f"{who.name} {address}"  # it would hide what differs
        headers = sorted(pair for pair in answer.headers.items() if pair[0] not in _OF_THE_SERVER)
        self.told.sent.append((f"{who.name} {address}", answer.status_code, headers, answer.data))


def told(app: Flask, database: Database, seed: int, variant: str) -> Told:
    """Let a history happen in the database, emptied first; return what it told everyone else."""
    plan, clock = random.Random(f"plan {seed}"), HandClock()  # noqa: S311 likewise
    with database.writing() as session:
        for table in reversed(metadata.sorted_tables):
            session.connection().execute(table.delete())
    running = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(running, database=database, clock=clock)
    with fixed_chance(clock) as chance:
        chance.begin(seed, "world")
        items = plan.sample(ITEMS, len(ITEMS))
        room = furnish(database, clock, labelers=3, items=items, max_severity=4)
        people = _everyone(room)
        own = random.Random(f"{variant} {seed}")  # noqa: S311 likewise
        history = History(room, app, chance, seed, people, own)
        _happen(history, plan)
        _looked_at(history)
    history.told.rows = _rows(database)
    return history.told


def _everyone(room: Room) -> tuple[Person, ...]:
    """Return the labelers and one of each other role; Amina, the first, has the check-ins."""
    for place in range(3):
        room.consent(2, 3, 4, place=place)
    half_a_day(room)
    assert room.go_on_with_hard()
    room.change("import_batch", {}, options=_OPTIONS)
    lab, vendor = OrganisationId(room.desk.lab), OrganisationId(room.desk.vendor)
    names = zip(("Amina", "Ben", "Ivo"), room.desk.labelers, strict=True)
    labelers = tuple(Person(who, name, Role.LABELER, vendor) for name, who in names)
    staff = (
        Person(PersonId(uuid4()), "Chen", Role.VENDOR_MANAGER, vendor),
        Person(PersonId(uuid4()), "Dara", Role.AUDITOR, lab),
        Person(PersonId(uuid4()), "Esi", Role.RESEARCHER, lab),
        Person(PersonId(uuid4()), "Farid", Role.ADMINISTRATOR, lab),
    )
    with room.database.writing() as session:
        for one in staff:
            _person(session.connection(), one, room.clock.now(), second_factor=True)
    return (*labelers, *staff)


def _happen(history: History, plan: random.Random) -> None:
    """Work through the plan: it is drawn alike in both variants, whatever they do in between."""
    amina = history.people[0]
    for number in range(ACTS):
        who = plan.choice((amina, amina, *history.people[:3]))
        act, answer, wait = plan.choice(_ACTS), str(plan.choice((-3, 1, 2))), plan.uniform(0.2, 5)
        onlooker, asked = plan.choice(history.people[1:]), plan.random() < 0.25
        rest = plan.choice((0, 0, 1, 16, 40))
        offered = act(history, who, answer, wait)
        if who is amina and (offered or asked):
            history.chance.begin(history.seed, number, "check-in")
            _check_in(history, offered=offered)
        history.look(onlooker, "/")
        history.room.clock.pass_(minutes=rest)


def _rate(history: History, who: Person, answer: str, wait: float) -> bool:
    """Take the next item, read it and answer; say whether the desk then asks how one is."""
    form = _FORM.search(history.work(who, "next", {}))
    history.room.clock.pass_(minutes=wait)
    if form is None:  # a break, a limit: an ordinary page
        return False
    assignment, key = form.groups()
    fields = {"assignment": assignment, "key": key, "preference": answer}
    asked = _PANEL in history.work(who, "submit", fields)
    history.told.prompts += asked
    return asked


def _decline(history: History, who: Person, _answer: str, _wait: float) -> bool:
    history.work(who, "decline", {"scope": "item"})
    return False


def _rest(history: History, who: Person, _answer: str, wait: float) -> bool:
    history.work(who, "break", {})
    history.room.clock.pass_(minutes=wait)
    return False


_ACTS: tuple[Callable[[History, Person, str, float], bool], ...] = (*[_rate] * 6, _decline, _rest)


def _check_in(history: History, *, offered: bool) -> None:
    """Do at a check-in what this variant does; all of it is between the labeler and the vault."""
    browser = history.client(history.people[0])
    form = {"feeling": str(history.own.randrange(11)), "words": history.own.choice(_WORDS)}
    headers = FRAGMENT if offered else {}
    act = history.own.choice(("answer", "answer", "not now", "leave", "one", "all", "look"))
    match act:
        case "answer":
            browser.post("/check-in", data={**form, "desk": "pilot"}, headers=headers)
        case "not now":
            browser.post("/check-in/not-now", data={"desk": "pilot"}, headers=headers)
        case "one":
            kept = _OWN.findall(browser.get("/check-in").text)
            for one in kept[:1]:
                browser.post("/check-in/delete", data={"check_in": one})
        case "all":
            browser.post("/check-in/delete-all")
        case "look":
            browser.get("/check-in/download")
    history.told.vault += ((act, form["feeling"], _count(history.room.database)),)


def _looked_at(history: History) -> None:
    """Let everyone else open every page that is open to them, also those that name Amina."""
    history.clients.clear()
    amina = history.people[0]
    for who in (history.people[1], *history.people[3:]):  # one of each role
        visitor = _visitor(history, who)
        for rule in sorted(history.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            known = {"slug": "pilot", "person_id": amina.id}
            if "GET" not in (rule.methods or ()) or rule.endpoint in _ABOUT_NOBODY:
                continue
            if rule.arguments - known.keys():
                continue
            if entry(audience_of(history.app, rule.endpoint), visitor) is Entry.ADMITTED:
                with history.app.test_request_context():
                    address = history.app.url_map.bind("localhost").build(
                        rule.endpoint, {name: known[name] for name in rule.arguments}
                    )
                history.look(who, address)


def _visitor(history: History, who: Person) -> Visitor:
    cookie = history.client(who).get_cookie("labelhub", domain="localhost")
    assert cookie is not None
    with history.room.database.reading() as session:
        found = sign_ins.find_visitor(
            session, cookie.value, (SECRET_KEY,), history.room.clock.now()
        )
    assert found is not None
    return found


def _rows(database: Database) -> dict[str, list[str]]:
    """Return all rows of all tables but the vault's."""
    found: dict[str, list[str]] = {}
    with database.reading() as session:
        for table in metadata.sorted_tables:
            if table.name != "check_in":
                rows: Any = session.connection().execute(sa.select(table))
                found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


def _count(database: Database) -> int:
    table = metadata.tables["check_in"]
    with database.reading() as session:
        return int(
            session.connection().execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        )
