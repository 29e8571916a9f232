"""Published files that hold nothing to label, each with the reason and what to do instead."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

_HARMS = frozenset({"S", "H", "V", "HR", "SH", "S3", "H2", "V2"})


@dataclass(frozen=True, slots=True)
class Unsupported:
    columns: frozenset[str]
    reason: str
    remedy: str


_KNOWN = (
    Unsupported(
        frozenset({"conv_id", "user", "is_abuse.1"}),
        "it rates what people said to a chatbot (ConvAbuse), one row per rating; LabelHub rates"
        " what models say",
        "To label the chatbot's turns, import it as csv with --map prompt=prev_user"
        " --map completion=agent; rows whose text was withheld are refused one by one",
    ),
    Unsupported(
        frozenset({"item_id", "rater_id", "label"}),
        "it holds ratings of items whose texts are not in it (as CREHate's raw ratings)",
        "Import the file that has the texts",
    ),
    Unsupported(
        frozenset({"rater_id"}),
        "it describes raters and has no text to label",
        "Import the file of items instead",
    ),
    Unsupported(
        frozenset({"question_id", "turns"}),
        "it holds prompts without completions (MT-bench's questions)",
        "Give it beside a file of MT-bench votes, as its questions",
    ),
)


def known_reason(columns: AbstractSet[str]) -> tuple[str, str]:
    """Return why a file that fits no layout cannot be read, and the remedy."""
    for known in _KNOWN:
        if known.columns <= columns:
            return known.reason, known.remedy
    if columns and columns <= _HARMS | {"id"}:
        return (
            "it holds moderation labels without their texts",
            "Import the file that has the texts",
        )
    named = ", ".join(sorted(columns)[:12]) or "none"
    remedy = "Say which columns hold what: --map prompt=COLUMN --map completion=COLUMN"
    return f"no layout fits its columns ({named})", remedy
