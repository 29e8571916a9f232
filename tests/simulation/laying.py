"""The ground of a history: two vendors, two projects, five labelers, items of every severity."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labelhub.domain.vocabulary import InstrumentName, OrganisationKind, PersonId, Role
from labelhub.store import gate_clock
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests import worlds
from tests.simulation.clocks import HostClock
from tests.simulation.plan import PEOPLE, Plan
from tests.worlds import START, Desk

MILD, HARM = "mild", "harm"
MILD_ITEMS = 40
OVERLAP = 2
LIFETIME_DAYS = {2: 180, 3: 90, 4: 30}
KINDS = ("hte", "prv", "vcr")
_TABLES = [table.name for table in reversed(metadata.sorted_tables)]
NEWCOMER = 4
"""This one of the five is in the ramp-up (L-18); the others are long past it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Who and what was laid. `projects` are the identifiers by slug."""

    people: tuple[PersonId, ...]
    lab: UUID
    projects: dict[str, UUID]


def empty(database: Database) -> None:
    """Take everything out again, so that the next history begins with nothing."""
    with database.writing() as session:
        opened: Any = session.connection().connection.dbapi_connection
        if database.is_sqlite:
            for table in _TABLES:
                opened.execute(f"DELETE FROM {table}")  # noqa: S608 our own names
        else:  # many at one trip
            opened.execute(";".join(f"DELETE FROM {table}" for table in _TABLES))  # noqa: S608


def lay(database: Database, plan: Plan, clock: HostClock) -> Ground:
    """Lay the ground of a plan: the same identifiers for the same seed."""
    dice = random.Random(f"ground {plan.seed}")  # noqa: S311 a test's dice

    def identifier() -> UUID:
        return UUID(int=dice.getrandbits(128), version=4)

    lab, people = identifier(), tuple(PersonId(identifier()) for _ in range(PEOPLE))
    mild = Desk(lab, identifier(), identifier(), identifier(), people, MILD)
    harm = Desk(lab, identifier(), identifier(), identifier(), people, HARM)
    timed: Any = clock
    with database.writing() as session:
        connection = session.connection()
        worlds._installation(connection, mild, timed)
        gate_clock.start(session, clock)
        worlds._people(connection, mild, timed, seasoned=True)
        _second_vendor(connection, harm, identifier)
        preference, graded = InstrumentName.PREFERENCE, InstrumentName.HARM
        worlds._project(connection, mild, timed, OVERLAP, preference, 1, 5)
        worlds._project(connection, harm, timed, OVERLAP, graded, 4, plan.veil_tier)
        _items(connection, mild, [n % 2 for n in range(MILD_ITEMS)], identifier)
        _items(connection, harm, list(plan.severities), identifier)
        _consents(connection, people, identifier)
        _newcomer(connection, people[NEWCOMER])
    return Ground(people, lab, {MILD: mild.project, HARM: harm.project})


def _second_vendor(connection: sa.Connection, desk: Desk, identifier: Any) -> None:
    """Let everyone work for another vendor too, and one person administer: no labeler."""
    tables, now = metadata.tables, START
    connection.execute(
        sa.insert(tables["organisation"]),
        {"id": desk.vendor, "slug": "other", "name": "Other", "kind": OrganisationKind.VENDOR,
         "created_at": now},
    )  # fmt: skip
    staff = identifier()
    connection.execute(
        sa.insert(tables["person"]),
        {"id": staff, "email": "staff@example.org", "name": "Staff", "country": "", "zone": "UTC",
         "locale": "en", "created_at": now},
    )  # fmt: skip
    held = [(person, desk.vendor, Role.LABELER) for person in desk.labelers]
    connection.execute(
        sa.insert(tables["membership"]),
        [
            {"id": identifier(), "person_id": person, "organisation_id": organisation,
             "role": role, "started_at": now}
            for person, organisation, role in [*held, (staff, desk.lab, Role.ADMINISTRATOR)]
        ],
    )  # fmt: skip


def _items(connection: sa.Connection, desk: Desk, severities: list[int], identifier: Any) -> None:
    """Lay items; every third of the graded ones is of one kind, the next of another."""
    timed: Any = _Standing(START)
    tables = metadata.tables
    ids = [identifier() for _ in severities]
    kinds = [
        [KINDS[n % 3]] if desk.slug == HARM and tier else [] for n, tier in enumerate(severities)
    ]
    rows = [
        worlds._item(desk, item, tier, place, OVERLAP, own, timed)
        for place, (item, tier, own) in enumerate(zip(ids, severities, kinds, strict=True))
    ]
    connection.execute(sa.insert(tables["item"]), rows)
    connection.execute(sa.insert(tables["content"]), [worlds._content(item) for item in ids])
    named = [
        {"item_id": item, "category": kind}
        for item, own in zip(ids, kinds, strict=True)
        for kind in own
    ]
    if named:
        connection.execute(sa.insert(tables["item_hazard"]), named)


def _consents(connection: sa.Connection, people: tuple[PersonId, ...], identifier: Any) -> None:
    given = START - timedelta(days=1)
    connection.execute(
        sa.insert(metadata.tables["consent"]),
        [
            {"id": identifier(), "person_id": person, "severity": severity,
             "preview_version": "v", "given_at": given, "effective_at": given,
             "expires_at": given + timedelta(days=days)}
            for person in people
            for severity, days in LIFETIME_DAYS.items()
        ],
    )  # fmt: skip


def _newcomer(connection: sa.Connection, person: PersonId) -> None:
    gate = metadata.tables["person_gate"]
    connection.execute(sa.update(gate).where(gate.c.person_id == person).values(state="{}"))


@dataclass(frozen=True, slots=True)
class _Standing:
    at: datetime

    def now(self) -> datetime:
        return self.at
