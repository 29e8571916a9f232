"""What a release says of itself: what was asked, what went in, what came out, and why not more."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the release; `rows` is 0 for those that hold no rows."""

    path: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Where every item and every judgment went.

    `unit` is what a row is made from: pairs, responses or ratings. The units are the sum of
    `written` and of `dropped`. For pairs, `items` = units + `pooled`: several items with the
    same texts are one pair.
    """

    unit: str
    units: int
    items: int
    pooled: int
    judgments: int
    judgments_used: int
    written: Mapping[str, int]
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of manifest.json. `digest` names the content: it covers every other file."""

    release: str
    format: str
    format_version: int
    created_at: str
    rules: Mapping[str, object]
    counts: Counts
    files: tuple[FileEntry, ...]
    digest: str
