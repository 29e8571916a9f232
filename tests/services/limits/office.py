"""The small world with one project and two people for each role that speaks for limits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId, ProjectId, Role
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.loosening import Request
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.domain.welfare.policy_file import SCHEMA
from labelhub.services.limits import loosening, tightening, whose
from labelhub.services.limits.loosening import Answer
from labelhub.services.limits.whose import Whose
from labelhub.store import gate_clock, policies, projects
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.importing import make_project
from tests.support.world import World
from tests.worlds import HandClock

T = TypeVar("T")


def document(**values: Any) -> dict[str, Any]:
    """Return a policy document; values are in the limits' own units."""
    limits = {name: {"value": v, "unit": str(bounds()[name].unit)} for name, v in values.items()}
    return {"schema": SCHEMA, "limits": limits}


@dataclass(frozen=True, slots=True)
class Office:
    database: Database
    world: World
    clock: HandClock
    project: ProjectId
    seconds: dict[Role, PersonId]  # a second person of each role

    def run(self, work: Callable[[Session], T]) -> T:
        return self.database.run(work)

    def whose(self, session: Session, layer: Layer, by: PersonId | None = None) -> Whose:
        if layer is Layer.INSTALLATION:
            return whose.of_installation(session, by or self.world.farid.id)
        if layer is Layer.VENDOR:
            return whose.of_vendor(self.world.vendor)
        if layer is Layer.PROJECT:
            return whose.of_project(projects.get(session, (self.world.lab,), self.project))
        return whose.of_labeler(session, self.world.amina.id)

    def pair(self, layer: Layer) -> tuple[PersonId, PersonId]:
        """Return who asks and who may confirm; a labeler is both."""
        return {
            Layer.INSTALLATION: (self.world.farid.id, self.seconds[Role.ADMINISTRATOR]),
            Layer.VENDOR: (self.world.chen.id, self.seconds[Role.VENDOR_MANAGER]),
            Layer.PROJECT: (self.world.esi.id, self.seconds[Role.RESEARCHER]),
            Layer.LABELER: (self.world.amina.id, self.world.amina.id),
        }[layer]

    def tighten(self, layer: Layer, by: PersonId | None = None, **values: Any) -> tuple[str, ...]:
        who = by or self.pair(layer)[0]
        return self.run(
            lambda s: tightening.tighten(
                s, self.whose(s, layer), document(**values), who, self.clock
            )
        )

    def ask(self, layer: Layer, by: PersonId | None = None, **values: Any) -> Request:
        who = by or self.pair(layer)[0]
        return self.run(
            lambda s: loosening.ask(s, self.whose(s, layer), document(**values), who, self.clock)
        )

    def confirm(
        self,
        layer: Layer,
        request: UUID,
        by: PersonId | None = None,
        signed_in_at: datetime | None = None,
    ) -> Answer:
        who = by or self.pair(layer)[1]
        when = signed_in_at or self.clock.now()
        return self.run(
            lambda s: loosening.confirm(s, self.whose(s, layer), request, who, when, self.clock)
        )

    def withdraw(self, layer: Layer, request: UUID, by: PersonId | None = None) -> bool:
        who = by or self.pair(layer)[1]
        return self.run(
            lambda s: loosening.withdraw(s, self.whose(s, layer), request, who, self.clock)
        )

    def in_force(self, person: PersonId | None = None) -> Policy:
        """Return what holds for Amina, or somebody else, in the project now."""
        with self.database.reading() as session:
            now = gate_clock.peek(session, self.clock).gate_time
            who = person or self.world.amina.id
            return policies.in_force(session, self.world.vendor, self.project, who, now).policy

    def points(self, name: str = "dose_hour") -> int:
        return int(str(bounds()[name].write(getattr(self.in_force(), name))))

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the payloads of one kind of event, in order."""
        chain, event, payload = (
            metadata.tables[name] for name in ("chain", "event", "event_payload")
        )
        statement = (
            sa.select(payload.c.payload)
            .join(event, sa.and_(
                event.c.chain_id == payload.c.chain_id, event.c.seq == payload.c.seq
            ))
            .join(chain, chain.c.id == event.c.chain_id)
            .where(event.c.kind == kind)
            .order_by(event.c.gate_time, event.c.chain_id, event.c.seq)
        )  # fmt: skip
        with self.database.reading() as session:
            return [json.loads(row) for row in session.connection().scalars(statement)]


def open_office(database: Database, world: World, clock: HandClock) -> Office:
    """Make the project, let Amina join it, and give each role a second person."""
    project = make_project(database, world, clock)
    seconds = {
        Role.ADMINISTRATOR: world.lab, Role.VENDOR_MANAGER: world.vendor, Role.RESEARCHER: world.lab
    }  # fmt: skip
    made: dict[Role, PersonId] = {}
    with database.writing() as session:
        connection = session.connection()
        for role, place in seconds.items():
            made[role] = PersonId(uuid4())
            connection.execute(
                sa.insert(metadata.tables["person"]),
                {"id": made[role], "email": f"{role}@example.org", "name": role.value,
                 "country": "", "zone": "UTC", "locale": "en", "created_at": clock.now()},
            )  # fmt: skip
            connection.execute(
                sa.insert(metadata.tables["membership"]),
                {"id": uuid4(), "person_id": made[role], "organisation_id": place, "role": role,
                 "started_at": clock.now() - timedelta(days=1)},
            )  # fmt: skip
        connection.execute(
            sa.insert(metadata.tables["joining"]),
            {"person_id": world.amina.id, "project_id": project.id,
             "organisation_id": world.vendor, "guidelines_version": 1,
             "joined_at": clock.now(), "taken": 0, "hard_ps": 0},
        )  # fmt: skip
    return Office(database, world, clock, project.id, made)
