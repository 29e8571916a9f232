"""What a labeler wrote about themselves, for their own eyes alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

LEAST, MOST = 0, 10
"""The ends of the scale: 0 is not well at all, 10 is very well."""
LONGEST_WORDS = 2_000
"""Characters of a labeler's own words."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One answer: when, by the wall clock, where on the scale, and own words or none."""

    at: datetime
    feeling: int
    words: str = ""

    def __post_init__(self) -> None:
        if not LEAST <= self.feeling <= MOST:
            raise ValueError(f"a check-in lies between {LEAST} and {MOST}")
        if len(self.words) > LONGEST_WORDS:
            raise ValueError(f"a check-in has at most {LONGEST_WORDS} characters of words")
        if self.at.utcoffset() is None:
            raise ValueError("a check-in's time has no zone")

    def to_document(self) -> dict[str, Any]:
        """Return the plain JSON values that `from_document` reads."""
        return {"at": self.at.isoformat(), "feeling": self.feeling, "words": self.words}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self | None:
        """Return the check-in that was written so; None where it is none."""
        at, feeling, words = (document.get(name) for name in ("at", "feeling", "words"))
        if not isinstance(at, str) or type(feeling) is not int or not isinstance(words, str):
            return None
        try:
            return cls(datetime.fromisoformat(at), feeling, words)
        except ValueError:
            return None
