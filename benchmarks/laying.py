"""Lays installations straight into tables, fast enough for a million items, for both programs."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Session

from labelhub.clock import SystemClock
from labelhub.domain.vocabulary import InstrumentName, OrganisationKind, PersonId, Role
from labelhub.domain.welfare.record import to_record
from labelhub.domain.welfare.timeline import NEW
from labelhub.identifiers import new_ordered_id
from labelhub.rendering import render
from labelhub.services import sign_ins
from labelhub.store import gate_clock
from labelhub.store.database import Database
from labelhub.tables import metadata
from labelhub.tables.gate import PersonGate
from labelhub.tables.installation import Installation
from labelhub.tables.intake import ImportBatch
from labelhub.tables.organisations import Membership, Organisation, Person
from labelhub.tables.projects import Guidelines, Joining, Project, ProjectOpening

SLUG = "pilot"
OVERLAP = 3
_TEXTS = 200
_CHUNK = 5_000
_WORDS = (
    "time", "model", "answer", "because", "people", "could", "better", "house", "light", "sure",
    "reason", "simple", "water", "often", "number", "between", "example", "short", "general",
    "place", "question", "small", "right", "system", "write", "never",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A comparison as long as those of HH-RLHF: 650 characters in all."""

    prompt: str
    completions: tuple[str, str]
    payload: str
    shown: str
    words: int

    @property
    def html(self) -> tuple[str, str, str]:
        shown = json.loads(self.shown)
        return shown["prompt"][0][1], *shown["completions"]


@dataclass(frozen=True, slots=True)
class Ids:
    lab: UUID
    vendor: UUID
    project: UUID
    batch: UUID
    labelers: tuple[PersonId, ...]


def texts() -> tuple[Text, ...]:
    """Return a few hundred texts; items share them, since nothing depends on their being unlike."""
    draw = random.Random(7)
    return tuple(_text(draw) for _ in range(_TEXTS))


def lay_labelhub(
    database: Database, keys: Sequence[str], *, items: int, labelers: int
) -> tuple[Ids, list[str]]:
    """Make an installation with one project of S0 items; return who is in it and their tokens."""
    ids = Ids(uuid4(), uuid4(), uuid4(), uuid4(), tuple(PersonId(uuid4()) for _ in range(labelers)))
    clock = SystemClock()
    with database.writing() as session:
        _frame(session, ids, clock.now())
        gate_clock.start(session, clock)
        for number, person in enumerate(ids.labelers):
            _labeler(session, ids, person, number, clock.now())
    add_items(database, ids, 0, items)
    tokens = [
        database.run(
            lambda session, who=person: sign_ins.start(session, who, "bench", keys, clock.now())
        )
        for person in ids.labelers
    ]
    return ids, tokens


def add_items(database: Database, ids: Ids, first: int, last: int) -> None:
    """Add the items numbered from *first* up to, without, *last*."""
    pool, now = texts(), SystemClock().now()
    tables = metadata.tables
    for start in range(first, last, _CHUNK):
        numbers = range(start, min(start + _CHUNK, last))
        rows = [_item(ids, number, pool[number % _TEXTS], now) for number in numbers]
        said = [_content(row["id"], pool[row["line"] % _TEXTS]) for row in rows]
        bulk_insert(database, tables["item"], rows)
        bulk_insert(database, tables["content"], said)
    analyse(database)


def bulk_insert(database: Database, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows of the same columns: one prepared statement, or PostgreSQL's COPY."""
    with database.writing() as session:
        connection = session.connection()
        names = list(rows[0])
        tuples = _bound(connection.dialect, table, names, rows)
        if database.is_sqlite:
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 our own names
            raw = connection.connection.driver_connection
            raw.executemany(statement, tuples).close()  # type: ignore[attr-defined]
            return
        command = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
        with connection.connection.cursor() as cursor, cursor.copy(command) as copy:
            for one in tuples:
                copy.write_row(one)


def analyse(database: Database) -> None:
    """Bring PostgreSQL's statistics up to date, as it does by itself in time; SQLite does not."""
    if database.is_sqlite:
        return
    with database.engine.connect() as connection:
        connection.execute(sa.text("ANALYZE"))
        connection.commit()


def _bound(
    dialect: sa.Dialect, table: sa.Table, names: Sequence[str], rows: Sequence[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """Turn values into what the driver takes, by each column's own type."""
    kept: list[Callable[[Any], Any] | None] = [
        table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    for row in rows:
        yield tuple(
            row[name] if convert is None or row[name] is None else convert(row[name])
            for name, convert in zip(names, kept, strict=True)
        )


def _frame(session: Session, ids: Ids, now: datetime) -> None:
    session.add(Installation(created_at=now))
    for one, slug, kind in (
        (ids.lab, "lab", OrganisationKind.LAB),
        (ids.vendor, "vendor", OrganisationKind.VENDOR),
    ):
        session.add(Organisation(id=one, slug=slug, name=slug, kind=kind, created_at=now))
    session.flush()
    session.add(
        Project(
            id=ids.project, organisation_id=ids.lab, slug=SLUG, title="Pilot",
            instrument=InstrumentName.PREFERENCE, overlap=OVERLAP, content_notice="Mild.",
            veil_tier=5, guidelines_version=1, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        Guidelines(
            project_id=ids.project, version=1, markdown="Rate.", html="<p>Rate.</p>",
            created_at=now,
        )
    )  # fmt: skip
    session.add(ProjectOpening(project_id=ids.project, organisation_id=ids.vendor, opened_at=now))
    session.add(
        ImportBatch(
            id=ids.batch, organisation_id=ids.lab, project_id=ids.project,
            file_name="bench.jsonl", layout="jsonl", state="complete", created_at=now,
        )
    )  # fmt: skip


def _labeler(session: Session, ids: Ids, person: PersonId, number: int, now: datetime) -> None:
    session.add(
        Person(id=person, email=f"l{number}@example.org", name=f"Labeler {number}", created_at=now)
    )
    session.flush()
    session.add(
        Membership(person_id=person, organisation_id=ids.vendor, role=Role.LABELER, started_at=now)
    )
    past_ramp_up = json.dumps(to_record(NEW) | {"ramp_days": 60})  # L-18 binds new people alone
    session.add(PersonGate(person_id=person, turn=number, state=past_ramp_up))
    session.add(
        Joining(
            person_id=person, project_id=ids.project, organisation_id=ids.vendor,
            guidelines_version=1, joined_at=now - timedelta(days=90),
        )
    )  # fmt: skip


def _item(ids: Ids, number: int, text: Text, now: Any) -> dict[str, Any]:
    item_id = new_ordered_id()
    digest = hashlib.sha256(item_id.bytes).hexdigest()
    return {
        "id": item_id, "organisation_id": ids.lab, "project_id": ids.project,
        "batch_id": ids.batch, "line": number, "external_id": f"i{number}", "source": "",
        "source_id": "", "language": "en", "fingerprint": digest, "prompt_key": digest,
        "pool_key": digest, "models": '["one","two"]', "attributes": "{}", "state": "ready",
        "severity": 0, "severity_source": "column", "tier": 0, "hazards": "[]",
        "position": int(digest[:15], 16), "words": text.words, "overlap": OVERLAP,
        "open_count": 0, "accepted_count": 0, "taken_count": 0, "created_at": now,
    }  # fmt: skip


def _content(item_id: UUID, text: Text) -> dict[str, Any]:
    return {
        "item_id": item_id, "payload": text.payload, "shown": text.shown,
        "sha256": hashlib.sha256(text.payload.encode()).hexdigest(), "renderer": "bench",
        "hidden_characters": 0,
    }  # fmt: skip


def _text(draw: random.Random) -> Text:
    prompt, first, second = (_passage(draw, length) for length in (30, 45, 40))
    payload = {
        "prompt": [["user", prompt]],
        "completions": [[["assistant", first]], [["assistant", second]]],
    }
    shown = {
        "prompt": [["user", render(prompt, "markdown").html]],
        "completions": [render(first, "markdown").html, render(second, "markdown").html],
    }
    words = sum(len(said.split()) for said in (prompt, first, second))
    return Text(prompt, (first, second), json.dumps(payload), json.dumps(shown), words)


def _passage(draw: random.Random, length: int) -> str:
    words = draw.choices(_WORDS, k=length)
    words[length // 2] = f"**{words[length // 2]}**\n\n-"
    return " ".join(words)
