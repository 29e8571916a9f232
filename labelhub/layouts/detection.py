"""Recognises the layout of a file from its first rows, for a person to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labelhub.domain.items import BadRow, ItemDraft
from labelhub.layouts.catalogue import LAYOUTS, Layout
from labelhub.layouts.errors import UnreadableFileError
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import FileKind
from labelhub.layouts.generic import FIELDS
from labelhub.layouts.options import ReadOptions
from labelhub.layouts.unsupported import known_reason

Confidence = Literal["certain", "likely"]
_SHOWN_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file seems to be.

    `sample` holds the first items as they would be imported, `problems` the rows among them
    that would be refused; `why` is one clause for the page that asks for confirmation.
    """

    layout: str
    confidence: Confidence
    why: str
    columns: tuple[str, ...]
    sample: tuple[ItemDraft, ...]
    problems: tuple[BadRow, ...]


def columns_of(rows: Sequence[Row | BadRow]) -> tuple[str, ...]:
    """Return the columns of the rows in the order in which they first occur."""
    found = dict.fromkeys(key for row in rows if isinstance(row, Row) for key in row.values)
    return tuple(found)


def recognise(
    rows: Sequence[Row | BadRow], kind: FileKind, options: ReadOptions, name: str
) -> Layout:
    """Return the first layout that fits a row. A mapping always means generic columns."""
    columns = frozenset(columns_of(rows))
    readable = [row.values for row in rows if isinstance(row, Row)]
    if not readable:
        _refuse_all(rows, name)
    if not options.mapping:
        for layout in LAYOUTS.values():
            if kind in layout.kinds and layout.columns <= columns:
                complete = [values for values in readable if layout.columns <= values.keys()]
                if any(layout.fits(values) for values in complete):
                    return layout
        raise UnreadableFileError(name, *known_reason(columns))
    return next(
        layout for layout in LAYOUTS.values() if not layout.columns and kind in layout.kinds
    )


def _refuse_all(rows: Sequence[Row | BadRow], name: str) -> None:
    first = next((row for row in rows if isinstance(row, BadRow)), None)
    if first is None:
        raise UnreadableFileError(name, "the file has no rows", "Choose a file with rows")
    place = f"{name}, line {first.line}" + (f", field {first.field}" if first.field else "")
    reason = f"none of the first {len(rows)} rows can be read; {first.reason}"
    raise UnreadableFileError(place, reason, "Check that this is the right file, and its kind")


def named_layout(
    name: str, kind: FileKind, rows: Sequence[Row | BadRow], options: ReadOptions, file: str
) -> Layout:
    """Return the layout that was asked for, or say why the file cannot have it."""
    layout = LAYOUTS.get(name)
    if layout is None:
        known = ", ".join(LAYOUTS)
        raise UnreadableFileError(file, f"there is no layout {name!r}", f"Choose one of {known}")
    if kind not in layout.kinds:
        fitting = next(
            each.name for each in LAYOUTS.values() if not each.columns and kind in each.kinds
        )
        reason = f"the file is {kind}, not what the layout {name} reads"
        raise UnreadableFileError(file, reason, f"Choose the layout {fitting}")
    if not rows or not any(isinstance(row, Row) for row in rows):
        _refuse_all(rows, file)
    _check_columns(layout, columns_of(rows), options, file)
    return layout


def _check_columns(
    layout: Layout, columns: tuple[str, ...], options: ReadOptions, file: str
) -> None:
    unknown = sorted(set(options.mapping) - FIELDS - layout.columns)
    if unknown:
        known = ", ".join(sorted(FIELDS | layout.columns))
        reason = f"there is no field {unknown[0]!r} to map"
        raise UnreadableFileError(file, reason, f"Choose among {known}")
    wanted = set(options.mapping.values())
    wanted |= {options.mapping.get(field, field) for field in layout.columns}
    missing = sorted(wanted - set(columns))
    if missing:
        found = ", ".join(columns[:_SHOWN_COLUMNS])
        place = f"{file}, columns {', '.join(missing)}"
        reason = f"the layout {layout.name} needs them and the first rows have only {found}"
        raise UnreadableFileError(place, reason, "Choose another layout, or map the columns")
