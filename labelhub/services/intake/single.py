"""One import, taken from whatever state it is in as far as it goes. Under its project's turn."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlmodel import Session

from labelhub.clock import Clock
from labelhub.domain.imports import BatchState, ImportBatch
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.domain.projects import Project
from labelhub.domain.welfare.layers import Layer
from labelhub.layouts import ReadOptions, UnreadableFileError, read
from labelhub.services import publishing
from labelhub.services.intake.accepting import Terms
from labelhub.services.intake.checking import Checking
from labelhub.services.intake.progress import InterruptedImportError, Progress, Reports
from labelhub.services.intake.staging import Staging
from labelhub.store import corpus, imported_ratings, imports, items, policies, projects
from labelhub.store.database import Database

_INTERRUPTED = "the import was interrupted before its file was read to the end"
_GONE = "the uploaded file is no longer there"
_CLEARED = 1_000


class SingleImport:
    """One import and its file, where there is one that can still be read."""

    def __init__(
        self, database: Database, batch: ImportBatch, clock: Clock, file: Path | None
    ) -> None:
        self._database = database
        self._batch = batch
        self._clock = clock
        self._file = file
        self._progress = Progress(
            rows=batch.rows,
            added=batch.added,
            known=batch.known,
            refused=batch.refused,
            ratings=batch.ratings,
        )
        self._reports = Reports()
        with database.reading() as session:
            scope = (batch.organisation_id,)
            self._project: Project = projects.get(session, scope, batch.project_id)

    def go(self, reports: Reports | None = None) -> ImportBatch:
        """Take step after step until the import has ended or waits for a person."""
        self._reports = reports or self._reports
        while step := self._next():
            with suppress(InterruptedImportError):  # its state was changed: look again
                step()
        return self._batch

    def _next(self) -> Callable[[], None] | None:
        """Return what is to be done in the state the import is in now."""
        self._reload()
        state, batch = self._batch.state, self._batch
        if state is BatchState.RENDERED and not batch.options.ask:
            return lambda: self._to(BatchState.PUBLISHING)
        if state in {BatchState.WITHDRAWN, BatchState.REFUSED} and batch.ended_at is None:
            return self._end
        steps: Mapping[BatchState, Callable[[], None]] = {
            BatchState.STAGING: self._stage,
            BatchState.STAGED: self._check,
            BatchState.PUBLISHING: self._publish,
        }
        return steps.get(state)

    def _stage(self) -> None:
        if self._file is None or not self._file.exists():
            message = _INTERRUPTED if self._file is None else _GONE
            self._give_up(BatchState.WITHDRAWN, message)
            return
        self._repeat(lambda session: corpus.discard_landed(session, self._batch.id, _CLEARED))
        if not self._database.run(lambda session: imports.reset(session, self._batch.id)):
            raise InterruptedImportError
        self._progress.rows = self._progress.refused = 0
        staging = Staging(self._database, self._batch, self._progress, self._reports)
        try:
            staging.stage(self._rows(self._file))
        except UnreadableFileError as error:
            self._give_up(BatchState.REFUSED, str(error))
        else:
            self._to(BatchState.STAGED)

    def _check(self) -> None:
        Checking(self._database, self._terms(), self._progress, self._reports).check()
        if message := self._refusal():
            self._give_up(BatchState.REFUSED, message)
        else:
            self._to(BatchState.RENDERED)

    def _terms(self) -> Terms:
        with self._database.reading() as session:
            own = policies.of_layer(session, Layer.PROJECT, self._project.id.hex, self._clock.now())
        limits = policies.shipped() if own is None else policies.shipped().tightened_by(own)
        return Terms(self._project, self._batch, limits.longest_display, self._batch.created_at)

    def _refusal(self) -> str:
        """Return why the file is refused as a whole, or ""."""
        progress = self._progress
        if progress.refused and not self._batch.options.keep_good:
            rows = "one row" if progress.refused == 1 else f"{progress.refused} rows"
            return f"{rows} cannot be imported, so nothing was"
        if not progress.added + progress.known:
            return "no row of the file can be imported"
        return ""

    def _rows(self, file: Path) -> Iterator[ItemDraft | BadRow]:
        options = self._batch.options
        reading = ReadOptions(
            mapping=options.mapping,
            with_ratings=options.with_ratings,
            source=self._batch.file_name,
            companions={"questions": Path(options.questions)} if options.questions else {},
            on_bytes=self._heard_bytes,
        )
        return read(file, options.layout or None, reading, self._batch.file_name)

    def _heard_bytes(self, consumed: int) -> None:
        self._progress.bytes_read = consumed

    def _publish(self) -> None:
        publishing.publish(self._database, self._batch, self._clock, self._heard_published)

    def _heard_published(self, count: int) -> None:
        self._progress.published += count
        self._reports.progress(self._progress)

    def _give_up(self, state: BatchState, message: str) -> None:
        """Clear first and say so afterwards: a crash between leaves it to be done again."""
        self._clear()
        zeros = dict.fromkeys(("added", "known", "rendered", "ratings"), 0)
        self._to(state, message=message, ended_at=self._clock.now(), **zeros)

    def _end(self) -> None:
        """Clear what a withdrawn import left, then say that it is over."""
        self._clear()
        state, ended = self._batch.state, self._clock.now()
        self._database.run(
            lambda session: imports.move(session, self._batch.id, {state}, state, ended_at=ended)
        )

    def _clear(self) -> None:
        """Delete what was never published of the batch and take the rest out of the queue."""
        self._repeat(lambda session: corpus.discard_landed(session, self._batch.id, _CLEARED))
        self._repeat(self._discard_ratings)
        self._repeat(self._discard_items)
        self._repeat(lambda session: items.hide(session, self._batch.id, _CLEARED))

    def _discard_ratings(self, session: Session) -> int:
        return imported_ratings.discard(session, self._batch.id, _CLEARED)

    def _discard_items(self, session: Session) -> int:
        found = items.unpublished(session, self._batch.id, _CLEARED)
        if found:
            corpus.remove(session, found)
            items.remove(session, found)
        return len(found)

    def _repeat(self, step: Callable[[Session], int]) -> None:
        """Do a step in transactions of its own until nothing is left to do."""
        while self._database.run(step):
            pass

    def _to(self, state: BatchState, **values: Any) -> None:
        before = self._batch.state

        def work(session: Session) -> bool:
            return imports.move(session, self._batch.id, {before}, state, **values)

        if not self._database.run(work):
            raise InterruptedImportError

    def _reload(self) -> None:
        with self._database.reading() as session:
            scope = (self._batch.organisation_id,)
            self._batch = imports.find(session, scope, self._batch.id) or self._batch
        self._progress.state = self._batch.state
