"""Splits: what belongs together is never torn apart, and nothing moves later."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.items import Turn
from labelhub.domain.release.names import prompt_key
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import SplitPolicy
from labelhub.domain.release.splits import (
    GENERIC_ABOVE,
    Grouping,
    PromptMark,
    SplitPlan,
    drawn_split,
    fraction,
    mark,
    stored_mark,
)
from tests.domain.release.world import assistant, system, user

HALVES = SplitPolicy(seed="s1", train=0.5, validation=0.2, test=0.3)

Conversation = tuple[Turn, ...]


def assigned(
    prompts: list[Conversation],
    stored: dict[str, Split] | None = None,
    sources: list[tuple[str, str]] | None = None,
) -> SplitPlan:
    grouping = Grouping()
    for place, prompt in enumerate(prompts):
        source, source_id = sources[place] if sources else ("", "")
        grouping.add(mark(prompt), source, source_id)
    return grouping.assign(HALVES, stored or {})


def groups(plan: SplitPlan) -> int:
    return sum(plan.groups.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((user("Boil an egg"),), (user("  boil AN\negg "),)),
        ((user("ﬁsh"),), (user("fish"),)),
        ((system("Be brief."), user("Boil an egg")), (user("Boil an egg"),)),
        ((user("Boil an egg"),), (user("Boil an egg"), assistant("How?"), user("Soft."))),
    ],
)
def test_prompts_with_one_root_are_one_group(one: Conversation, other: Conversation) -> None:
    assert groups(assigned([one, other])) == 1


def test_other_roots_are_other_groups() -> None:
    assert groups(assigned([(user("Boil an egg"),), (user("Fry an egg"),)])) == 2


def test_one_source_conversation_is_one_group() -> None:
    prompts = [(user("one"),), (user("two"),), (user("three"),)]

    assert groups(assigned(prompts, sources=[("f", "7"), ("f", "7"), ("f", "8")])) == 2
    assert groups(assigned(prompts, sources=[("f", "7"), ("g", "7"), ("f", "")])) == 3


@pytest.mark.parametrize(
    ("number", "joined"),
    [(GENERIC_ABOVE - 1, True), (GENERIC_ABOVE, True), (GENERIC_ABOVE + 1, False)],
)
def test_an_opening_of_too_many_groups_joins_nothing(number: int, *, joined: bool) -> None:
    prompts = [(user("hello"), assistant(f"{n}"), user(f"question {n}")) for n in range(number)]

    assert groups(assigned(prompts)) == (1 if joined else number)


def test_the_same_prompt_under_many_systems_is_one_group_however_generic() -> None:
    prompts: list[Conversation] = [
        (system(f"You are {n}."), user("hello")) for n in range(GENERIC_ABOVE + 5)
    ]

    assert groups(assigned(prompts)) == 1


def test_prompts_without_a_user_are_not_joined() -> None:
    assert groups(assigned([(assistant("one"),), (assistant("two"),)])) == 2
    assert mark((assistant("one"),)).root == 0


def test_prompts_that_become_one_when_written_are_joined() -> None:
    grouping = Grouping()
    for text in ("a", "b"):
        grouping.add(mark((user(text),)), same_as="written")

    assert groups(grouping.assign(HALVES, {})) == 1


def test_the_split_is_the_groups_fraction_against_the_shares() -> None:
    keys = [f"key {n}" for n in range(2000)]
    for key in keys:
        place = fraction("s1", key)
        expected = Split.TRAIN if place < 0.5 else Split.VALIDATION if place < 0.7 else Split.TEST
        assert drawn_split(HALVES, key) is expected
    share = sum(drawn_split(HALVES, key) is Split.TRAIN for key in keys) / len(keys)
    assert 0.45 < share < 0.55


def test_a_split_without_a_share_gets_nothing() -> None:
    policy = SplitPolicy(train=1.0, validation=0.0, test=0.0)

    assert {drawn_split(policy, str(n)) for n in range(500)} == {Split.TRAIN}


def test_a_stored_split_is_kept_and_given_to_what_joins_it() -> None:
    known, new = (user("Boil an egg"),), (user("boil an egg"),)
    for split in Split:
        plan = assigned([known, new], {prompt_key(known): split})

        assert set(plan.splits.values()) == {split}
        assert plan.changed == {prompt_key(new): split}
        assert plan.merged == ()


def test_two_stored_splits_that_meet_go_to_train_and_are_named() -> None:
    one, other = (user("one"),), (user("two"),)
    stored = {prompt_key(one): Split.TEST, prompt_key(other): Split.VALIDATION}

    plan = assigned([one, other], stored, [("f", "7"), ("f", "7")])

    assert set(plan.splits.values()) == {Split.TRAIN}
    assert plan.merged == (min(stored),)
    assert plan.changed == plan.splits


WORDS = st.sampled_from(["egg", "Egg", "salt", "hello", " egg", "tea"])
TURNS = st.lists(WORDS, min_size=1, max_size=3)
PROMPTS = st.lists(st.tuples(TURNS, st.sampled_from(["", "1", "2"])), min_size=1, max_size=30)


def conversation(words: list[str]) -> Conversation:
    return tuple(user(word) if n % 2 == 0 else assistant(word) for n, word in enumerate(words))


@given(PROMPTS, PROMPTS)
def test_nothing_leaks_and_nothing_moves(
    first: list[tuple[list[str], str]], more: list[tuple[list[str], str]]
) -> None:
    def plan(given_prompts: list[tuple[list[str], str]], stored: dict[str, Split]) -> SplitPlan:
        prompts = [conversation(words) for words, _ in given_prompts]
        return assigned(prompts, stored, [("file", source_id) for _, source_id in given_prompts])

    earlier = plan(first, {})
    later = plan(first + more, dict(earlier.splits))

    by_key: dict[str, set[Split]] = {}
    for words, source_id in first + more:
        prompt = conversation(words)
        split = later.splits[prompt_key(prompt)]
        by_key.setdefault(" ".join(words[0].casefold().split()), set()).add(split)
        if source_id:
            by_key.setdefault(f"source {source_id}", set()).add(split)
    assert all(len(splits) == 1 for splits in by_key.values())
    if not later.merged:
        assert all(later.splits[key] is split for key, split in earlier.splits.items())


@given(st.permutations([f"question {n}" for n in range(12)]))
def test_the_order_of_import_does_not_matter(order: list[str]) -> None:
    prompts: list[Conversation] = [(user(text),) for text in order]

    assert assigned(prompts).splits == assigned(sorted(prompts, key=str)).splits


def test_a_mark_that_was_stored_is_read_back() -> None:
    for prompt in ((user("Egg"),), (user("ＥＧＧ"), user("x" * 999)), (user(" "), user("y"))):
        stored = stored_mark(prompt)

        assert len(stored) <= 41
        assert PromptMark.read(mark(prompt).prompt_id, stored) == mark(prompt)


def test_no_mark_is_stored_where_a_system_turn_speaks() -> None:
    assert stored_mark((system("Be brief."), user("Egg"))) == ""
