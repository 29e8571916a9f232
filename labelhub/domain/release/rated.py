"""What a release is made of: items with their texts and everything that was said of them.

These values are named tuples where the rest of the domain has frozen dataclasses. One release
makes millions of them, and a frozen dataclass of ten fields costs ten times as much to make
(2.0 µs against 0.2 µs, measured); a release must keep 0.6 of a bare loop's speed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from labelhub.domain.items import Completion, Turn
from labelhub.domain.release.votes import COUNTED, Count, Vote, VoteStatus, add_up
from labelhub.domain.vocabulary import SpeakerRole

HARMLESS = "none"


class Split(StrEnum):
    __hash__ = str.__hash__  # Enum's own is written in Python, and every row looks its split up

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class ReadTurn(NamedTuple):
    """A turn as it is read for a release; `domain.items.Turn` takes four times as long to make."""

    role: SpeakerRole
    content: str


AnyTurn = Turn | ReadTurn


class ReadCompletion(NamedTuple):
    """A completion as it is read for a release."""

    turns: tuple[AnyTurn, ...]
    model: str = ""


AnyCompletion = Completion | ReadCompletion


class HarmFlag(NamedTuple):
    """One category and severity given to one completion (0 is the item's first).

    A completion that was found harmless is a flag with category "none" and severity 0, because
    absent is not zero.
    """

    completion: int
    category: str
    severity: int
    taxonomy: str = "mlcommons-ailuminate-1.0"


def harm_flags(found: Iterable[tuple[int, Sequence[str]]]) -> tuple[HarmFlag, ...]:
    """Return the flags of a harm rating, given each completion's severity and hazards."""
    return tuple(
        HarmFlag(place, category, severity)
        for place, (severity, hazards) in enumerate(found)
        for category in (hazards or (HARMLESS,))
    )


class HarmVote(NamedTuple):
    """A harm rating of all completions of an item. Names as in `Vote`."""

    rating_id: str
    rater: str
    day: date
    flags: tuple[HarmFlag, ...]
    status: VoteStatus = VoteStatus.ACCEPTED
    imported: bool = False
    guideline_version: str = ""
    rationale: str = ""
    seconds_active: float = 0.0
    seconds_total: float = 0.0


class RatedItem(NamedTuple):
    """An item of the release with all its ratings.

    `item_key` is the researcher's own id where it is unique in the release, else
    `names.item_name`. `prompt_key`, `split` and `place` come from the release's plan.

    Where a release needs no vote by itself, the votes may come added up: `total` then stands for
    them, and `seconds` are the counted ones' times.
    """

    item_key: str
    prompt_key: str
    split: Split
    prompt: tuple[AnyTurn, ...]
    completions: tuple[AnyCompletion, ...]
    votes: tuple[Vote, ...] = ()
    harms: tuple[HarmVote, ...] = ()
    instrument: str = ""
    source: str = ""
    source_id: str = ""
    language: str = ""
    licence: str = ""
    severity: int = 0
    tags: tuple[str, ...] = ()
    place: bytes = b""  # from the plan; without it the writer works it out again
    total: Count | None = None
    seconds: tuple[float, ...] = ()

    def counted(self) -> Count:
        return self.total or add_up(self.votes)

    def counted_seconds(self) -> Sequence[float]:
        """Return the working times of the votes that count."""
        if self.total is not None:
            return self.seconds
        return [vote.seconds_active for vote in self.votes if vote.status in COUNTED]
