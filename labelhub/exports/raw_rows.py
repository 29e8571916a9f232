"""Rows of raw ratings, prompts and responses: everything that was said, nobody who said it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from labelhub.domain.release.conversation import candidate_text
from labelhub.domain.release.figures import rounded_seconds
from labelhub.domain.release.ledger import harm_used, vote_used
from labelhub.domain.release.names import labeler_name, prompt_key, rating_name
from labelhub.domain.release.pairs import COMPARED
from labelhub.domain.release.rated import HarmVote, RatedItem
from labelhub.domain.release.scrub import scrub
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.domain.release.votes import Vote, VoteStatus
from labelhub.domain.vocabulary import Choice
from labelhub.exports.trainer_rows import response_id
from labelhub.exports.writers import Row

_CHOICES = {Choice.FIRST: "a", Choice.SECOND: "b"}


class RawRows:
    """Makes the raw rows of items, and remembers whose pseudonyms were written."""

    def __init__(self, spec: ReleaseSpec) -> None:
        self._spec = spec
        self._names: dict[str, str] = {}
        self.labelers: set[str] = set()
        self.scrubbed: Counter[str] = Counter()

    def ratings(self, item: RatedItem, prompt_id: str) -> list[Row]:
        """Return a row for each rating that is not withdrawn."""
        comparable = _comparable(item) or self._spec.format in {Format.RAW, Format.TRL_UNPAIRED}
        withdrawn = VoteStatus.WITHDRAWN
        votes = [
            self._vote(item, prompt_id, vote, used=comparable and vote_used(vote, self._spec))
            for vote in item.votes
            if vote.status is not withdrawn
        ]
        harms = [
            self._harm(item, prompt_id, harm) for harm in item.harms if harm.status is not withdrawn
        ]
        return votes + harms

    def _vote(self, item: RatedItem, prompt_id: str, vote: Vote, *, used: bool) -> Row:
        sides = (response_id(item.item_key, 0), response_id(item.item_key, 1))
        left = "" if vote.first_on_left is None else sides[not vote.first_on_left]
        choice = _CHOICES.get(vote.choice, vote.choice.value)
        answer: Row = ("pair", *sides, left, choice, vote.strength, [], [], [], [])
        return self._row(item, prompt_id, vote, answer, used=used)

    def _harm(self, item: RatedItem, prompt_id: str, harm: HarmVote) -> Row:
        flags = [
            {
                "response_id": response_id(item.item_key, flag.completion),
                "taxonomy": flag.taxonomy,
                "category": flag.category,
                "severity": flag.severity,
            }
            for flag in harm.flags
        ]
        answer: Row = ("flag", "", "", "", "", 0, [], [], flags, [])
        return self._row(item, prompt_id, harm, answer, used=harm_used(harm, self._spec))

    def _row(
        self, item: RatedItem, prompt_id: str, rating: Vote | HarmVote, answer: Row, *, used: bool
    ) -> Row:
        spec = self._spec
        rationale = scrub(rating.rationale, self.scrubbed) if spec.rationales else ""
        return (
            rating_name(spec.key, rating.rating_id),
            prompt_id,
            *self._labeler(rating),
            spec.project,
            rating.guideline_version,
            item.instrument,
            *answer,
            rationale,
            "",
            float(rounded_seconds(rating.seconds_active)),
            float(rounded_seconds(rating.seconds_total)),
            rating.status is VoteStatus.GOLD,
            rating.status is VoteStatus.PRACTICE,
            rating.status is VoteStatus.ADJUDICATED,
            used,
            self._day(rating.day),
        )

    def _labeler(self, rating: Vote | HarmVote) -> tuple[str, ...]:
        if not self._spec.labelers_shown:
            return ()
        name = self._names.get(rating.rater)
        if name is None:
            name = self._names[rating.rater] = labeler_name(self._spec.key, rating.rater)
        if not rating.imported:
            self.labelers.add(name)
        return (name,)

    def _day(self, day: date) -> datetime | int:
        midnight = datetime.combine(day, time(), UTC)
        if self._spec.files_as is FileType.PARQUET:
            return midnight
        return int(midnight.timestamp()) * 1000

    @staticmethod
    def prompt(item: RatedItem, prompt_id: str) -> Row:
        return (
            prompt_id,
            item.prompt,
            item.source,
            item.source_id,
            item.language,
            list(item.tags),
            item.licence,
            item.split.value,
        )

    @staticmethod
    def responses(item: RatedItem, prompt_id: str) -> Iterator[Row]:
        for side, completion in enumerate(item.completions):
            yield (
                response_id(item.item_key, side), prompt_id, completion.model, completion.turns,
            )  # fmt: skip


def raw_prompt_id(item: RatedItem, spec: ReleaseSpec) -> str:
    """Return the prompt's name as it was shown; a trainer format may fold its system prompt."""
    folded = spec.system is not spec.system.KEEP
    return prompt_key(item.prompt) if folded else item.prompt_key


def _comparable(item: RatedItem) -> bool:
    if len(item.completions) != COMPARED:
        return False
    one, other = (candidate_text(completion) for completion in item.completions)
    return bool(one) and bool(other) and one != other
