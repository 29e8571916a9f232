"""What every instrument shares: how an answer comes in, and why one is not accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Fields = Mapping[str, Sequence[str]]
"""What a form sends: each field with its values, in the order of display on the page."""

RATIONALE_LIMIT = 4_000
"""Characters of a written reason; long enough for a page of text."""


@dataclass(frozen=True, slots=True)
class InvalidAnswer:
    """Why an answer is not accepted: the field, and a reason that pages translate."""

    field: str
    reason: str


def one(fields: Fields, name: str) -> str:
    """Return the single value of a field, "" when it is absent."""
    values = fields.get(name, ())
    return values[0].strip() if values else ""


def rationale_of(fields: Fields) -> str | InvalidAnswer:
    """Return the written reason, with the line ends of a browser's form made plain."""
    text = one(fields, "rationale").replace("\r\n", "\n")
    if len(text) > RATIONALE_LIMIT:
        return InvalidAnswer("rationale", "too_long")
    return text
