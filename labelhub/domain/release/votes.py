"""Votes on comparisons: each by itself, and those on one item added up."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from labelhub.domain.vocabulary import Choice


class VoteStatus(StrEnum):
    """Why a rating is on record, and so whether it counts (export-formats.md, 4.1)."""

    ACCEPTED = "accepted"
    ADJUDICATED = "adjudicated"  # counts like any other vote
    LATE = "late"  # kept and paid, but outside the overlap (D-7)
    GOLD = "gold"
    PRACTICE = "practice"
    EXCLUDED = "excluded"  # the labeler's work was set aside by review
    WITHDRAWN = "withdrawn"  # in no file at all


COUNTED = frozenset({VoteStatus.ACCEPTED, VoteStatus.ADJUDICATED})
_SET_ASIDE = frozenset({VoteStatus.GOLD, VoteStatus.PRACTICE})

# Looking a member up in its enumeration takes ten times as long as a name of the module, and each
# of these is asked for several times a vote.
_ACCEPTED, _WITHDRAWN = VoteStatus.ACCEPTED, VoteStatus.WITHDRAWN
_FIRST, _SECOND, _TIE = Choice.FIRST, Choice.SECOND, Choice.TIE
_BOTH_GOOD, _BOTH_BAD = Choice.BOTH_GOOD, Choice.BOTH_BAD


class Vote(NamedTuple):
    """A preference, in the item's own order.

    `rater` is the organisation's id followed by the person's (for a rater that came in a file,
    the rater's own id); it is written only as a pseudonym. `rating_id` is written only as a
    pseudonym too. `first_on_left` is None where no display is on record.
    """

    rating_id: str
    rater: str
    day: date
    choice: Choice
    strength: int = 0
    status: VoteStatus = VoteStatus.ACCEPTED
    imported: bool = False
    first_on_left: bool | None = None
    guideline_version: str = ""
    rationale: str = ""
    seconds_active: float = 0.0
    seconds_total: float = 0.0


class Tally(NamedTuple):
    """The counted votes on two texts, in the order of one item that shows them."""

    first: int = 0
    second: int = 0
    tie: int = 0
    both_good: int = 0
    both_bad: int = 0
    signed: int = 0  # the sum of strengths, positive for the first
    set_aside: int = 0  # gold and practice

    def pattern(self) -> tuple[int, ...]:
        """Return how often each answer was given."""
        return self[:5]

    def joined(self, other: "Tally", *, flipped: bool) -> "Tally":
        """Return both together; `flipped` where the other's item has the texts the other way."""
        first, second, *rest, signed, set_aside = other
        if flipped:
            first, second, signed = second, first, -signed
        turned = (first, second, *rest, signed, set_aside)
        return Tally(*(mine + theirs for mine, theirs in zip(self, turned, strict=True)))


class Count(NamedTuple):
    """The votes on one item added up: all that a pair, the ledger and the card need of them."""

    tally: Tally
    on_record: int  # all but withdrawn ones
    counted: int
    sided: int  # counted votes for a side whose display is known
    left: int  # those of them for the side that was shown on the left


def add_up(votes: Iterable[Vote]) -> Count:
    """Count the votes on one item."""
    first = second = tie = both_good = both_bad = signed = set_aside = 0
    on_record = counted = sided = left = 0
    for vote in votes:
        status, choice = vote.status, vote.choice
        on_record += status is not _WITHDRAWN
        if status is not _ACCEPTED and status not in COUNTED:
            set_aside += status in _SET_ASIDE
            continue
        counted += 1
        if choice is _FIRST or choice is _SECOND:
            # Strength that was not asked is 1 (export-formats.md, 4.2).
            first += choice is _FIRST
            second += choice is _SECOND
            signed += (vote.strength or 1) if choice is _FIRST else -(vote.strength or 1)
            if vote.first_on_left is not None:
                sided += 1
                left += (choice is _FIRST) is vote.first_on_left
        else:
            tie += choice is _TIE
            both_good += choice is _BOTH_GOOD
            both_bad += choice is _BOTH_BAD
    tally = Tally(first, second, tie, both_good, both_bad, signed, set_aside)
    return Count(tally, on_record, counted, sided, left)
