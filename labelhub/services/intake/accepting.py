"""Whether an item read from a file can be rated in a project, and the rows that it becomes."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from labelhub.domain.fingerprints import fingerprint, prompt_key
from labelhub.domain.imports import ImportBatch
from labelhub.domain.instruments.preference import COMPLETIONS
from labelhub.domain.items import BadRow, ImportedRating, ItemDraft, Turn
from labelhub.domain.projects import Project
from labelhub.domain.release.names import text_key
from labelhub.domain.release.splits import stored_mark
from labelhub.domain.screening import Screening, minutes, readable, screened, words
from labelhub.domain.taxonomy import identified
from labelhub.domain.vocabulary import InstrumentName, Severity
from labelhub.identifiers import new_ordered_id

_POSITION_BITS = 62
_MOST_ATTRIBUTES = 64 * 1024
"""Bytes of what else a row said; as much as one text may have (safety-case.md, R9)."""
_JUDGE = 180
_NAME = 200


Texts = list[list[list[str]]]
"""For each completion its turns as `[role, text]`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides whether a row is taken, the same for every row of an import."""

    project: Project
    batch: ImportBatch
    longest_display: Sequence[timedelta]
    now: datetime

    def constants(self) -> dict[str, Any]:
        """Return the columns that all items of the import have in common."""
        return {
            "organisation_id": self.project.organisation_id,
            "project_id": self.project.id,
            "batch_id": self.batch.id,
            "overlap": self.project.declared.overlap,
            "created_at": self.now,
        }


@dataclass(slots=True)
class Accepted:
    """An item that is taken: its row, its text, its hazard categories and its ratings.

    `payload` is None for an item without text, which holds ratings and is never served.
    """

    row: dict[str, Any]
    payload: str | None
    sha256: str
    hazards: tuple[str, ...]
    ratings: tuple[ImportedRating, ...]
    prompt: list[list[str]]
    texts: Texts  # of the completions, in the file's order


class _Refused(Exception):  # noqa: N818 an outcome, caught below
    """Why a row is not taken."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class Accepting:
    """Takes or refuses the items of one import."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._declared = terms.project.declared
        self._constants = terms.constants()
        self._categories: dict[str, str | None] = {}

    def take(self, draft: ItemDraft) -> Accepted | BadRow:
        try:
            return self._taken(draft)
        except _Refused as refused:
            return BadRow(draft.line, refused.field, refused.reason, _raw(draft))

    def _taken(self, draft: ItemDraft) -> Accepted:
        self._check_instrument(draft)
        self._check_ratings(draft)
        has_text = any(completion.turns for completion in draft.completions)
        screening = self._screened(draft)
        count = _words(draft) if has_text else 0  # votes only are never shown
        self._check_length(count, screening)
        hazards = tuple(dict.fromkeys(self._category(name) for name in draft.hazards))
        texts = [_said(completion.turns) for completion in draft.completions]
        prompt = _said(draft.prompt)
        payload = _json({"prompt": prompt, "completions": texts}) if has_text else b""
        row = self._row(draft, screening, hazards)
        row["state"] = "rendered" if has_text else "votes_only"
        row["words"] = count
        return Accepted(
            row=row,
            payload=payload.decode() if has_text else None,
            sha256=hashlib.sha256(payload).hexdigest(),
            hazards=hazards,
            ratings=draft.ratings,
            prompt=prompt,
            texts=texts,
        )

    def _row(
        self, draft: ItemDraft, screening: Screening, hazards: tuple[str, ...]
    ) -> dict[str, Any]:
        names = (draft.external_id, draft.source, draft.source_id, draft.language)
        for field, name in zip(("id", "source", "source_id", "language"), names, strict=True):
            _check_name(field, name)
        severity = screening.severity
        return {
            **self._constants,
            "id": new_ordered_id(),
            "line": draft.line,
            "external_id": draft.external_id,
            "source": draft.source,
            "source_id": draft.source_id,
            "language": draft.language or self._declared.language,
            "fingerprint": fingerprint(draft).hex(),
            "prompt_key": prompt_key(draft).hex(),
            "pool_key": text_key(draft.prompt),
            "prompt_mark": stored_mark(draft.prompt),
            "models": _models(draft),
            "attributes": _attributes(draft.metadata),
            "severity": None if severity is None else int(severity),
            "severity_source": screening.source,
            "tier": None if screening.tier is None else int(screening.tier),
            "hazards": _json(hazards).decode(),
            "position": secrets.randbits(_POSITION_BITS),
        }

    def _check_instrument(self, draft: ItemDraft) -> None:
        number = len(draft.completions)
        if self._terms.project.instrument is InstrumentName.PREFERENCE:
            if number != COMPLETIONS:
                raise _Refused(
                    "completions", f"are {number}; a preference project compares exactly two"
                )
        elif number == 0:
            raise _Refused("completions", "are missing; harm is rated completion by completion")

    def _check_ratings(self, draft: ItemDraft) -> None:
        wants_choice = self._terms.project.instrument is InstrumentName.PREFERENCE
        for rating in draft.ratings:
            if (rating.choice is not None) is not wants_choice:
                raise _Refused(
                    "ratings",
                    f"are not of this project's instrument ({self._terms.project.instrument});"
                    " import the file without its ratings",
                )
            if not rating.rater or len(rating.rater) > _JUDGE:
                raise _Refused("judge", f"is empty or longer than {_JUDGE} characters")
            _check_name("judge", rating.rater)

    def _screened(self, draft: ItemDraft) -> Screening:
        highest = self._declared.max_severity
        screening = screened(draft.severity, self._terms.batch.options.severity, highest)
        if screening.severity is not None and screening.severity > highest:
            raise _Refused(
                "severity",
                f"is S{int(screening.severity)}, and the project declares S{int(highest)}"
                " as the highest",
            )
        return screening

    def _check_length(self, count: int, screening: Screening) -> None:
        longest = readable(count, screening.tier, self._terms.longest_display)
        if longest is not None:
            tier = screening.tier if screening.tier is not None else Severity.S0
            raise _Refused(
                "text",
                f"has {count} words; at S{int(tier)} a display lasts {minutes(longest)} minutes"
                " at most, which is too short to read them",
            )

    def _category(self, name: str) -> str:
        if name not in self._categories:
            self._categories[name] = identified(name, self._declared.hazards)
        found = self._categories[name]
        if found is None:
            raise _Refused("hazards", f"names {name!r}, which is no category of the project")
        return found


def _said(turns: Sequence[Turn]) -> list[list[str]]:
    return [[turn.role.value, turn.content] for turn in turns]


def _words(draft: ItemDraft) -> int:
    count = sum(words(turn.content) for turn in draft.prompt)
    for completion in draft.completions:
        count += sum(words(turn.content) for turn in completion.turns)
    return count


def _models(draft: ItemDraft) -> str:
    models = [completion.model for completion in draft.completions]
    if not any(models):
        return "[]"
    for model in models:
        _check_name("model", model)
    return _json(models).decode()


def _attributes(metadata: Mapping[str, object]) -> str:
    if not metadata:
        return "{}"
    text = _json(metadata)
    if len(text) > _MOST_ATTRIBUTES:
        raise _Refused("metadata", f"is longer than {_MOST_ATTRIBUTES} bytes in all")
    return text.decode()


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise _Refused("row", f"cannot be kept: {error}") from error


def _check_name(field: str, name: str) -> None:
    """The last guard before the database, whatever a layout let through."""
    if "\0" in name or len(name) > _NAME:
        raise _Refused(field, f"holds a NUL character or is longer than {_NAME} characters")


def _raw(draft: ItemDraft) -> str:
    """Return the row as it was understood, for the file of refused rows."""
    document = {
        "id": draft.external_id,
        "prompt": _said(draft.prompt),
        "completions": [_said(completion.turns) for completion in draft.completions],
        **draft.metadata,
    }
    try:
        return orjson.dumps(document).decode()
    except (TypeError, ValueError, RecursionError):
        return ""
