"""The small named world: Amina and Ben label for one vendor, Chen manages it, Dara audits, Esi
researches, Farid administers, Gita is a stranger; Hana manages another vendor, Ivo labels there.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from labelhub.domain.vocabulary import (
    SEES_OTHERS,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Role,
)
from labelhub.store import gate_clock
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.worlds import HandClock

PASSWORD = "a quiet reading room with 47 chairs"
_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$7KJy8ZjsWT/l796HXYVGtA"
    "$avdNEuvQSwF8zP+vaTS/yIKDwH0ZqFK/gPYWSh4Bwgw"
)
"""Made with the real settings, so that it is neither weak nor made anew at sign-in."""
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    name: str
    role: Role | None
    organisation: OrganisationId | None

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"


@dataclass(frozen=True, slots=True)
class World:
    lab: OrganisationId
    vendor: OrganisationId
    other_vendor: OrganisationId
    amina: Person
    ben: Person
    chen: Person
    dara: Person
    esi: Person
    farid: Person
    gita: Person
    hana: Person
    ivo: Person

    @property
    def everyone(self) -> tuple[Person, ...]:
        return (
            self.amina, self.ben, self.chen, self.dara, self.esi,
            self.farid, self.gita, self.hana, self.ivo,
        )  # fmt: skip

    @property
    def one_of_each_role(self) -> tuple[Person, ...]:
        return (self.amina, self.chen, self.dara, self.esi, self.farid, self.gita)


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that stands still until the test moves it."""
    return HandClock()


@pytest.fixture
def world(database: Database, clock: HandClock) -> World:
    """Lay the small world into the database; everyone has the same password."""
    return lay_world(database, clock)


def lay_world(database: Database, clock: HandClock, *, demonstration: bool = False) -> World:
    lab, vendor, other = (OrganisationId(uuid4()) for _ in range(3))

    def person(name: str, role: Role | None, organisation: OrganisationId | None) -> Person:
        return Person(PersonId(uuid4()), name, role, organisation)

    world = World(
        lab=lab,
        vendor=vendor,
        other_vendor=other,
        amina=person("Amina", Role.LABELER, vendor),
        ben=person("Ben", Role.LABELER, vendor),
        chen=person("Chen", Role.VENDOR_MANAGER, vendor),
        dara=person("Dara", Role.AUDITOR, lab),
        esi=person("Esi", Role.RESEARCHER, lab),
        farid=person("Farid", Role.ADMINISTRATOR, lab),
        gita=person("Gita", None, None),
        hana=person("Hana", Role.VENDOR_MANAGER, other),
        ivo=person("Ivo", Role.LABELER, other),
    )
    with database.writing() as session:
        connection = session.connection()
        now = clock.now()
        _insert(connection, "installation", {
            "id": 1, "demonstration": demonstration, "minimum_gate_version": 1, "epoch": 1,
            "created_at": now,
        })  # fmt: skip
        gate_clock.start(session, clock)
        _organisations(connection, world, now)
        for one in world.everyone:
            _person(connection, one, now, second_factor=not demonstration)
    return world


def _organisations(connection: sa.Connection, world: World, now: datetime) -> None:
    for organisation, slug, name, kind in (
        (world.lab, "lab", "Open Lab", OrganisationKind.LAB),
        (world.vendor, "vendor", "Fair Words", OrganisationKind.VENDOR),
        (world.other_vendor, "other", "Second Reading", OrganisationKind.VENDOR),
    ):
        _insert(connection, "organisation", {
            "id": organisation, "slug": slug, "name": name, "kind": kind, "created_at": now,
        })  # fmt: skip


def _person(connection: sa.Connection, one: Person, now: datetime, *, second_factor: bool) -> None:
    _insert(connection, "person", {
        "id": one.id, "email": one.email, "name": one.name, "country": "", "zone": "UTC",
        "locale": "en", "created_at": now,
    })  # fmt: skip
    _insert(connection, "person_gate", {"person_id": one.id, "turn": 0, "state": "{}"})
    _insert(connection, "credential", {
        "person_id": one.id, "password_hash": _HASH, "changed_at": now,
    })  # fmt: skip
    if one.role is None:
        return
    _insert(connection, "membership", {
        "id": uuid4(), "person_id": one.id, "organisation_id": one.organisation,
        "role": one.role, "started_at": now,
    })  # fmt: skip
    if second_factor and one.role in SEES_OTHERS:
        _insert(connection, "second_factor", {
            "person_id": one.id, "secret": TOTP_SECRET, "confirmed_at": now, "last_step": 0,
        })  # fmt: skip


def _insert(connection: sa.Connection, table: str, row: dict[str, object]) -> None:
    connection.execute(sa.insert(metadata.tables[table]), row)


def membership_of(database: Database, person: Person) -> UUID:
    """Return the id of the person's one open role."""
    table = metadata.tables["membership"]
    with database.reading() as session:
        found: UUID = (
            session.connection()
            .scalars(
                sa.select(table.c.id).where(
                    table.c.person_id == person.id, table.c.ended_at.is_(None)
                )
            )
            .one()
        )
    return found
