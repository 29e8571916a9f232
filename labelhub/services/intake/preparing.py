"""Rendering what was staged, once: what a labeler sees later is what was made here (D-5)."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlmodel import Session

from labelhub.domain.imports import BatchState, ImportBatch
from labelhub.domain.projects import Project
from labelhub.rendering import Rendered, Style, render
from labelhub.services.intake.staging import InterruptedImportError, Progress, Reports
from labelhub.store import corpus, imports, items
from labelhub.store.corpus import Unrendered
from labelhub.store.database import Database

CHUNK = 500
"""Items read, rendered and stored at a time; the rendering itself holds no transaction."""


def prepare(
    database: Database,
    project: Project,
    batch: ImportBatch,
    progress: Progress,
    reports: Reports,
) -> None:
    """Render every staged item of the batch."""
    style: Style = "markdown" if project.declared.render_style == "markdown" else "plain"
    while True:
        with database.reading() as session:
            waiting = corpus.unrendered(session, batch.id, CHUNK)
        if not waiting:
            return
        rows = [_rendered(each, style) for each in waiting]
        _keep(database, batch, rows)
        progress.rendered += len(rows)
        reports.progress(progress)


def _keep(database: Database, batch: ImportBatch, rows: Sequence[dict[str, Any]]) -> None:
    def work(session: Session) -> None:
        if not imports.advance(session, batch.id, BatchState.STAGED, rendered=len(rows)):
            raise InterruptedImportError
        corpus.keep_rendering(session, rows)
        items.mark_rendered(session, [row["item"] for row in rows])

    database.run(work)


def _rendered(waiting: Unrendered, style: Style) -> dict[str, Any]:
    """Render an item's texts.

    One renderer is named for the whole item; where Markdown fell back to plain for some of its
    texts, both are, so that every text can be made again.
    """
    made: list[Rendered] = []

    def html(text: str) -> str:
        made.append(render(text, style))
        return made[-1].html

    prompt = [[role, html(text)] for role, text in waiting.payload["prompt"]]
    completions = [
        html(turns[0][1]) if len(turns) == 1 else [html(text) for _, text in turns]
        for turns in waiting.payload["completions"]
    ]
    return {
        "item": waiting.item_id,
        "shown": orjson.dumps({"prompt": prompt, "completions": completions}).decode(),
        "renderer": " + ".join(dict.fromkeys(each.renderer for each in made)),
        "hidden": sum(sum(each.hidden.values()) for each in made),
    }
