"""The ledger of a release: nothing disappears without a reason."""

from collections import Counter

from labelhub.domain.release.manifest import Counts
from labelhub.domain.release.pairs import Drop
from labelhub.domain.release.rated import HarmVote, RatedItem, Split
from labelhub.domain.release.spec import Format, Neither, ReleaseSpec
from labelhub.domain.release.votes import COUNTED, Tally, Vote
from labelhub.domain.vocabulary import Choice

_SIDES = frozenset({Choice.FIRST, Choice.SECOND})


def unit_of(release_format: Format) -> str:
    """Return what a row of the format is made from."""
    if release_format is Format.TRL_UNPAIRED:
        return "responses"
    return "ratings" if release_format is Format.RAW else "pairs"


def vote_used(vote: Vote, spec: ReleaseSpec) -> bool:
    """Return whether the release's aggregates count this vote, on texts that can be compared."""
    choice = vote.choice
    if vote.status not in COUNTED or choice is Choice.UNSURE:
        return False
    if choice in _SIDES:
        return spec.format is not Format.TRL_UNPAIRED or spec.rules.unpaired_from_pairs
    policy = spec.both_bad if choice is Choice.BOTH_BAD else spec.ties
    if spec.format is Format.TRL_UNPAIRED:
        return choice is Choice.BOTH_GOOD or policy is Neither.BAD
    return policy is not Neither.ABSTAIN


def harm_used(harm: HarmVote, spec: ReleaseSpec) -> bool:
    """Return whether the release's aggregates count this harm rating."""
    if harm.status not in COUNTED:
        return False
    if spec.format is Format.TRL_UNPAIRED:
        return spec.rules.harm_threshold is not None
    return spec.format is Format.RAW


class Ledger:
    """Counts while a release is written, and closes as the manifest's `counts`."""

    def __init__(self, spec: ReleaseSpec) -> None:
        self._spec = spec
        self._ties = spec.ties is not Neither.ABSTAIN
        self._both_bad = spec.both_bad is not Neither.ABSTAIN
        self.items = self.pooled = self.judgments = self.used = 0
        self.written: Counter[Split] = Counter()
        self.dropped: Counter[Drop] = Counter()

    def count_votes(self, tally: Tally) -> None:
        """Note the votes that a pair's aggregate counted."""
        self.used += tally.first + tally.second
        if self._ties:
            self.used += tally.tie + tally.both_good
        if self._both_bad:
            self.used += tally.both_bad

    def count_evidence(self, item: RatedItem) -> None:
        """Note the ratings of an item that are evidence, or raw rows of use."""
        self.used += sum(vote_used(vote, self._spec) for vote in item.votes)
        self.used += sum(harm_used(harm, self._spec) for harm in item.harms)

    def counts(self) -> Counts:
        written = {split.value: self.written[split] for split in Split if self.written[split]}
        dropped = {reason.value: self.dropped[reason] for reason in Drop if self.dropped[reason]}
        return Counts(
            unit=unit_of(self._spec.format),
            units=sum(written.values()) + sum(dropped.values()),
            items=self.items,
            pooled=self.pooled,
            judgments=self.judgments,
            judgments_used=self.used,
            written=written,
            dropped=dropped,
        )
