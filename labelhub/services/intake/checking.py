"""Checking and rendering what was staged: items that fit the project, shown once and for all."""

from typing import Any

import orjson
from sqlmodel import Session

from labelhub.domain.imports import PROBLEMS_KEPT, BatchState
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.rendering import Rendered, Style, render
from labelhub.services.intake.accepting import Accepted, Accepting, Terms
from labelhub.services.intake.progress import InterruptedImportError, Progress, Reports
from labelhub.services.intake.storing import Sorted, Stored, Storing, sort
from labelhub.store import corpus, imports
from labelhub.store.database import Database

CHUNK = 500
"""Items checked, rendered and stored at a time; only the storing holds a transaction."""


class Checking:
    """The staged rows of one import becoming items, which nobody can be served yet."""

    def __init__(
        self, database: Database, terms: Terms, progress: Progress, reports: Reports
    ) -> None:
        self._database = database
        self._terms = terms
        self._accepting = Accepting(terms)
        self._progress = progress
        self._reports = reports
        self._style: Style = (
            "markdown" if terms.project.declared.render_style == "markdown" else "plain"
        )

    def check(self) -> None:
        """Make items of the good rows. Unless good rows are kept anyway, a bad one ends that.

        Checking goes on then, so that up to `PROBLEMS_KEPT` bad rows are told in one go.
        """
        while self._next():
            self._reports.progress(self._progress)
            doomed = self._progress.refused and not self._terms.batch.options.keep_good
            if doomed and self._progress.refused >= PROBLEMS_KEPT:
                return

    def _next(self) -> bool:
        """Check one chunk; False when none is left."""
        with self._database.reading() as session:
            waiting = corpus.landed(session, self._terms.batch.id, CHUNK)
            taken, bad = self._judged([each.draft for each in waiting])
            if (self._progress.refused or bad) and not self._terms.batch.options.keep_good:
                taken = []
            found = sort(session, self._terms, taken)
        if not waiting:
            return False
        for row in bad:
            self._reports.refused(row)
        shown = [self._rendered(each) for each in found.fresh.values() if each.payload is not None]
        last = waiting[-1].row_id
        stored = self._database.run(lambda session: self._store(session, found, shown, bad, last))
        self._count(len(waiting), stored, bad)
        return True

    def _judged(self, drafts: list[ItemDraft]) -> tuple[list[Accepted], list[BadRow]]:
        taken: list[Accepted] = []
        bad: list[BadRow] = []
        for draft in drafts:
            outcome = self._accepting.take(draft)
            if isinstance(outcome, Accepted):
                taken.append(outcome)
            else:
                bad.append(outcome)
        return taken, bad

    def _store(
        self,
        session: Session,
        found: Sorted,
        shown: list[dict[str, Any]],
        bad: list[BadRow],
        last: int,
    ) -> Stored:
        batch_id = self._terms.batch.id
        stored = Storing(session, self._terms, found).store(shown)
        room = max(0, PROBLEMS_KEPT - self._progress.refused)
        imports.add_problems(session, batch_id, bad[:room])
        corpus.take_off(session, batch_id, last)
        if not imports.advance(
            session,
            batch_id,
            BatchState.STAGED,
            added=stored.added,
            known=stored.known,
            ratings=stored.ratings,
            refused=len(bad),
            rendered=len(shown),
        ):
            raise InterruptedImportError
        return stored

    def _count(self, checked: int, stored: Stored, bad: list[BadRow]) -> None:
        progress = self._progress
        progress.checked += checked
        progress.added += stored.added
        progress.known += stored.known
        progress.ratings += stored.ratings
        progress.refused += len(bad)

    def _rendered(self, item: Accepted) -> dict[str, Any]:
        """Render an item's texts, once: what a labeler sees later is what was made here (D-5).

        One renderer is named for the whole item; where Markdown fell back to plain for some of
        its texts, both are, so that every text can be made again.
        """
        made: list[Rendered] = []

        def html(text: str) -> str:
            made.append(render(text, self._style))
            return made[-1].html

        prompt = [[role, html(text)] for role, text in item.prompt]
        completions = [
            html(turns[0][1]) if len(turns) == 1 else [html(text) for _, text in turns]
            for turns in item.texts
        ]
        shown = {"prompt": prompt, "completions": completions}
        return {
            "item_id": item.row["id"],
            "payload": item.payload,
            "sha256": item.sha256,
            "shown": orjson.dumps(shown).decode(),
            "renderer": " + ".join(dict.fromkeys(each.renderer for each in made)),
            "hidden_characters": sum(sum(each.hidden.values()) for each in made),
        }
