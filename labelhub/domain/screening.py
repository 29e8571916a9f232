"""What an item is served as: its severity, who said so, and whether it can be read in time."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from labelhub.domain.vocabulary import Severity, SeveritySource

WORDS_PER_MINUTE = 200
"""Reading speed that a display must allow (decisions.md, Serving)."""

_CHARACTERS = 12

_IDEOGRAPH = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Declared(StrEnum):
    """What an importer may declare of a whole file's severity."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Screening:
    """The severity on record and the tier it is served as; both None where nobody said."""

    severity: Severity | None = None
    source: SeveritySource | None = None
    tier: Severity | None = None


NOT_SCREENED = Screening()


def screened(
    in_file: Severity | None, declared: Declared | None, max_severity: Severity
) -> Screening:
    """Return what is on record of an item: its own column first, then the file's declaration.

    Recorded as unknown, it is served as the greater of the project's maximum and S2. Without a
    record it is imported and never served.
    """
    if in_file is not None:
        return Screening(in_file, SeveritySource.COLUMN, in_file)
    if declared is None:
        return NOT_SCREENED
    if declared is Declared.UNKNOWN:
        return Screening(None, SeveritySource.UNKNOWN, max(max_severity, Severity.S2))
    severity = Severity[declared.value]
    return Screening(severity, SeveritySource.DECLARED, severity)


def readable(
    words: int, tier: Severity | None, longest_display: Sequence[timedelta]
) -> timedelta | None:
    """Return the longest display if the text cannot be read within it, else None.

    An item without a tier is judged as the mildest: it may be screened later, and a text that is
    too long even then can never be served.
    """
    longest = longest_display[tier if tier is not None else Severity.S0]
    reading = timedelta(minutes=words / WORDS_PER_MINUTE)
    return longest if reading > longest else None


def words(text: str) -> int:
    """Count the words of a text; every ideograph or kana counts as one.

    A run of characters without spaces takes time to read too, so twelve characters are a word at
    least. Chinese is read at 255 and Japanese at 357 characters a minute (Trauzettel-Klosinski
    and Dietz 2012, IReST), so one a word at 200 words a minute leaves time to spare.
    """
    count = max(len(text.split()), len(text) // _CHARACTERS)
    if text.isascii():
        return count
    ideographs = len(_IDEOGRAPH.findall(text))
    if not ideographs:
        return count
    return max(len(_IDEOGRAPH.sub(" ", text).split()) + ideographs, count)


def minutes(span: timedelta) -> int:
    return math.floor(span.total_seconds() / 60)
