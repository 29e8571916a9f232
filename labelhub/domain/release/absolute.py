"""Absolute labels: a completion is good or bad by what was said of it alone."""

from collections.abc import Sequence
from typing import NamedTuple

from labelhub.domain.release.conversation import candidate_text
from labelhub.domain.release.pairs import COMPARED, Drop, models_of
from labelhub.domain.release.rated import AnyCompletion, RatedItem
from labelhub.domain.release.spec import Neither, ReleaseSpec
from labelhub.domain.release.votes import COUNTED, VoteStatus
from labelhub.domain.vocabulary import Choice


class Evidence(NamedTuple):
    """What is known of one completion of one prompt, over all items that show its text."""

    item: RatedItem
    side: int  # which completion of `item` it is
    models: str
    votes: int
    good: int
    bad: int
    wins: int
    losses: int
    set_aside: int
    pooled: int  # further completions with the same text


class Label(NamedTuple):
    good: bool
    votes: int
    n_good: int
    n_bad: int
    evidence: str  # "absolute" or "pair"


class _Heard:
    __slots__ = ("bad", "completions", "good", "item", "losses", "set_aside", "side", "votes",
                 "wins")  # fmt: skip

    def __init__(self, item: RatedItem, side: int) -> None:
        self.item, self.side = item, side
        self.completions: list[AnyCompletion] = []
        self.votes = self.good = self.bad = self.wins = self.losses = self.set_aside = 0

    def hear(self, item: RatedItem, side: int, spec: ReleaseSpec) -> None:
        self.completions.append(item.completions[side])
        for vote in item.votes:
            if vote.status not in COUNTED:
                self.set_aside += vote.status in (VoteStatus.GOLD, VoteStatus.PRACTICE)
            elif vote.choice is not Choice.UNSURE:
                self.votes += 1
                self.good += vote.choice is Choice.BOTH_GOOD
                self.bad += vote.choice is Choice.BOTH_BAD and spec.both_bad is Neither.BAD
                self.wins += vote.choice is _WON[side] and len(item.completions) == COMPARED
                self.losses += vote.choice is _WON[1 - side] and len(item.completions) == COMPARED
        self._hear_harm(item, side, spec.rules.harm_threshold)

    def _hear_harm(self, item: RatedItem, side: int, threshold: int | None) -> None:
        for harm in item.harms:
            if harm.status not in COUNTED:
                self.set_aside += harm.status in (VoteStatus.GOLD, VoteStatus.PRACTICE)
                continue
            severities = [flag.severity for flag in harm.flags if flag.completion == side]
            self.votes += bool(severities)
            if severities and threshold is not None:
                self.bad += max(severities) >= threshold
                self.good += max(severities) < threshold

    def evidence(self) -> Evidence:
        return Evidence(
            item=self.item,
            side=self.side,
            models=models_of(self.completions),
            votes=self.votes,
            good=self.good,
            bad=self.bad,
            wins=self.wins,
            losses=self.losses,
            set_aside=self.set_aside,
            pooled=len(self.completions) - 1,
        )


_WON = (Choice.FIRST, Choice.SECOND)


def responses(
    items: Sequence[RatedItem], spec: ReleaseSpec
) -> tuple[list[Evidence], list[tuple[RatedItem, Drop]]]:
    """Collect what was said of each text among the items of one prompt, in the order of keys.

    An empty completion is returned apart. Equal texts are one response.
    """
    heard: dict[str, _Heard] = {}
    empty: list[tuple[RatedItem, Drop]] = []
    for item in items:
        seen: set[str] = set()
        for side, completion in enumerate(item.completions):
            text = candidate_text(completion)
            if not text:
                empty.append((item, Drop.EMPTY_RESPONSE))
            elif text not in seen:  # a vote on two equal texts is one vote on the text
                seen.add(text)
                heard.setdefault(text, _Heard(item, side)).hear(item, side, spec)
    return [response.evidence() for response in heard.values()], empty


def label(evidence: Evidence, spec: ReleaseSpec) -> Label | Drop:
    """Return the strict majority of the evidence (export-formats.md, 4.4)."""
    good, bad, kind = evidence.good, evidence.bad, "absolute"
    if not good + bad and spec.rules.unpaired_from_pairs:
        good, bad, kind = evidence.wins, evidence.losses, "pair"
    total = good + bad
    if not total:
        return Drop.GOLD_OR_PRACTICE if evidence.set_aside else Drop.NO_EVIDENCE
    if total < spec.rules.min_votes:
        return Drop.TOO_FEW_VOTES
    if good == bad:
        return Drop.NO_MAJORITY
    if round(max(good, bad) / total, 3) < spec.rules.min_agreement:
        return Drop.LOW_AGREEMENT
    return Label(good > bad, evidence.votes, good, bad, kind)
