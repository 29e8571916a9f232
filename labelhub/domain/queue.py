"""The order in which tiers are offered: fair burden first, and hard content mixed with mild."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import HARD, WorkState


@dataclass(frozen=True, slots=True)
class Burden:
    """Hard charge of a labeler in a project, against the mean of everyone who joined it."""

    own_ps: int
    mean_ps: int

    @property
    def is_light(self) -> bool:
        """Whether this labeler has carried no more than the others (D.3: least-dosed first)."""
        return self.own_ps <= self.mean_ps


def tier_order(
    open_tiers: Collection[Severity],
    work: WorkState,
    burden: Burden,
    *,
    mild_is_short: bool = False,
) -> tuple[Severity, ...]:
    """Return the open tiers in the order in which to look for an item.

    After a mild item a hard one may come first, if this labeler has carried no more than the
    others; otherwise mild work comes first and hard work only when there is no mild left.
    Within mild and hard, the milder tier first.

    Where *mild_is_short* hard work comes first while the gate admits it, so that mild items are
    left for those whom it does not: without them a run of hard ones could never end (L-08, L-09).
    """
    mild = sorted(tier for tier in open_tiers if tier < HARD)
    hard = sorted(tier for tier in open_tiers if tier >= HARD)
    last_was_mild = not work.recent or work.recent[-1] < HARD
    hard_first = bool(mild) and last_was_mild and burden.is_light
    return (*hard, *mild) if hard_first or mild_is_short else (*mild, *hard)


def spread(number: int, levels: Sequence[int]) -> tuple[int, ...]:
    """Return the order in which to try the items at the front, given how often each was taken.

    Labelers who ask at the same moment begin at different items, so that they do not all reach
    for one; but only among those taken least, so that least-rated first still holds.
    """
    least = sum(level == levels[0] for level in levels) if levels else 0
    first = number % least if least else 0
    return (*range(first, least), *range(first), *range(least, len(levels)))
