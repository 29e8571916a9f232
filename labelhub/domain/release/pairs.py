"""Preference pairs: votes on the same two texts are pooled, and a strict majority decides."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from labelhub.domain.release.conversation import candidate_text
from labelhub.domain.release.rated import AnyCompletion, RatedItem
from labelhub.domain.release.spec import Neither, ReleaseSpec
from labelhub.domain.release.votes import Tally

COMPARED = 2  # completions of a comparison
_ABSTAIN = Neither.ABSTAIN


class Drop(StrEnum):
    """Why a pair, a response or a rating is not written; pairs go under the first that fits."""

    NOT_A_COMPARISON = "not_a_comparison"
    EMPTY_RESPONSE = "empty_response"
    IDENTICAL = "identical"
    GOLD_OR_PRACTICE = "gold_or_practice"
    TOO_FEW_VOTES = "too_few_votes"
    BOTH_BAD = "both_bad"
    TIE = "tie"
    NO_MAJORITY = "no_majority"
    LOW_AGREEMENT = "low_agreement"
    NO_EVIDENCE = "no_evidence"  # unpaired: nothing was said of the completion alone
    NOT_SAYABLE = "not_sayable"  # the format's text cannot carry these turns


class Pair(NamedTuple):
    """Two different texts for one prompt, and everything that was voted on them.

    `item` is the item with the smallest key of those pooled, and gives its texts and order.
    """

    item: RatedItem
    tally: Tally
    models: tuple[str, str]
    pooled: int  # further items with the same two texts


class Preference(NamedTuple):
    """What a pair's votes decided: `winner` is 0 or 1, in the order of the pair's item."""

    winner: int
    votes: int
    chosen: int
    rejected: int
    neither: int
    agreement: float
    mean_strength: float


def pool(
    items: Sequence[RatedItem],
) -> tuple[list[Pair], list[tuple[RatedItem, Drop]]]:
    """Join the items of one prompt that show the same two texts, whichever side is which.

    Items with an empty completion, or two equal ones, are returned apart with their reason.
    `items` are in the order of their keys.
    """
    pools: dict[tuple[str, str], list[RatedItem]] = {}
    refused: list[tuple[RatedItem, Drop]] = []
    if len(items) == 1:  # most prompts: nothing to join, so no text need be hashed
        texts = _two_texts(items[0])
        if isinstance(texts, Drop):
            return [], [(items[0], texts)]
        return [_pair([items[0]])], refused
    for item in items:
        texts = _two_texts(item)
        if isinstance(texts, Drop):
            refused.append((item, texts))
        elif texts in pools:
            pools[texts].append(item)
        else:
            pools[texts] = [item]
    return [_pair(members) for members in pools.values()], refused


def _two_texts(item: RatedItem) -> tuple[str, str] | Drop:
    """Return an item's two texts in an order of their own, or why they are no pair."""
    if len(item.completions) != COMPARED:
        return Drop.NOT_A_COMPARISON
    one, other = candidate_text(item.completions[0]), candidate_text(item.completions[1])
    if not one or not other:
        return Drop.EMPTY_RESPONSE
    if one == other:
        return Drop.IDENTICAL
    return (one, other) if one < other else (other, one)


def _pair(members: list[RatedItem]) -> Pair:
    item = members[0]
    tally = item.counted().tally
    one, other = item.completions
    if len(members) == 1:
        return Pair(item, tally, (one.model, other.model), 0)
    first = candidate_text(one)
    ones, others = [one], [other]
    for member in members[1:]:
        flipped = candidate_text(member.completions[0]) != first
        tally = tally.joined(member.counted().tally, flipped=flipped)
        ones.append(member.completions[flipped])
        others.append(member.completions[not flipped])
    return Pair(item, tally, (models_of(ones), models_of(others)), len(members) - 1)


def models_of(completions: Iterable[AnyCompletion]) -> str:
    """Return the models that wrote a text, joined by a bar where several wrote the same."""
    return "|".join(sorted({completion.model for completion in completions} - {""}))


def decide(tally: Tally, spec: ReleaseSpec) -> Preference | Drop:
    """Return the preference, or the first reason there is none (export-formats.md, 4.2)."""
    first, second = tally.first, tally.second
    tie = 0 if spec.ties is _ABSTAIN else tally.tie + tally.both_good
    bad = 0 if spec.both_bad is _ABSTAIN else tally.both_bad
    votes = first + second + tie + bad
    chosen, rejected = (first, second) if first > second else (second, first)
    if votes < spec.rules.min_votes:
        return Drop.GOLD_OR_PRACTICE if not votes and tally.set_aside else Drop.TOO_FEW_VOTES
    if 2 * chosen <= votes:
        if 2 * bad > votes:
            return Drop.BOTH_BAD
        return Drop.TIE if 2 * tie > votes else Drop.NO_MAJORITY
    agreement = round(chosen / votes, 3)
    signed = tally.signed if first > second else -tally.signed
    if agreement < spec.rules.min_agreement or signed <= 0:
        # Many mild votes for one side can weigh less than a few strong ones for the other.
        return Drop.LOW_AGREEMENT
    winner = 0 if first > second else 1
    strength = round(signed / votes, 3)
    return Preference(winner, votes, chosen, rejected, tie + bad, agreement, strength)
