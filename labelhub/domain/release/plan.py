"""The plan of a release: which item comes when, under which prompt, in which split."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from labelhub.domain.release.names import order_key, prompt_key
from labelhub.domain.release.rated import AnyTurn, Split
from labelhub.domain.release.spec import ReleaseSpec, System
from labelhub.domain.release.splits import Grouping, PromptMark, SplitPlan, mark

T = TypeVar("T")
_KEEP = System.KEEP


class PlannedItem(NamedTuple, Generic[T]):
    item_id: T
    prompt_key: str
    split: Split
    place: bytes


class Planner(Generic[T]):
    """Makes the plan from one pass over the items' prompts, in any order.

    It holds about 0.4 kB an item (measured), never a text.
    """

    def __init__(self, spec: ReleaseSpec) -> None:
        self._spec = spec
        self._grouping = Grouping()
        self._prompt_keys: list[str] = []
        self._items: list[T] = []
        self._prompt_of = array("q")  # of each item

    def add(
        self, item_id: T, prompt: tuple[AnyTurn, ...], source: str = "", source_id: str = ""
    ) -> None:
        """Add an item. Add every rated item of the project, released or not: splits are kept."""
        system = self._spec.system
        written = "" if system is _KEEP else prompt_key(prompt, system)
        self.add_marked(item_id, mark(prompt), source, source_id, written)

    def add_marked(
        self,
        item_id: T,
        prompt: PromptMark,
        source: str = "",
        source_id: str = "",
        written: str = "",
    ) -> None:
        """Add an item whose prompt was marked before (`splits.mark`), so that no text is read.

        *written* is `names.prompt_key(prompt, spec.system)`. Leave it out where the system prompt
        is kept, or where the prompt has none.
        """
        index = self._grouping.add(prompt, source, source_id, same_as=written)
        if index == len(self._prompt_keys):
            self._prompt_keys.append(written or prompt.prompt_id)
        self._items.append(item_id)
        self._prompt_of.append(index)

    def plan(self, stored: Mapping[str, Split]) -> "ReleasePlan[T]":
        """Finish. `stored` are earlier releases' splits by prompt id; keep what comes back."""
        splits = self._grouping.assign(self._spec.rules.split, stored)
        places = [order_key(self._spec.key, name) for name in self._prompt_keys]
        prompt_of = self._prompt_of
        sequence = sorted(range(len(prompt_of)), key=lambda item: places[prompt_of[item]])
        prompts = _Prompts(self._prompt_keys, list(splits.splits.values()), places)
        return ReleasePlan(self._items, prompt_of, prompts, array("q", sequence), splits)


class _Prompts(NamedTuple):
    """The prompts of a plan by number; three lists take less space than a list of values."""

    keys: Sequence[str]
    splits: Sequence[Split]
    places: Sequence[bytes]


class ReleasePlan(Generic[T]):
    """The items in the order in which `exports.write_release` wants them."""

    def __init__(
        self,
        items: Sequence[T],
        prompt_of: Sequence[int],
        prompts: _Prompts,
        sequence: Sequence[int],
        split_plan: SplitPlan,
    ) -> None:
        self._items, self._prompt_of = items, prompt_of
        self._prompts, self._sequence = prompts, sequence
        self.split_plan = split_plan

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[PlannedItem[T]]:
        items, prompt_of = self._items, self._prompt_of
        keys, splits, places = self._prompts
        for item in self._sequence:
            prompt = prompt_of[item]
            yield PlannedItem(items[item], keys[prompt], splits[prompt], places[prompt])
