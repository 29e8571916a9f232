"""The three pages of an import: the file, ten of its rows, how far it is."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, url_for
from flask_babel import ngettext

from labelhub.domain.imports import PROBLEMS_KEPT, BatchState, ImportBatch
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.domain.projects import Project
from labelhub.domain.screening import words
from labelhub.layouts import LAYOUTS
from labelhub.services.intake import GENERIC_LAYOUTS, Look, SampleRow
from labelhub.web import pages, uploads
from labelhub.web.forms import Fields
from labelhub.web.import_words import LAYOUT_NAMES, size_words
from labelhub.web.languages import gettext as _

PROBLEMS = 100
REJECTS = PROBLEMS_KEPT
LONGEST_COLUMN = 200
_MOST_COLUMNS = 200
_SHOWN_TEXT = 2_000
_SHOWN_AS = {
    BatchState.STAGING: "staging",
    BatchState.STAGED: "rendering",
    BatchState.RENDERED: "ready",
}
"""Names of the page's own; the other states have theirs on it."""


def file(project: Project, fields: Fields, status: int = HTTPStatus.OK) -> Response:
    return pages.render(
        "projects/import_file.html",
        status=status,
        project={
            "slug": project.slug,
            "title": project.title,
            "highest": int(project.declared.max_severity),
        },
        form={"severity": "", "layout": "", **fields.values},
        errors=fields.errors,
        layouts=[{"value": "", "label": _("Found by looking")}, *_layouts()],
        largest=uploads.LARGEST_WORDS,
    )


def _mapped(
    batch: ImportBatch, targets: Sequence[Mapping[str, Any]], columns: Collection[str]
) -> dict[str, str]:
    """Return the mapping to show: columns that bear a field's own name, then what was asked."""
    same = {f"map-{one['field']}": str(one["field"]) for one in targets if one["field"] in columns}
    return {**same, **{f"map-{name}": column for name, column in batch.options.mapping.items()}}


def confirm(
    project: Project, batch: ImportBatch, looked: Look, fields: Fields, status: int
) -> Response:
    columns = [column for column in looked.columns if len(column) <= LONGEST_COLUMN]
    columns = columns[:_MOST_COLUMNS]
    targets = _targets() if looked.layout in GENERIC_LAYOUTS or looked.warning else []
    return pages.render(
        "projects/import_confirm.html",
        status=status,
        project={"slug": project.slug, "title": project.title},
        import_id=str(batch.id),
        file={"name": batch.file_name, "size": size_words(batch.bytes_total), "rows": None},
        layout={
            "name": looked.layout,
            "label": LAYOUT_NAMES.get(looked.layout, looked.layout),
            "certain": looked.certain,
            "why": f"{looked.why[:1].upper()}{looked.why[1:]}." if looked.why else "",
        },
        layouts=_layouts(),
        columns=columns,
        targets=targets,
        form={"layout": looked.layout, **_mapped(batch, targets, columns), **fields.values},
        sample=[_sample(row) for row in looked.sample],
        warnings=[looked.warning] if looked.warning else [],
        errors=fields.errors,
    )


def status(project: Project, batch: ImportBatch, problems: list[BadRow]) -> Response:
    address: dict[str, Any] = {"slug": project.slug, "import_id": batch.id}
    rejects = url_for("projects.import_rejects", **address) if batch.refused else ""
    return pages.render(
        "projects/import_status.html",
        "projects/_import_progress.html",
        project={"slug": project.slug, "title": project.title},
        import_id=str(batch.id),
        staging={
            "file": batch.file_name,
            "state": _SHOWN_AS.get(batch.state, batch.state.value),
            "read": batch.rows,
            "rows": None,
            "items": batch.added,
            "already": batch.known,
            "ratings": batch.ratings,
            "bad": batch.refused,
            "message": batch.message,
        },
        problems=[{"line": row.line, "field": row.field, "reason": row.reason} for row in problems],
        urls={
            "publish": url_for("projects.import_publish", **address),
            "withdraw": url_for("projects.import_withdraw", **address),
            "rejects": rejects,
        },
    )


def _layouts() -> list[dict[str, str]]:
    return [{"value": name, "label": LAYOUT_NAMES.get(name, name)} for name in LAYOUTS]


def _targets() -> list[dict[str, Any]]:
    """Return the fields that a column can be named for, the usual ones."""
    labels = {
        "prompt": _("Prompt"),
        "messages": _("Messages (prompt as a list)"),
        "system": _("System message"),
        "response_1": _("First completion"),
        "response_2": _("Second completion"),
        "completion": _("Completion (only one)"),
        "responses": _("Completions (a list)"),
        "chosen": _("Chosen completion"),
        "rejected": _("Rejected completion"),
        "model_1": _("Model of the first"),
        "model_2": _("Model of the second"),
        "id": _("Id"),
        "severity": _("Severity"),
        "hazards": _("Kinds of harm"),
        "language": _("Language"),
    }
    return [{"field": name, "label": label, "required": False} for name, label in labels.items()]


def _sample(row: SampleRow) -> dict[str, Any]:
    draft = row.draft
    return {
        "line": row.line,
        "prompt": [] if draft is None else _prompt(draft, hidden=row.hidden),
        "completions": [] if draft is None else _completions(draft, hidden=row.hidden),
        "severity": None if row.severity is None else int(row.severity),
        "ratings": 0 if draft is None else len(draft.ratings),
        "problem": row.problem and {"field": row.problem.field, "reason": row.problem.reason},
    }


def _prompt(draft: ItemDraft, *, hidden: bool) -> list[dict[str, str]]:
    return [
        {"speaker": turn.role.value, "plain": _text(turn.content, hidden=hidden)}
        for turn in draft.prompt
    ]


def _completions(draft: ItemDraft, *, hidden: bool) -> list[str]:
    texts = (
        "\n\n".join(turn.content for turn in completion.turns) for completion in draft.completions
    )
    return [_text(text, hidden=hidden) if text else _("(no text)") for text in texts]


def _text(text: str, *, hidden: bool) -> str:
    """Return a text as the sample shows it: veiled texts as their length, long ones cut."""
    if hidden:
        count = words(text)
        return str(ngettext("(%(num)s word, not shown)", "(%(num)s words, not shown)", count))
    return text if len(text) <= _SHOWN_TEXT else f"{text[:_SHOWN_TEXT]} …"
