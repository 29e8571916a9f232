"""M16 for opt-outs: nobody who manages, pays or researches can tell who opted out (P-5, W-12).

Pairs of histories in which one labeler opts out of other things at other times, or of nothing, and
works on alike: of what they decline nothing is left to come, so that their work stays the same.
What must differ is declared: the choices themselves, and the sealed chain of the labeler's own.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from labelhub.domain.vocabulary import OptOutScope
from labelhub.settings import Settings
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.web.context import EXTENSION
from tests.services.check_ins.histories import (
    History,
    Told,
    _everyone,
    _looked_at,
    _rows,
    fixed_chance,
)
from tests.services.desk.room import furnish
from tests.support.application import SECRET_KEY, make_app
from tests.worlds import HandClock

SEED = 20_261_123
PAIRS = int(os.environ.get("LABELHUB_PAIRS", "8"))  # 200 take some minutes
BATCHES = 2
ON_POSTGRES = 2
ACTS = 12
DECLARED = frozenset({"opt_out", "chain", "event", "event_payload", "person_gate", "joining"})
"""The choice, its sealed event and the turn taken for it; when another project was left."""
CHOICES = (
    (OptOutScope.TODAY, {}), (OptOutScope.SEVERITY, {}), (OptOutScope.PROJECT, {"slug": "other"}),
    (OptOutScope.CATEGORY, {"category": "prv"}), (OptOutScope.CATEGORY, {"category": "vcr"}),
)  # fmt: skip
"""What a labeler of mild items can decline so that the same items still come."""


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path) -> Iterator[Flask]:
    yield from application(sqlite_database, tmp_path)


def application(database: Database, folder: Path) -> Iterator[Flask]:
    url = database.url.render_as_string(hide_password=False)
    made = make_app(Settings(data=folder, database_url=url, secret_key=SECRET_KEY), HandClock())
    first = made.extensions[EXTENSION].database
    happen(made, database, 0, "before")  # what is made once a process draws from chance here
    yield made
    first.dispose()


def happen(app: Flask, database: Database, seed: int, variant: str) -> tuple[Told, list[str]]:
    """Let a history happen; return what it told everyone else, and what Amina declined in it."""
    plan, clock = random.Random(f"plan {seed}"), HandClock()  # noqa: S311 to be the same twice
    own = random.Random(f"{variant} {seed}")  # noqa: S311 likewise
    with database.writing() as session:
        for table in reversed(metadata.sorted_tables):
            session.connection().execute(table.delete())
    app.extensions[EXTENSION] = replace(
        app.extensions[EXTENSION], database=database, clock=clock
    )  # fmt: skip
    with fixed_chance(clock) as chance:
        chance.begin(seed, "world")
        room = furnish(database, clock, labelers=3, items=[0, 1] * 12, max_severity=4)
        people = _everyone(room)
        room.second_project()
        history = History(room, app, chance, seed, people, own)
        declined = _happen(history, plan)
        _looked_at(history)
    history.told.rows = {
        name: rows for name, rows in _rows(database).items() if name not in DECLARED
    }
    return history.told, declined


def _happen(history: History, plan: random.Random) -> list[str]:
    """Work by the plan; between the acts Amina declines what this variant draws."""
    amina, declined = history.people[0], []
    for number in range(ACTS):
        who = plan.choice(history.people[:3])
        answer, wait = str(plan.choice((-3, 1, 2))), plan.uniform(0.2, 3)
        _rate(history, who, answer, wait)
        if history.own.random() < 0.4:
            history.chance.begin(history.seed, number, "choice")
            scope, named = history.own.choice(CHOICES)
            history.room.decline(scope, **named)
            declined.append(f"{number} {scope.value}")
        history.look(plan.choice(history.people[1:]), "/")
        history.room.clock.pass_(minutes=plan.choice((0, 0, 1, 16)))
    assert amina.id == history.room.who(0)
    return declined


def _rate(history: History, who: object, answer: str, wait: float) -> None:
    """Take the next item past the desk, so that only what others are sent is compared."""
    place = next(n for n, one in enumerate(history.people) if one is who)
    history.chance.begin(history.seed, "rate", len(history.told.decided))
    served = history.room.next(place)
    history.room.clock.pass_(minutes=wait)
    outcome = type(served).__name__
    if outcome == "Shown":
        key = f"{history.seed}-{len(history.told.decided)}"
        fields = {"preference": [answer], "rationale": [""]}
        history.room.answer(served, fields, key=key, place=place)  # type: ignore[arg-type]
        outcome = f"{outcome} {served.assignment.item_id}"  # type: ignore[union-attr]
    history.told.decided.append((outcome, 0, b""))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nobody_else_can_tell_who_declined_what(
    app: Flask, sqlite_database: Database, batch: int
) -> None:
    """Every byte to others, every item served, every rating and all pay are the same."""
    seeds = range(SEED + batch, SEED + PAIRS, BATCHES)
    print(f"seeds {seeds}")  # noqa: T201 to try one of them again
    differing = 0
    for seed in seeds:
        one, declined = happen(app, sqlite_database, seed, "one")
        other, declined_too = happen(app, sqlite_database, seed, "two")
        assert one.parted_from(other) == [], f"seed {seed}: {declined} against {declined_too}"
        differing += declined != declined_too
    assert differing >= len(seeds) // 2  # else the pairs would show nothing


def test_nor_on_postgresql(postgres_database: Database, tmp_path: Path) -> None:
    for app in application(postgres_database, tmp_path):
        for seed in range(SEED, SEED + ON_POSTGRES):
            one, _ = happen(app, postgres_database, seed, "one")
            other, _ = happen(app, postgres_database, seed, "two")
            assert one.parted_from(other) == [], f"seed {seed}"


def test_another_history_is_told_apart(app: Flask, sqlite_database: Database) -> None:
    one, _ = happen(app, sqlite_database, SEED, "one")
    other, _ = happen(app, sqlite_database, SEED + 1, "one")
    assert one.rows != other.rows
