"""Publishing: staged items become servable in short steps that block nobody."""

from collections.abc import Callable

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.imports import BatchState, ImportBatch
from labelhub.domain.projects import Project
from labelhub.store import imported_ratings, imports, items
from labelhub.store.database import Database

STEP = 1_000
"""Rows of one transaction."""


def publish(
    database: Database,
    batch: ImportBatch,
    clock: Clock,
    on_published: Callable[[int], None] = lambda _: None,
) -> None:
    """Make everything of a batch in the state *publishing* servable, then call it complete.

    Every step can be repeated; after a crash it goes on where it stopped. Stops at once when the
    batch is withdrawn meanwhile.
    """

    def ratings(session: Session) -> int:
        return imported_ratings.publish(session, batch.id, STEP, clock.now())

    def rendered(session: Session) -> int:
        return items.publish(session, batch.id, STEP)

    def withdrawn(session: Session) -> int:
        return items.republish(session, batch.id, STEP)

    for step in (ratings, rendered, withdrawn):
        while count := _while_publishing(database, batch, step):
            on_published(count)
    database.run(
        lambda session: imports.move(
            session,
            batch.id,
            {BatchState.PUBLISHING},
            BatchState.COMPLETE,
            ended_at=clock.now(),
        )
    )


def spread_overlap(database: Database, project: Project) -> None:
    """Give the items of a project its overlap, where theirs is lower."""
    with database.reading() as session:
        if not items.below_overlap(session, project):
            return
    while database.run(lambda session: items.raise_overlap(session, project, STEP)):
        pass


def resume(database: Database, clock: Clock) -> None:
    """Finish what was being published when a process died. Safe beside one that is doing it."""
    with database.reading() as session:
        waiting = imports.unsettled(session)
    for batch in waiting:
        if batch.state is BatchState.PUBLISHING:
            publish(database, batch, clock)


def _while_publishing(
    database: Database, batch: ImportBatch, step: Callable[[Session], int]
) -> int:
    def work(session: Session) -> int:
        # An UPDATE, so that withdrawing waits for the step or the step for it.
        publishing = {BatchState.PUBLISHING}
        if not imports.move(session, batch.id, publishing, BatchState.PUBLISHING):
            return 0
        return step(session)

    return database.run(work)
