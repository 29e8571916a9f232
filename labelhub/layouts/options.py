"""What the importer says about a file before it is read, and the bounds of reading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep memory constant whatever the file holds.

    `max_ratio` judges a compressed file only after `ratio_from` bytes came out of it: deflate
    cannot exceed 1,032 to 1, and small files of equal rows come near that honestly.
    """

    max_text: int = 64 * KIB  # one text, in bytes of UTF-8 (safety-case.md, R9)
    max_line: int = 4 * MIB  # one row as it stands in the file
    max_file: int = 16 * GIB  # the whole file, unpacked
    max_ratio: int = 200
    ratio_from: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is to be read.

    `mapping` gives the column of a field (`{"prompt": "question"}`); `companions` further files
    that a layout can use (`{"questions": Path(…)}` for mt-bench); `source` the name under which
    conversations are kept apart from those of other files, the layout's own name if empty.
    `on_bytes` hears how many bytes of the file on disk were consumed so far.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    with_ratings: bool = False
    limits: Limits = field(default_factory=Limits)
    companions: Mapping[str, Path] = field(default_factory=dict)
    source: str = ""
    on_bytes: Callable[[int], None] | None = None
