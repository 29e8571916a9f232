"""Staging: a file is read to its end and its rows are kept, in short transactions."""

from collections.abc import Iterable, Iterator

from sqlmodel import Session

from labelhub.domain.imports import PROBLEMS_KEPT, BatchState, ImportBatch
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.services.intake.progress import InterruptedImportError, Progress, Reports
from labelhub.store import corpus, imports
from labelhub.store.corpus import UnkeptDraftError
from labelhub.store.database import Database

CHUNK = 1_000
"""Rows of one transaction: some hundredths of a second, so that labelers hardly wait."""


class Staging:
    """One file being read. Whether its items fit the project is asked later, by `checking`."""

    def __init__(
        self, database: Database, batch: ImportBatch, progress: Progress, reports: Reports
    ) -> None:
        self._database = database
        self._batch = batch
        self._progress = progress
        self._reports = reports
        self._kept = 0

    def stage(self, rows: Iterable[ItemDraft | BadRow]) -> None:
        """Keep every row that can be read. Where a bad row refuses the file, enough is enough."""
        for chunk in _chunks(rows):
            self._land(chunk)
            self._reports.progress(self._progress)
            if self._progress.refused >= PROBLEMS_KEPT and not self._batch.options.keep_good:
                return

    def _land(self, chunk: list[ItemDraft | BadRow]) -> None:
        documents: list[str] = []
        bad: list[BadRow] = []
        for row in chunk:
            if isinstance(row, BadRow):
                bad.append(row)
                continue
            try:
                documents.append(corpus.as_document(row))
            except UnkeptDraftError as error:
                bad.append(BadRow(row.line, "row", f"cannot be kept: {error}"))
        for row in bad:
            self._reports.refused(row)
        self._database.run(lambda session: self._keep(session, documents, bad))
        self._kept += len(bad)
        self._progress.rows += len(chunk)
        self._progress.refused += len(bad)

    def _keep(self, session: Session, documents: list[str], bad: list[BadRow]) -> None:
        batch_id, progress = self._batch.id, self._progress
        corpus.land(session, batch_id, documents)
        imports.add_problems(session, batch_id, bad[: max(0, PROBLEMS_KEPT - self._kept)])
        if not imports.advance(
            session,
            batch_id,
            BatchState.STAGING,
            bytes_read=progress.bytes_read,
            rows=len(documents) + len(bad),
            refused=len(bad),
        ):
            raise InterruptedImportError


def _chunks(rows: Iterable[ItemDraft | BadRow]) -> Iterator[list[ItemDraft | BadRow]]:
    chunk: list[ItemDraft | BadRow] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
