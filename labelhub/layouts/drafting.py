"""What every layout does alike: taking fields from a row, and the last checks of an item."""

import re
from collections.abc import Mapping, Sequence

from labelhub.domain.items import Completion, ImportedRating, ItemDraft, Turn
from labelhub.domain.vocabulary import Severity
from labelhub.layouts.conversation import (
    check_completion,
    check_lengths,
    check_prompt,
    text_in,
    type_name,
)
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row
from labelhub.layouts.options import ReadOptions

MOST_COMPLETIONS = 16
_MOST_HAZARDS = 40
LONGEST_NAME = 200  # the width of ids, sources and model names in the database
_HAZARD = 40
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")  # the shape of BCP 47
_LANGUAGE_LENGTH = 35
_BETWEEN_HAZARDS = re.compile("[;,|]")


class Columns:
    """The columns of one row; whatever no field takes becomes the item's metadata."""

    __slots__ = ("_flat", "_mapping", "rest")

    def __init__(self, row: Row, mapping: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._flat = row.flat
        self.rest = row.values.copy()

    def has(self, field: str) -> bool:
        value = self.rest.get(self._mapping.get(field, field))
        return value is not None and not (self._flat and value == "")

    def given(self, fields: Sequence[str]) -> list[str]:
        """Return those of the fields that have a value. Most rows have few of them."""
        mapping, rest = self._mapping, self.rest
        if mapping:
            return [field for field in fields if self.has(field)]
        return [field for field in fields if field in rest and self.has(field)]

    def named(self, field: str) -> bool:
        return self._mapping.get(field, field) in self.rest

    def take(self, field: str) -> object:
        """Return and remove a field; an empty cell of a CSV is a missing value."""
        column = self._mapping.get(field, field) if self._mapping else field
        value = self.rest.pop(column, None)
        return None if value == "" and self._flat else value

    def put(self, **fields: object) -> None:
        """Give fields a value of the layout's own, whatever the mapping says of them."""
        for field, value in fields.items():
            self.rest[self._mapping.get(field, field)] = value

    def take_name(self, field: str) -> str:
        """Return a short text or integer as text, "" where it is missing."""
        value = self.take(field)
        if value is None:
            return ""
        if type(value) is not str and type(value) is not int:  # true and false are no names
            raise RowError(field, f"is {type_name(value)}, not a text or an integer")
        if len(name := str(value)) > LONGEST_NAME:
            raise RowError(field, f"is longer than {LONGEST_NAME} characters")
        return name


class Drafting:
    """How items of one file are drafted."""

    __slots__ = ("_source", "layout", "max_text", "options", "questions", "with_ratings")

    def __init__(
        self,
        layout: str,
        options: ReadOptions,
        questions: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.layout = layout
        self.options = options
        self.with_ratings = options.with_ratings
        self.max_text = options.limits.max_text
        self.questions = questions or {}
        self._source = options.source

    def columns(self, row: Row) -> Columns:
        return Columns(row, self.options.mapping)

    def draft(
        self,
        row: Row,
        columns: Columns,
        prompt: Sequence[Turn],
        completions: Sequence[Completion],
        ratings: Sequence[ImportedRating] = (),
        prompt_field: str = "prompt",
    ) -> ItemDraft:
        """Make an item with texts, or say why it is none."""
        check_prompt(prompt, prompt_field)
        check_lengths(prompt, prompt_field, self.max_text)
        self._check_completions(completions)
        return self.finish(row, columns, prompt, completions, ratings)

    def finish(
        self,
        row: Row,
        columns: Columns,
        prompt: Sequence[Turn],
        completions: Sequence[Completion],
        ratings: Sequence[ImportedRating] = (),
        metadata: dict[str, object] | None = None,
    ) -> ItemDraft:
        """Make an item of texts that were checked already, or of none."""
        return ItemDraft(
            line=row.line,
            prompt=tuple(prompt),
            completions=tuple(completions),
            external_id=columns.take_name("id"),
            source=columns.take_name("source") or self._source,
            source_id=columns.take_name("source_id"),
            language=_language(columns.take("language")),
            severity=_severity(columns.take("severity")),
            hazards=_hazards(columns.take("hazards")),
            ratings=tuple(ratings),
            metadata=_kept(columns.rest) | (metadata or {}),
        )

    def _check_completions(self, completions: Sequence[Completion]) -> None:
        if not completions:
            raise RowError("completion", "is missing")
        if len(completions) > MOST_COMPLETIONS:
            raise RowError("responses", f"are more than {MOST_COMPLETIONS}")
        seen: dict[tuple[str, ...], int] = {}
        for number, completion in enumerate(completions, start=1):
            turns = completion.turns
            field = f"completion {number}" if len(completions) > 1 else "completion"
            check_completion(turns, field)
            check_lengths(turns, field, self.max_text)
            text = tuple([turn.content.strip() for turn in turns])
            if (same := seen.setdefault(text, number)) != number:
                raise RowError(field, f"is the same text as completion {same}")


def _kept(rest: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in rest.items() if value is not None and value != ""}


def _language(value: object) -> str:
    if value is None or value == "":
        return ""
    if (
        not isinstance(value, str)
        or len(value) > _LANGUAGE_LENGTH
        or not _LANGUAGE.fullmatch(value)
    ):
        raise RowError("language", "is no language tag such as en or pt-BR")
    return value


def _severity(value: object) -> Severity | None:
    if value is None or value == "":
        return None
    written = str(value).strip().upper().removeprefix("S").removesuffix(".0")
    if isinstance(value, bool) or written not in {"0", "1", "2", "3", "4"}:
        raise RowError("severity", "is not one of 0 to 4 or S0 to S4")
    return Severity(int(written))


def _hazards(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        value = [part for part in _BETWEEN_HAZARDS.split(value) if part.strip()]
    if not isinstance(value, list) or len(value) > _MOST_HAZARDS:
        raise RowError("hazards", f"is not a list of at most {_MOST_HAZARDS} categories")
    names = [text_in(part, "hazards").strip() for part in value]
    if any(len(name) > _HAZARD for name in names):
        raise RowError("hazards", f"has a category longer than {_HAZARD} characters")
    return tuple(dict.fromkeys(names))
