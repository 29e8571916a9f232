"""What a release is asked to be, and which of the possible answers its format permits."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from labelhub.domain.release.rated import Split

LABELERS_SHOWN_FROM = 5  # k of decisions.md: a pseudonym column needs this many labelers


class Format(StrEnum):
    TRL_PREFERENCE = "trl-preference"
    TRL_PREFERENCE_TEXT = "trl-preference-text"
    TRL_UNPAIRED = "trl-unpaired"
    REWARD_MARGIN = "reward-margin"
    HH_RLHF = "hh-rlhf"
    RAW = "raw"


class FileType(StrEnum):
    JSONL = "jsonl"
    PARQUET = "parquet"


class System(StrEnum):
    """What happens to a system prompt: kept, put before the first user turn, or left out."""

    KEEP = "keep"
    FOLD = "fold"
    DROP = "drop"


class Neither(StrEnum):
    """What a vote for neither side does.

    `drop`: it counts among the votes, and a pair with a majority of such votes is dropped.
    `abstain`: it is not counted, and the others decide.
    `bad`: both completions were judged bad (unpaired labels, both-bad votes only).
    `nothing`: it says nothing about a completion alone (unpaired labels).
    `keep`: it is written as it is (raw).
    """

    DROP = "drop"
    ABSTAIN = "abstain"
    BAD = "bad"
    NOTHING = "nothing"
    KEEP = "keep"


class SpecError(ValueError):
    """The release asks for something its format cannot say."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a format can say; the first of each list is what it does unasked."""

    file_types: tuple[FileType, ...]
    ties: tuple[Neither, ...]
    both_bad: tuple[Neither, ...]
    system: tuple[System, ...]


_ANY_FILE = (FileType.JSONL, FileType.PARQUET)
_PAIR_TIES = (Neither.DROP, Neither.ABSTAIN)
_MESSAGES = (System.KEEP, System.FOLD, System.DROP)
_TEXT = (System.FOLD, System.DROP)  # plain text has no place for a system prompt
_PAIRS = Permitted(_ANY_FILE, _PAIR_TIES, _PAIR_TIES, _MESSAGES)
_TEXT_PAIRS = Permitted(_ANY_FILE, _PAIR_TIES, _PAIR_TIES, _TEXT)

PERMITTED: dict[Format, Permitted] = {
    Format.TRL_PREFERENCE: _PAIRS,
    Format.REWARD_MARGIN: _PAIRS,
    Format.TRL_PREFERENCE_TEXT: _TEXT_PAIRS,
    Format.HH_RLHF: _TEXT_PAIRS,
    Format.TRL_UNPAIRED: Permitted(
        _ANY_FILE, (Neither.NOTHING,), (Neither.BAD, Neither.NOTHING), _MESSAGES
    ),
    Format.RAW: Permitted(
        (FileType.PARQUET, FileType.JSONL), (Neither.KEEP,), (Neither.KEEP,), (System.KEEP,)
    ),
}


@dataclass(frozen=True, slots=True)
class SplitPolicy:
    """Shares of the splits, decided by the seed and the text alone."""

    seed: str = "labelhub"
    train: float = 0.9
    validation: float = 0.0
    test: float = 0.1

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(0 <= share <= 1 for share in shares) or not math.isclose(sum(shares), 1):
            raise SpecError("the shares of train, validation and test must add up to 1")

    def shares(self) -> tuple[tuple[Split, float], ...]:
        return (
            (Split.TRAIN, self.train),
            (Split.VALIDATION, self.validation),
            (Split.TEST, self.test),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules a release is made by; all of them stand in its manifest.

    `ties`, `both_bad` and `system` left None take what the format does unasked. `harm_threshold`
    makes harm ratings evidence for `trl-unpaired`: at or above it a completion is bad, below it
    good. `unpaired_from_pairs` makes wins and losses evidence where there is none of its own.
    """

    min_votes: int = 1
    min_agreement: float = 0.0
    ties: Neither | None = None
    both_bad: Neither | None = None
    system: System | None = None
    margin_scale: float = 1.0
    unpaired_from_pairs: bool = False
    harm_threshold: int | None = None
    split: SplitPolicy = field(default_factory=SplitPolicy)

    def __post_init__(self) -> None:
        if self.min_votes < 1:
            raise SpecError("min_votes must be at least 1")
        if not 0 <= self.min_agreement <= 1:
            raise SpecError("min_agreement must be between 0 and 1")
        if not (math.isfinite(self.margin_scale) and self.margin_scale > 0):
            raise SpecError("margin_scale must be a positive number")
        if self.harm_threshold not in {None, 1, 2, 3, 4}:
            raise SpecError("harm_threshold must be between 1 and 4")


@dataclass(frozen=True, slots=True)
class ReleaseSpec:
    """One release: its name, format, rules, secret and moment.

    `key` is K_release (safety-case.md, R7): at least 16 random bytes, the same for a rebuild,
    never written. `snapshot_at` is the snapshot's time, and the only time in the folder.
    `labelers` counts the distinct labelers (not imported raters) whose ratings are in the
    release: below `LABELERS_SHOWN_FROM` the column of pseudonyms is left out.
    `with_raw` adds the raw ratings beside a trainer format; `rationales` allows free text, which
    a project must have declared.
    """

    release: str
    format: Format
    key: bytes
    snapshot_at: datetime
    file_type: FileType | None = None
    rules: Rules = field(default_factory=Rules)
    project: str = ""
    version: str = "1.0.0"
    labelers: int = 0
    with_raw: bool = False
    rationales: bool = False
    shard_rows: int = 250_000
    # What is asked, with the format's own choice where nothing was.
    files_as: FileType = field(init=False)
    ties: Neither = field(init=False)
    both_bad: Neither = field(init=False)
    system: System = field(init=False)

    def __post_init__(self) -> None:
        if len(self.key) < 16:  # noqa: PLR2004 128 bits, so that no pseudonym can be guessed
            raise SpecError("the release key must have at least 16 bytes")
        if self.snapshot_at.tzinfo is None:
            raise SpecError("the snapshot's time must be aware")
        if self.shard_rows < 1:
            raise SpecError("a file must hold at least one row")
        permitted, rules = PERMITTED[self.format], self.rules
        self._settle("files_as", "file type", self.file_type, permitted.file_types)
        self._settle("ties", "ties", rules.ties, permitted.ties)
        self._settle("both_bad", "both_bad", rules.both_bad, permitted.both_bad)
        self._settle("system", "system", rules.system, permitted.system)

    def _settle(
        self, field_name: str, name: str, asked: StrEnum | None, permitted: tuple[StrEnum, ...]
    ) -> None:
        if asked is not None and asked not in permitted:
            choices = ", ".join(permitted)
            raise SpecError(f"{self.format} cannot have {name} = {asked}; possible: {choices}")
        object.__setattr__(self, field_name, asked or permitted[0])

    @property
    def raw(self) -> bool:
        return self.with_raw or self.format is Format.RAW

    @property
    def of_pairs(self) -> bool:
        """Whether every row is a pair, made from the sum of its votes, and no rating is a row."""
        return not self.raw and self.format is not Format.TRL_UNPAIRED

    @property
    def labelers_shown(self) -> bool:
        """Whether raw rows carry pseudonyms: nobody here is a labeler, or at least k are."""
        return self.labelers == 0 or self.labelers >= LABELERS_SHOWN_FROM
