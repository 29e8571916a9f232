"""Looking at a file before it is imported: its layout, its columns, ten rows as they would be."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from labelhub.clock import Clock
from labelhub.domain.imports import ImportBatch
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.domain.projects import Project
from labelhub.domain.screening import screened
from labelhub.domain.vocabulary import Severity
from labelhub.layouts import ReadOptions, UnreadableFileError, detect, read
from labelhub.layouts.detection import columns_of
from labelhub.layouts.files.opening import rows_of
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import FileKind, Source, open_source
from labelhub.layouts.options import Limits
from labelhub.services.intake.accepting import Accepting, Terms
from labelhub.store import policies

SHOWN = 10
_LOOKED_AT = 25
_GENERIC = {FileKind.CSV: "csv", FileKind.PARQUET: "parquet"}
GENERIC_LAYOUTS = frozenset({"jsonl", *_GENERIC.values()})


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row as it would become an item. `hidden`: a tier whose text is not shown unasked."""

    line: int
    draft: ItemDraft | None
    severity: Severity | None
    hidden: bool
    problem: BadRow | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a file seems to be. `warning` says why no layout, or not the wanted one, fits."""

    layout: str
    certain: bool
    why: str
    columns: tuple[str, ...]
    sample: tuple[SampleRow, ...]
    warning: str = ""


def look(path: Path, project: Project, batch: ImportBatch, clock: Clock) -> Look:
    """Look at an uploaded file as its import's options ask.

    Raises:
        UnreadableFileError: nothing can be read of it, whatever the layout.

    """
    options = batch.options
    reading = ReadOptions(mapping=options.mapping, with_ratings=options.with_ratings)
    columns, generic = _columns(path, batch.file_name)
    try:
        if options.layout:
            found, certain, why = options.layout, True, ""
        else:
            detection = detect(path, reading, batch.file_name)
            found, certain = detection.layout, detection.confidence == "certain"
            why = detection.why
        rows = list(islice(read(path, found, reading, batch.file_name), SHOWN))
    except UnreadableFileError as error:
        layout = options.layout or generic
        return Look(layout, certain=False, why="", columns=columns, sample=(), warning=str(error))
    terms = Terms(
        project,
        replace(batch, options=replace(options, layout=found)),
        policies.shipped().longest_display,
        clock.now(),
    )
    return Look(found, certain, why, columns, tuple(_samples(rows, terms)))


def _samples(rows: list[ItemDraft | BadRow], terms: Terms) -> Iterator[SampleRow]:
    accepting = Accepting(terms)
    declared = terms.project.declared
    for row in rows:
        if isinstance(row, BadRow):
            yield SampleRow(row.line, None, None, hidden=False, problem=row)
            continue
        outcome = accepting.take(row)
        screening = screened(row.severity, terms.batch.options.severity, declared.max_severity)
        # Whoever imports is a reader too: what nobody has screened counts as the highest declared.
        tier = screening.tier if screening.tier is not None else declared.max_severity
        yield SampleRow(
            line=row.line,
            draft=row,
            severity=screening.tier,
            hidden=tier >= declared.veil_tier,
            problem=outcome if isinstance(outcome, BadRow) else None,
        )


def _columns(path: Path, name: str) -> tuple[tuple[str, ...], str]:
    """Return the columns of the first rows, and the generic layout of this kind of file."""
    source: Source = open_source(path, name, Limits())
    with closing(source.stream):
        rows: list[Row | BadRow] = list(islice(rows_of(source), _LOOKED_AT))
        return columns_of(rows), _GENERIC.get(source.kind, "jsonl")
