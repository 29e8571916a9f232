"""Projects and files for tests of imports."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from labelhub.domain.imports import ImportBatch, ImportOptions
from labelhub.domain.projects import Declaration, NewProject, Project
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import InstrumentName
from labelhub.services import intake, projects
from labelhub.services.intake import Reports
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.world import World
from tests.worlds import HandClock

PLAIN = ImportOptions(layout="jsonl", severity=Declared.S0)


def make_project(
    database: Database,
    world: World,
    clock: HandClock,
    slug: str = "pilot",
    instrument: InstrumentName = InstrumentName.PREFERENCE,
    **declared: Any,
) -> Project:
    declaration = replace(Declaration("Pilot", hazards=projects.default_hazards()), **declared)
    new = NewProject(slug, instrument, declaration, "Which one is better?")
    return database.run(lambda session: projects.create(session, world.lab, new, None, clock.now()))


def comparison(number: int, **more: object) -> dict[str, object]:
    """Return a good row of a generic file."""
    return {
        "prompt": f"Question {number}?",
        "response_1": f"Answer {number}.",
        "response_2": f"Other answer {number}.",
        **more,
    }


def write_rows(path: Path, rows: Iterable[Mapping[str, object] | str]) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def import_rows(
    database: Database,
    project: Project,
    path: Path,
    clock: HandClock,
    options: ImportOptions = PLAIN,
    progress: Callable[[intake.Progress], None] = lambda _: None,
) -> ImportBatch:
    return intake.run_file(
        database,
        project,
        path,
        options,
        clock,
        uploads=path.parent,
        reports=Reports(progress=progress),
    )


def rows_of(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """Return what a question to the database itself answers."""
    with database.reading() as session:
        return [tuple(row) for row in session.connection().execute(sa.text(statement))]


def states(database: Database) -> dict[str, int]:
    return dict(rows_of(database, "SELECT state, count(*) FROM item GROUP BY state"))


def stored(database: Database) -> tuple[int, ...]:
    """Return how many items, texts, categories of items, ratings and staged ratings there are.

    Rows that wait to be checked count as texts.
    """
    names = ("item", "content", "item_hazard", "rating", "staged_rating")
    counts = (sa.select(sa.func.count()).select_from(metadata.tables[name]) for name in names)
    with database.reading() as session:
        items, texts, *rest = (
            int(session.connection().execute(count).scalar_one()) for count in counts
        )
        waiting = sa.select(sa.func.count()).select_from(metadata.tables["import_row"])
        texts += int(session.connection().execute(waiting).scalar_one())
        return (items, texts, *rest)
