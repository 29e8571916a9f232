"""Imports: what was asked of one, how far it is, and what may follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import OrganisationId, ProjectId

ImportId = NewType("ImportId", UUID)

PROBLEMS_KEPT = 1_000
"""Refused rows that are kept with their reason; beyond that only their number is."""


class BatchState(StrEnum):
    UPLOADED = "uploaded"  # a person is to look at it
    STAGING = "staging"
    STAGED = "staged"
    RENDERED = "rendered"
    PUBLISHING = "publishing"
    COMPLETE = "complete"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


UNDER_WAY = frozenset(
    {BatchState.STAGING, BatchState.STAGED, BatchState.RENDERED, BatchState.PUBLISHING}
)
WITHDRAWABLE = frozenset(set(BatchState) - {BatchState.REFUSED, BatchState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What was asked of an import.

    `layout` "" means the one that is found; `keep_good` publishes the good rows of a file that
    has bad ones; `ask` waits for a person between rendering and publishing. `questions` is the
    path of the file with the prompts of MT-bench's votes, where a command named one.
    """

    layout: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    severity: Declared | None = None
    with_ratings: bool = False
    keep_good: bool = False
    ask: bool = False
    questions: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file of an import: its own name, and under which generated name it lies in our folder.

    `stored_as` "" means that it lies elsewhere (a command's argument) and cannot be read again.
    """

    name: str
    stored_as: str = ""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One file on its way in. Counts are of rows, but `added`, `known` and `rendered` of items."""

    id: ImportId
    organisation_id: OrganisationId
    project_id: ProjectId
    file_name: str
    stored_as: str
    options: ImportOptions
    state: BatchState
    message: str
    bytes_total: int
    bytes_read: int
    rows: int
    added: int
    known: int
    refused: int
    rendered: int
    ratings: int
    created_at: datetime
    ended_at: datetime | None
