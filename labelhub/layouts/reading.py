"""Reads a file into items: the one entrance for the command line, the browser and the seed."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from labelhub.domain.items import BadRow, ItemDraft
from labelhub.layouts.catalogue import Layout
from labelhub.layouts.detection import Detection, columns_of, named_layout, recognise
from labelhub.layouts.drafting import Drafting
from labelhub.layouts.errors import RowError, UnreadableFileError
from labelhub.layouts.files.opening import rows_of
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import Source, open_source
from labelhub.layouts.options import ReadOptions
from labelhub.layouts.votes import gathered, question_texts

_LOOKED_AT = 25
_SAMPLE = 10
_MOST_QUESTIONS = 20_000
_QUESTIONS = "questions"
_GATHERED = frozenset({"mt-bench", "arena"})
_PLAIN = ReadOptions()

File = Path | BinaryIO


def read(
    file: File, layout: str | None = None, options: ReadOptions = _PLAIN, name: str = ""
) -> Iterator[ItemDraft | BadRow]:
    """Yield the items of a file, and the rows that are none, in constant memory.

    `layout` None means the one that `detect` finds. `name` is what messages call the file.

    Raises:
        UnreadableFileError: the file, or its rest, cannot be read. Rows may have been yielded
            before; the caller keeps nothing of them.
    """
    with closing(_opened(file, name, options)) as opened:
        yield from opened.drafts(layout)


def detect(file: File, options: ReadOptions = _PLAIN, name: str = "") -> Detection:
    """Look at the first rows and say which layout they have.

    Raises:
        UnreadableFileError: the file cannot be read, or no layout fits it.
    """
    with closing(_opened(file, name, options)) as opened:
        found = opened.layout(None)
        drafts = list(islice(opened.drafts(found.name), _LOOKED_AT))
        return Detection(
            layout=found.name,
            confidence="certain" if found.certain else "likely",
            why=found.why,
            columns=columns_of(opened.first),
            sample=tuple(each for each in drafts if isinstance(each, ItemDraft))[:_SAMPLE],
            problems=tuple(each for each in drafts if isinstance(each, BadRow))[:_SAMPLE],
        )


class _Opened:
    """A file with its first rows taken, so that they can be looked at before being read."""

    def __init__(self, source: Source, options: ReadOptions, *, owned: bool) -> None:
        self._source = source
        self._options = options
        self._owned = owned
        self._rows = rows_of(source)
        self.first: list[Row | BadRow] = []

    def look(self) -> None:
        self.first = list(islice(self._rows, _LOOKED_AT))

    def layout(self, name: str | None) -> Layout:
        source = self._source
        if name is None:
            return recognise(self.first, source.kind, self._options, source.name)
        return named_layout(name, source.kind, self.first, self._options, source.name)

    def drafts(self, name: str | None) -> Iterator[ItemDraft | BadRow]:
        layout = self.layout(name)
        drafting = Drafting(layout.name, self._options, _questions(self._options))
        drafted = _drafted(chain(self.first, self._rows), layout, drafting)
        return gathered(drafted) if layout.name in _GATHERED else drafted

    def close(self) -> None:
        self._rows.close()
        if self._owned:
            self._source.stream.close()


def _opened(file: File, name: str, options: ReadOptions) -> _Opened:
    called = name or (file.name if isinstance(file, Path) else "the file")
    source = open_source(file, called, options.limits, options.on_bytes)
    opened = _Opened(source, options, owned=isinstance(file, Path))
    try:
        opened.look()
    except BaseException:
        opened.close()
        raise
    return opened


def _drafted(
    rows: Iterator[Row | BadRow], layout: Layout, drafting: Drafting
) -> Iterator[ItemDraft | BadRow]:
    draft = layout.draft
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        try:
            yield draft(row, drafting)
        except RowError as error:
            yield row.refused(error.field, error.reason)


def _questions(options: ReadOptions) -> Mapping[str, tuple[str, ...]]:
    """Read MT-bench's questions; a companion with a bad line is refused whole."""
    path = options.companions.get(_QUESTIONS)
    if path is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    source = open_source(path, path.name, options.limits)
    with closing(source.stream):
        for row in rows_of(source):
            question, texts = _question(row, path.name)
            found[question] = texts
            if len(found) > _MOST_QUESTIONS:
                reason = f"it has more than {_MOST_QUESTIONS} questions"
                raise UnreadableFileError(path.name, reason, "Leave out those without votes")
    return found


def _question(row: Row | BadRow, file: str) -> tuple[str, tuple[str, ...]]:
    if isinstance(row, Row):
        try:
            return question_texts(row)
        except RowError as error:
            row = row.refused(error.field, error.reason)
    place = f"{file}, line {row.line}, field {row.field}"
    raise UnreadableFileError(place, row.reason, "Mend the file of questions")
