"""A desk to work at: labelers, a project and items, laid straight into the tables."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from labelhub.domain.vocabulary import (
    InstrumentName,
    OrganisationKind,
    PersonId,
    Role,
    SeveritySource,
)
from labelhub.domain.welfare.record import to_record
from labelhub.domain.welfare.timeline import NEW
from labelhub.identifiers import new_ordered_id
from labelhub.store import gate_clock
from labelhub.store.database import Database
from labelhub.tables import metadata

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLUG = "pilot"


@dataclass(slots=True)
class HandClock:
    """A clock that stands still until it is moved."""

    wall: datetime = START
    seconds: float = 1_000.0
    boot: str = "boot-1"
    follows_server: bool = True

    def now(self) -> datetime:
        return self.wall

    def boot_seconds(self) -> float:
        return self.seconds

    def boot_id(self) -> str:
        return self.boot

    def synchronised(self) -> bool:
        return self.follows_server

    def pass_(self, span: timedelta | None = None, /, **units: float) -> None:
        """Let real time go by: both clocks run."""
        span = span or timedelta(**units)
        self.wall += span
        self.seconds += span.total_seconds()

    def set_wall(self, **units: float) -> None:
        """Turn the wall clock alone, as an operator or a bad time server does."""
        self.wall += timedelta(**units)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who and what was laid."""

    lab: UUID
    vendor: UUID
    project: UUID
    batch: UUID
    labelers: tuple[PersonId, ...]
    slug: str = SLUG
    items: tuple[UUID, ...] = field(default=())


def lay_desk(
    database: Database,
    clock: HandClock,
    *,
    labelers: int = 2,
    items: Sequence[int | None] = (0, 0, 0),
    overlap: int = 3,
    instrument: InstrumentName = InstrumentName.PREFERENCE,
    max_severity: int = 0,
    veil_tier: int = 5,
    hazards: Sequence[Sequence[str]] = (),
    seasoned: bool = True,
) -> Desk:
    """Make an installation with one project; `items` lists the severities of its items.

    None is an item that was never screened. `seasoned` labelers are past the ramp-up (L-18).
    """
    desk = Desk(
        lab=uuid4(), vendor=uuid4(), project=uuid4(), batch=uuid4(),
        labelers=tuple(PersonId(uuid4()) for _ in range(labelers)),
    )  # fmt: skip
    with database.writing() as session:
        connection = session.connection()
        _installation(connection, desk, clock)
        gate_clock.start(session, clock)
        _people(connection, desk, clock, seasoned=seasoned)
        _project(connection, desk, clock, overlap, instrument, max_severity, veil_tier)
    ids = add_items(database, desk, items, overlap=overlap, hazards=hazards, clock=clock)
    return Desk(
        desk.lab, desk.vendor, desk.project, desk.batch, desk.labelers, desk.slug, tuple(ids)
    )


def add_items(
    database: Database,
    desk: Desk,
    severities: Sequence[int | None],
    *,
    overlap: int,
    clock: HandClock,
    hazards: Sequence[Sequence[str]] = (),
) -> list[UUID]:
    """Add items whose every text holds a canary of its own: `canary-<item id>`."""
    ids = [new_ordered_id() for _ in severities]
    rows, texts, kinds = [], [], []
    for place, (item_id, severity) in enumerate(zip(ids, severities, strict=True)):
        own = list(hazards[place]) if place < len(hazards) else []
        rows.append(_item(desk, item_id, severity, place, overlap, own, clock))
        texts.append(_content(item_id))
        kinds += [{"item_id": item_id, "category": category} for category in own]
    tables = metadata.tables
    with database.writing() as session:
        connection = session.connection()
        for start in range(0, len(rows), 1_000):
            connection.execute(sa.insert(tables["item"]), rows[start : start + 1_000])
            connection.execute(sa.insert(tables["content"]), texts[start : start + 1_000])
        if kinds:
            connection.execute(sa.insert(tables["item_hazard"]), kinds)
    return ids


def canary(item_id: UUID) -> str:
    return f"canary-{item_id.hex}"


def _installation(connection: sa.Connection, desk: Desk, clock: HandClock) -> None:
    tables, now = metadata.tables, clock.now()
    connection.execute(
        sa.insert(tables["installation"]),
        {"id": 1, "demonstration": False, "minimum_gate_version": 1, "epoch": 1, "created_at": now},
    )
    connection.execute(
        sa.insert(tables["organisation"]),
        [
            {"id": desk.lab, "slug": "lab", "name": "Lab", "kind": OrganisationKind.LAB,
             "created_at": now},
            {"id": desk.vendor, "slug": "vendor", "name": "Vendor",
             "kind": OrganisationKind.VENDOR, "created_at": now},
        ],
    )  # fmt: skip


def _people(connection: sa.Connection, desk: Desk, clock: HandClock, *, seasoned: bool) -> None:
    tables, now = metadata.tables, clock.now()
    for number, person in enumerate(desk.labelers):
        connection.execute(
            sa.insert(tables["person"]),
            {"id": person, "email": f"l{number}@example.org", "name": f"L {number}",
             "country": "", "zone": "UTC", "locale": "en", "created_at": now},
        )  # fmt: skip
        connection.execute(
            sa.insert(tables["membership"]),
            {"id": uuid4(), "person_id": person, "organisation_id": desk.vendor,
             "role": Role.LABELER, "started_at": now},
        )  # fmt: skip
        state = _seasoned_state() if seasoned else "{}"
        connection.execute(
            sa.insert(tables["person_gate"]), {"person_id": person, "turn": 0, "state": state}
        )


def _seasoned_state() -> str:
    """Return the work of a person long past the ramp-up, who has rested since."""
    record = to_record(NEW)
    record["ramp_days"] = 60
    return json.dumps(record)


def _project(
    connection: sa.Connection,
    desk: Desk,
    clock: HandClock,
    overlap: int,
    instrument: InstrumentName,
    max_severity: int,
    veil_tier: int,
) -> None:
    tables, now = metadata.tables, clock.now()
    hazards = [
        {"id": code, "name": code.upper(), "definition": f"About {code}."}
        for code in ("hte", "prv", "vcr")
    ]
    connection.execute(
        sa.insert(tables["project"]),
        {"id": desk.project, "organisation_id": desk.lab, "slug": desk.slug, "title": "Pilot",
         "summary": "", "instrument": instrument, "instrument_version": 1, "overlap": overlap,
         "content_notice": "Mild.", "max_severity": max_severity, "veil_tier": veil_tier,
         "hazards": json.dumps(hazards), "render_style": "markdown", "language": "en",
         "pay_note": "", "guidelines_version": 1, "created_at": now},
    )  # fmt: skip
    connection.execute(
        sa.insert(tables["guidelines"]),
        {"project_id": desk.project, "version": 1, "markdown": "Rate.", "html": "<p>Rate.</p>",
         "created_at": now},
    )  # fmt: skip
    connection.execute(
        sa.insert(tables["project_opening"]),
        {"project_id": desk.project, "organisation_id": desk.vendor, "opened_at": now},
    )
    for person in desk.labelers:
        connection.execute(
            sa.insert(tables["joining"]),
            {"person_id": person, "project_id": desk.project, "organisation_id": desk.vendor,
             "guidelines_version": 1, "joined_at": now, "taken": 0, "hard_ps": 0},
        )  # fmt: skip
    connection.execute(
        sa.insert(tables["import_batch"]),
        {"id": desk.batch, "organisation_id": desk.lab, "project_id": desk.project,
         "file_name": "world.jsonl", "file_sha256": "", "stored_as": "", "layout": "jsonl",
         "options": "{}", "state": "complete", "message": "", "bytes_total": 0, "bytes_read": 0,
         "rows": 0, "added": 0, "known": 0, "refused": 0, "rendered": 0, "created_at": now},
    )  # fmt: skip


def _item(
    desk: Desk,
    item_id: UUID,
    severity: int | None,
    place: int,
    overlap: int,
    hazards: list[str],
    clock: HandClock,
) -> dict[str, object]:
    digest = hashlib.sha256(item_id.bytes).hexdigest()
    return {
        "id": item_id, "organisation_id": desk.lab, "project_id": desk.project,
        "batch_id": desk.batch, "line": place + 1, "external_id": f"i{place}", "source": "",
        "source_id": "", "language": "en", "fingerprint": digest, "prompt_key": digest,
        "pool_key": digest, "models": '["m-one","m-two"]', "attributes": "{}", "state": "ready",
        "severity": severity,
        "severity_source": None if severity is None else SeveritySource.COLUMN,
        "tier": severity, "hazards": json.dumps(hazards), "position": int(digest[:15], 16),
        "words": 40, "overlap": overlap, "open_count": 0, "accepted_count": 0, "taken_count": 0,
        "created_at": clock.now(),
    }  # fmt: skip


def _content(item_id: UUID) -> dict[str, object]:
    mark = canary(item_id)
    payload = {
        "prompt": [["user", f"Ask {mark}"]],
        "completions": [[["assistant", f"One {mark}"]], [["assistant", f"Two {mark}"]]],
    }
    shown = {
        "prompt": [["user", f"<p>Ask {mark}</p>"]],
        "completions": [f"<p>One {mark}</p>", f"<p>Two {mark}</p>"],
    }
    return {
        "item_id": item_id, "payload": json.dumps(payload), "shown": json.dumps(shown),
        "sha256": hashlib.sha256(json.dumps(payload).encode()).hexdigest(),
        "renderer": "test", "hidden_characters": 0,
    }  # fmt: skip
