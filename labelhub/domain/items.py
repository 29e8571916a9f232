"""Items as rules, readers and writers see them: conversations, completions, ratings in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from labelhub.domain.vocabulary import Choice, Severity, SpeakerRole


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation. `content` is never empty in an item that is served."""

    role: SpeakerRole
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One model output: normally one assistant turn. `model` is never sent to a labeler."""

    turns: tuple[Turn, ...]
    model: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRating:
    """A human (or named model) judgment that came in a file, in the item's order.

    `strength` is 1–3 for `first` and `second`, else 0. `harm` is used by harm ratings only:
    the answer as `domain.instruments.harm` defines it, as plain JSON values.
    """

    rater: str
    choice: Choice | None = None
    strength: int = 0
    harm: Mapping[str, object] | None = None
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One item read from a file, not yet accepted.

    `line` is the 1-based line (or record) in the file; `external_id` the file's own id, or "".
    `source` and `source_id` name the conversation it came from, for splits that do not leak.
    """

    line: int
    prompt: tuple[Turn, ...]
    completions: tuple[Completion, ...]
    external_id: str = ""
    source: str = ""
    source_id: str = ""
    language: str = ""
    severity: Severity | None = None
    hazards: tuple[str, ...] = ()
    ratings: tuple[ImportedRating, ...] = ()
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was refused: where, which field, why, and the row itself as far as it was read."""

    line: int
    field: str
    reason: str
    raw: str = ""
