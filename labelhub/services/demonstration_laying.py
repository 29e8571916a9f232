"""Laying the demonstration: people, projects and items from `seed/demo`, as anybody would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.imports import BatchState, ImportOptions
from labelhub.domain.projects import Declaration, NewProject, Project
from labelhub.domain.vocabulary import (
    InstrumentName,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Role,
    Severity,
)
from labelhub.resources import resource_dir
from labelhub.services import installation, intake, joining, organisations, projects
from labelhub.services import people as roles
from labelhub.store import people
from labelhub.store.database import Database

OPERATED_BY = "operator"
_MAPPING = {"responses": "completions"}
"""The seed's items name their completions; the generic layout calls them responses."""


class DemonstrationError(RuntimeError):
    """The demonstration cannot be laid here; the message says why."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Who is in the demonstration, and what they work on."""

    labelers: Mapping[str, PersonId]  # by address
    joined: Mapping[str, Sequence[str]]  # projects by address
    slugs: tuple[str, ...]


def seed() -> Path:
    return resource_dir("seed") / "demo"


def lay(database: Database, clock: Clock, uploads: Path) -> Laid:
    """Make the demonstration in an empty database.

    Raises:
        DemonstrationError: an item of the seed was refused.

    """
    declared = orjson.loads((seed() / "projects.json").read_bytes())
    cast = orjson.loads((seed() / "people.json").read_bytes())

    def begin(session: Session) -> tuple[list[Project], dict[str, PersonId]]:
        installation.make(session, clock, demonstration=True)
        homes = _organisations(session, cast["organisations"], clock)
        persons = _people(session, cast["people"], homes, clock)
        made = [_project(session, one, homes, clock) for one in declared["projects"]]
        return made, persons

    made, persons = database.run(begin)
    for project, one in zip(made, declared["projects"], strict=True):
        _import(database, project, seed() / one["items"], clock, uploads)
    working = [one for one in cast["people"] if one["role"] == Role.LABELER]

    def join(session: Session) -> None:
        for one in working:
            for slug in one["projects"]:
                joining.join(session, persons[one["email"]], slug, (), clock)

    database.run(join)
    return Laid(
        {one["email"]: persons[one["email"]] for one in working},
        {one["email"]: one["projects"] for one in working},
        tuple(project.slug for project in made),
    )


def _organisations(
    session: Session, rows: Sequence[Mapping[str, Any]], clock: Clock
) -> dict[str, OrganisationId]:
    found = {
        row["slug"]: organisations.add(
            session, row["slug"], row["name"], OrganisationKind(row["kind"]), clock
        )
        for row in rows
    }
    operator = organisations.get_by_slug(session, OPERATED_BY)
    return {OPERATED_BY: operator.id, **found}


def _people(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    homes: Mapping[str, OrganisationId],
    clock: Clock,
) -> dict[str, PersonId]:
    persons: dict[str, PersonId] = {}
    for row in rows:
        person_id = people.add(session, row["email"], row["name"], clock.now())
        people.set_place(session, person_id, row["zone"], "en")
        people.set_country(session, person_id, row["country"])
        roles.give_role(
            session, person_id, homes[row["organisation"]], Role(row["role"]), None, clock
        )
        persons[row["email"]] = person_id
    return persons


def _project(
    session: Session, row: Mapping[str, Any], homes: Mapping[str, OrganisationId], clock: Clock
) -> Project:
    lab = homes["northlight"]
    declared = Declaration(
        title=row["title"],
        summary=row["summary"],
        overlap=row["overlap"],
        content_notice=row["content_notice"],
        max_severity=Severity(row["max_severity"]),
        veil_tier=row["veil_tier"],
        hazards=projects.default_hazards(),
        language=row["language"],
        pay_note=row["pay_note"],
    )
    markdown = (seed() / row["guidelines"]).read_text(encoding="utf-8")
    new = NewProject(row["slug"], InstrumentName(row["instrument"]), declared, markdown)
    project = projects.create(session, lab, new, None, clock.now())
    for vendor in row["open_to"]:
        projects.open_to(session, (lab,), row["slug"], homes[vendor], clock.now())
    return project


def _import(database: Database, project: Project, path: Path, clock: Clock, uploads: Path) -> None:
    options = ImportOptions(layout="jsonl", mapping=_MAPPING)
    batch = intake.run_file(database, project, path, options, clock, uploads=uploads)
    if batch.state is not BatchState.COMPLETE or batch.refused:
        raise DemonstrationError(f"{path.name}: {batch.state.value}: {batch.message}")
