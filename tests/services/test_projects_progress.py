"""The figures of a project's page: they add up, and small groups stay unnamed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labelhub.domain.projects import Project
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import Choice, RaterKind, Severity
from labelhub.identifiers import new_ordered_id
from labelhub.services import projects, projects_progress
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.importing import PLAIN, comparison, import_rows, make_project, write_rows
from tests.support.world import World
from tests.worlds import HandClock


@pytest.fixture
def project(database: Database, world: World, clock: HandClock, tmp_path: Path) -> Project:
    """Return a project of three items: mild, hard, and one that nobody screened."""
    made = make_project(
        database, world, clock, overlap=3, max_severity=Severity.S2, content_notice="Hate."
    )
    rows = [comparison(1, severity="S0"), comparison(2, severity="S2")]
    import_rows(database, made, write_rows(tmp_path / "a.jsonl", rows), clock)
    unscreened = write_rows(tmp_path / "b.jsonl", [comparison(3)])
    import_rows(database, made, unscreened, clock, replace(PLAIN, severity=None))
    return made


def rate(
    database: Database, world: World, project: Project, clock: HandClock, *choices: Choice
) -> None:
    """Lay ratings of the project's first item, each by a labeler of its own."""
    tables = metadata.tables
    with database.writing() as session:
        connection = session.connection()
        item = connection.execute(
            sa.select(tables["item"].c.id).where(tables["item"].c.severity == 0)
        ).scalar_one()
        for number, choice in enumerate(choices):
            person = world.everyone[number]
            rater = uuid4()
            connection.execute(
                sa.insert(tables["rater"]),
                {
                    "id": rater, "organisation_id": world.lab, "kind": RaterKind.LABELER,
                    "person_id": person.id, "name": f"labeler:{number}",
                },
            )  # fmt: skip
            connection.execute(
                sa.insert(tables["rating"]),
                {
                    "id": new_ordered_id(), "organisation_id": world.lab,
                    "project_id": project.id, "item_id": item, "rater_id": rater, "version": 1,
                    "status": "accepted", "current": True, "choice": choice, "strength": 0,
                    "harm": "", "rationale": "", "swapped": False, "active_ms": 0,
                    "guidelines_version": 1, "instrument_version": 1,
                    "rated_at": clock.now() - timedelta(days=number),
                },
            )  # fmt: skip
        connection.execute(
            sa.update(tables["item"])
            .where(tables["item"].c.id == item)
            .values(accepted_count=len(choices), taken_count=len(choices))
        )


def join(database: Database, world: World, project: Project, clock: HandClock, many: int) -> None:
    with database.writing() as session:
        for person in world.everyone[:many]:
            session.connection().execute(
                sa.insert(metadata.tables["joining"]),
                {
                    "person_id": person.id, "project_id": project.id,
                    "organisation_id": world.vendor, "guidelines_version": 1,
                    "joined_at": clock.now(), "taken": 0, "hard_ps": 0,
                },
            )  # fmt: skip


def progress(database: Database, world: World, clock: HandClock) -> projects_progress.Progress:
    with database.reading() as session:
        return projects_progress.of(session, (world.lab,), "pilot", clock.now())


def test_only_what_can_be_served_is_wanted(
    database: Database, world: World, project: Project, clock: HandClock
) -> None:
    found = progress(database, world, clock)

    assert (found.items, found.wanted, found.accepted, found.remaining) == (3, 6, 0, 6)
    assert (found.tiers, found.unscreened, found.veiled) == (((0, 1), (2, 1)), 1, 1)
    assert found.days_left() is None


def test_ratings_agreement_and_pace(
    database: Database, world: World, project: Project, clock: HandClock
) -> None:
    rate(database, world, project, clock, Choice.FIRST, Choice.FIRST, Choice.TIE)

    found = progress(database, world, clock)

    assert (found.accepted, found.remaining) == (3, 3)
    assert [count for _, count in found.per_day[-4:]] == [0, 1, 1, 1]
    assert len(found.per_day) == projects_progress.DAYS
    assert found.days_left() == 7
    assert (found.coincidence.pairs, found.coincidence.agreeing) == (3, 1)
    assert (found.coincidence.ratings, found.coincidence.ties) == (3, 1)


@pytest.mark.parametrize(("many", "told"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_fewer_than_five_labelers_are_not_counted(
    database: Database,
    world: World,
    project: Project,
    clock: HandClock,
    many: int,
    told: int | None,
) -> None:
    join(database, world, project, clock, many)

    assert progress(database, world, clock).labelers == told


def test_the_start_page_and_the_list_tell_the_same(
    database: Database, world: World, project: Project, clock: HandClock
) -> None:
    rate(database, world, project, clock, Choice.FIRST)

    with database.reading() as session:
        [start] = projects.for_start(session, (world.lab,))
        [line] = projects_progress.summaries(session, (world.lab,), clock.now())
        assert projects.for_start(session, (world.vendor,)) == []

    assert (start["done"], start["wanted"]) == (line.accepted, line.wanted) == (1, 6)
    assert sum(line.per_day) == 1


def test_a_declared_severity_is_counted_like_one_of_the_file(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    made = make_project(database, world, clock)
    file = write_rows(tmp_path / "rows.jsonl", [comparison(1)])
    import_rows(database, made, file, clock, replace(PLAIN, severity=Declared.UNKNOWN))

    assert progress(database, world, clock).tiers == ((2, 1),)
