"""Splits without leakage: what belongs together goes to one split, now and in later releases."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from labelhub.domain.release.conversation import normalised
from labelhub.domain.release.names import prompt_key
from labelhub.domain.release.rated import AnyTurn, Split
from labelhub.domain.release.spec import SplitPolicy
from labelhub.domain.vocabulary import SpeakerRole

GENERIC_ABOVE = 20  # an opening of more groups ("hello") joins nothing (export-formats.md, 4.7)
_NONE = 0
_SYSTEM, _USER = SpeakerRole.SYSTEM, SpeakerRole.USER


def _number(*parts: str) -> int:
    """Return 63 bits for these parts, never 0; a chance equality would only join two groups."""
    hashed = blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(hashed, "big") >> 1) or 1


class PromptMark(NamedTuple):
    """What the grouping needs of a prompt: small enough to be stored at import.

    `prompt_id` is `names.prompt_key(prompt)`. `same` and `root` are signed 64-bit numbers for
    the normalised prompt and for its first user message; `root` is 0 where no user speaks.
    """

    prompt_id: str
    same: int
    root: int

    @classmethod
    def read(cls, prompt_id: str, stored: str) -> "PromptMark":
        """Return the mark of a prompt from its id and `stored_mark`."""
        same, _, root = stored.partition(" ")
        return cls(prompt_id, int(same), int(root))


def mark(prompt: tuple[AnyTurn, ...]) -> PromptMark:
    """Return the mark of a prompt. System text separates no prompts, but names them."""
    prompt_id, root = prompt_key(prompt), _NONE
    said: list[str] = []
    for turn in prompt:
        if turn.role is _SYSTEM:
            continue
        text = normalised(turn.content)
        said += (turn.role, text)
        if root == _NONE and turn.role is _USER:
            root = _number("root", text)
    if len(said) == 2 and root != _NONE:  # noqa: PLR2004 one turn: the root is the whole prompt
        return PromptMark(prompt_id, -root, root)
    return PromptMark(prompt_id, _number("prompt", *said), root)


def stored_mark(prompt: Sequence[AnyTurn]) -> str:
    """Return a prompt's mark as import stores it: at most 41 characters.

    It is empty where a system turn speaks. What a release calls such a prompt depends on what it
    does with the system turn, so that its text has to be read then.
    """
    if any(turn.role is _SYSTEM for turn in prompt):
        return ""
    marked = mark(tuple(prompt))
    return f"{marked.same} {marked.root}"


def fraction(seed: str, group_key: str) -> float:
    """Return SHA-256(seed ‖ group key) as a number in [0, 1)."""
    hashed = sha256((seed + group_key).encode()).digest()
    return int.from_bytes(hashed[:8], "big") / 2**64


def drawn_split(policy: SplitPolicy, group_key: str) -> Split:
    """Return the split whose share the group's fraction falls into; shares are half-open."""
    place = fraction(policy.seed, group_key)
    bounds = _bounds(policy)
    for split, upper in bounds:
        if place < upper:
            return split
    return bounds[-1][0]  # the shares' floating-point sum may stay a little below 1


@lru_cache(maxsize=16)
def _bounds(policy: SplitPolicy) -> tuple[tuple[Split, float], ...]:
    """Return the splits that have a share, each with the end of its part of [0, 1)."""
    shares = [(split, share) for split, share in policy.shares() if share]
    ends = accumulate(share for _, share in shares)
    return tuple((split, end) for (split, _), end in zip(shares, ends, strict=True))


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """The split of every prompt that was added, by its id, in the order of adding.

    `changed` holds those that are not stored like that. `merged` names the groups whose prompts had
    different stored splits and are `train` now.
    """

    splits: Mapping[str, Split]
    changed: Mapping[str, Split]
    groups: Mapping[Split, int]
    merged: tuple[str, ...]


class Grouping:
    """Collects prompts, joins those that belong together, and gives each group its split."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._parent = array("q")
        self._roots = array("q")
        self._first: dict[int, int] = {}

    def add(
        self, prompt: PromptMark, source: str = "", source_id: str = "", same_as: str = ""
    ) -> int:
        """Add a prompt and return its number; `same_as` joins all that give it."""
        index = self._index.get(prompt.prompt_id)
        if index is None:
            index = self._index[prompt.prompt_id] = len(self._parent)
            self._parent.append(index)
            self._roots.append(prompt.root)
            self._link(index, prompt.same)
        if source_id:
            self._link(index, _number("source", source, source_id))
        if same_as and same_as != prompt.prompt_id:
            self._link(index, _number("same", same_as))
        return index

    def assign(self, policy: SplitPolicy, stored: Mapping[str, Split]) -> SplitPlan:
        """Give each group its stored split, `train` where two were stored, or else a drawn one.

        This uses the grouping up: what it held is let go as early as possible.
        """
        self._first.clear()
        self._join_by_root()
        names = list(self._index)
        self._index.clear()
        # A group's number is that of its first prompt.
        groups = array("q", map(self._group, range(len(names))))
        kept, mixed = _kept(names, groups, stored)
        keys = _smallest(names, groups)
        chosen: list[Split] = []
        for index, group in enumerate(groups):
            if group < index:
                chosen.append(chosen[group])
            elif group in mixed:
                chosen.append(Split.TRAIN)
            else:
                chosen.append(kept.get(group) or drawn_split(policy, keys[group]))
        firsts = (split for index, split in enumerate(chosen) if groups[index] == index)
        merged = tuple(sorted(keys[group] for group in mixed))
        splits = dict(zip(names, chosen, strict=True))
        changed = splits
        if stored:
            changed = {name: to for name, to in splits.items() if stored.get(name) is not to}
        return SplitPlan(splits, changed, Counter(firsts), merged)

    def _join_by_root(self) -> None:
        root_of = self._roots.__getitem__
        by_root = sorted(range(len(self._roots)), key=root_of)
        # Most openings are one prompt's alone; only those that are not need be looked at closer.
        pairs = pairwise(map(root_of, by_root))
        shared = {root for root, following in pairs if root == following} - {_NONE}
        alike = (index for index in by_root if root_of(index) in shared)
        for _, members in groupby(alike, key=root_of):
            groups = sorted({self._group(index) for index in members})
            if len(groups) <= GENERIC_ABOVE:
                for group in groups[1:]:
                    self._union(groups[0], group)

    def _link(self, index: int, number: int) -> None:
        first = self._first.setdefault(number, index)
        if first != index:
            self._union(first, index)

    def _group(self, index: int) -> int:
        parent = self._parent
        while parent[index] != index:
            parent[index] = parent[parent[index]]  # halves the path for the next search
            index = parent[index]
        return index

    def _union(self, left: int, right: int) -> None:
        a, b = self._group(left), self._group(right)
        self._parent[max(a, b)] = min(a, b)


def _kept(
    names: Sequence[str], groups: Sequence[int], stored: Mapping[str, Split]
) -> tuple[dict[int, Split], set[int]]:
    """Return the stored split of each group that has one, and the groups that have several."""
    kept: dict[int, Split] = {}
    mixed: set[int] = set()
    for name, group in zip(names, groups, strict=True) if stored else ():
        known = stored.get(name)
        if known is not None and kept.setdefault(group, known) is not known:
            mixed.add(group)
    return kept, mixed


def _smallest(names: Sequence[str], groups: Sequence[int]) -> list[str]:
    """Return the smallest name of each group, at the group's number."""
    keys = list(names)
    for name, group in zip(names, groups, strict=True):
        keys[group] = min(keys[group], name)
    return keys
