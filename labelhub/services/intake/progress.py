"""How far an import is, and who hears of it."""

from collections.abc import Callable
from dataclasses import dataclass

from labelhub.domain.imports import BatchState
from labelhub.domain.items import BadRow


class InterruptedImportError(RuntimeError):
    """Somebody withdrew the import, or another process took it over: stop, keep nothing."""


@dataclass(slots=True)
class Progress:
    """How far an import is, for a progress bar and for the summary."""

    state: BatchState = BatchState.STAGING
    bytes_read: int = 0
    rows: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    ratings: int = 0
    checked: int = 0
    published: int = 0


@dataclass(frozen=True, slots=True)
class Reports:
    """Who hears of an import while it runs: of its progress, and of every refused row."""

    progress: Callable[[Progress], None] = lambda _: None
    refused: Callable[[BadRow], None] = lambda _: None
