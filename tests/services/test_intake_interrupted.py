"""An import that is killed, withdrawn or doubled leaves nothing half visible."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from labelhub.domain.imports import BatchState, ImportId, SourceFile
from labelhub.services import intake, projects, publishing
from labelhub.services.intake.single import SingleImport
from labelhub.store import imports
from labelhub.store.database import Database
from tests.support.importing import (
    PLAIN,
    comparison,
    import_rows,
    make_project,
    rows_of,
    states,
    stored,
    write_rows,
)
from tests.support.world import World
from tests.worlds import HandClock


class Killed(BaseException):
    """What a test raises where a process would have died."""


def killed_at(state: BatchState, number: int = 1) -> Callable[[intake.Progress], None]:
    """Return a listener that dies at the n-th report of a state."""
    seen = 0

    def heard(progress: intake.Progress) -> None:
        nonlocal seen
        if progress.state is state:
            seen += 1
            if seen == number:
                raise Killed

    return heard


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", (comparison(n) for n in range(1_200)))


@pytest.mark.parametrize(
    ("state", "number"),
    [(BatchState.STAGING, 1), (BatchState.STAGING, 2), (BatchState.STAGED, 2)],
)
def test_killed_before_publishing_nothing_is_servable_and_a_rerun_completes(
    database: Database,
    world: World,
    clock: HandClock,
    file: Path,
    state: BatchState,
    number: int,
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    with pytest.raises(Killed):
        import_rows(database, project, file, clock, progress=killed_at(state, number))
    assert "ready" not in states(database)

    batch = import_rows(database, project, file, clock)

    assert batch.state is BatchState.COMPLETE
    assert batch.added + batch.known == 1_200
    assert states(database) == {"ready": 1_200}
    assert stored(database) == (1_200, 1_200, 0, 0, 0)


def test_killed_while_publishing_the_next_start_finishes(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    with pytest.raises(Killed):
        import_rows(database, project, file, clock, progress=killed_at(BatchState.PUBLISHING))
    assert states(database) == {"ready": 1_000, "rendered": 200}

    publishing.resume(database, clock)

    assert states(database) == {"ready": 1_200}
    assert rows_of(database, "SELECT state FROM import_batch") == [("complete",)]


def test_an_upload_whose_process_died_is_read_again_from_its_file(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    import_id = upload(database, world, clock, file)
    with pytest.raises(Killed):
        finish_killed(database, project.id, import_id, file.parent, clock)
    assert rows_of(database, "SELECT count(*) FROM import_row") == [(1_000,)]

    intake.carry_on(database, uploads=file.parent, clock=clock)

    assert states(database) == {"ready": 1_200}
    assert rows_of(database, "SELECT rows, added, known, state FROM import_batch") == [
        (1_200, 1_200, 0, "complete")
    ]


def test_an_import_from_elsewhere_whose_process_died_is_cleared_at_the_next_start(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    with pytest.raises(Killed):
        import_rows(database, project, file, clock, progress=killed_at(BatchState.STAGING))

    intake.carry_on(database, uploads=file.parent, clock=clock)

    assert stored(database) == (0, 0, 0, 0, 0)
    [(state, message)] = rows_of(database, "SELECT state, message FROM import_batch")
    assert state == "withdrawn"
    assert "interrupted" in message


def test_carrying_on_twice_is_carrying_on_once(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    make_project(database, world, clock, render_style="plain")
    upload(database, world, clock, file)

    for _ in range(2):
        intake.carry_on(database, uploads=file.parent, clock=clock)

    assert states(database) == {"ready": 1_200}


def test_withdrawn_while_it_is_read_everything_of_it_goes(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")

    def withdraw(progress: intake.Progress) -> None:
        if progress.state is BatchState.STAGING and progress.rows == 1_000:
            [(key,)] = rows_of(database, "SELECT id FROM import_batch")
            everything = frozenset(BatchState)
            database.run(
                lambda session: imports.move(
                    session, as_import(key), everything, BatchState.WITHDRAWN
                )
            )

    batch = import_rows(database, project, file, clock, progress=withdraw)

    assert batch.state is BatchState.WITHDRAWN
    assert stored(database) == (0, 0, 0, 0, 0)


def test_withdrawn_after_publishing_it_leaves_the_queue_and_can_come_back(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    batch = import_rows(database, project, file, clock)

    def move(before: BatchState, after: BatchState) -> None:
        database.run(
            lambda session: imports.move(session, batch.id, {before}, after, ended_at=None)
        )
        intake.finish(database, project, batch.id, uploads=file.parent, clock=clock)

    move(BatchState.COMPLETE, BatchState.WITHDRAWN)
    assert states(database) == {"withdrawn": 1_200}
    move(BatchState.WITHDRAWN, BatchState.PUBLISHING)
    assert states(database) == {"ready": 1_200}


def test_an_import_that_asks_waits_before_publishing(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")

    batch = import_rows(database, project, file, clock, replace(PLAIN, ask=True))

    assert batch.state is BatchState.RENDERED
    assert states(database) == {"rendered": 1_200}
    with pytest.raises(intake.BusyImportError):
        import_rows(database, project, file, clock)


def test_a_higher_overlap_reaches_the_items(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    project = make_project(database, world, clock, render_style="plain")
    import_rows(database, project, file, clock)

    raised = replace(project, declared=replace(project.declared, overlap=4))
    publishing.spread_overlap(database, raised)

    assert rows_of(database, "SELECT DISTINCT overlap FROM item") == [(4,)]


def upload(database: Database, world: World, clock: HandClock, file: Path) -> ImportId:
    stored_file = SourceFile(file.name, stored_as=file.name)
    return database.run(
        lambda session: imports.add(
            session,
            projects.of_slug(session, (world.lab,), "pilot"),
            stored_file,
            PLAIN,
            BatchState.STAGING,
            None,
            clock.now(),
        )
    )


def finish_killed(
    database: Database, project_id: object, import_id: ImportId, folder: Path, clock: HandClock
) -> None:
    with database.reading() as session:
        [batch] = [each for each in imports.unsettled(session) if each.id == import_id]
    single = SingleImport(database, batch, clock, folder / batch.stored_as)
    single.go(intake.Reports(progress=killed_at(BatchState.STAGING)))


def as_import(key: object) -> ImportId:
    return ImportId(key if isinstance(key, UUID) else UUID(str(key)))


def test_an_upload_that_nobody_started_is_forgotten_after_a_day(
    database: Database, world: World, clock: HandClock, file: Path
) -> None:
    make_project(database, world, clock)
    stored_file = SourceFile("mine.jsonl", stored_as=file.name)
    database.run(
        lambda session: imports.add(
            session,
            projects.of_slug(session, (world.lab,), "pilot"),
            stored_file,
            PLAIN,
            BatchState.UPLOADED,
            None,
            clock.now(),
        )
    )

    clock.pass_(hours=24)
    intake.carry_on(database, uploads=file.parent, clock=clock)
    assert file.exists()
    clock.pass_(seconds=1)
    intake.carry_on(database, uploads=file.parent, clock=clock)

    assert not file.exists()
    assert rows_of(database, "SELECT state FROM import_batch") == [("withdrawn",)]
