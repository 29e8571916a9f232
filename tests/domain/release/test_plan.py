"""The plan gives the order and the splits that the writer wants."""

from itertools import pairwise

from labelhub.domain.release.names import order_key, prompt_key
from labelhub.domain.release.plan import Planner
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import Format, ReleaseSpec, Rules, System
from labelhub.domain.release.splits import mark
from tests.domain.release.world import KEY, NOON, Draft, comparison, plan_of, system, user

SPEC = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY, NOON)


def test_items_of_one_prompt_stand_together_in_the_order_of_the_key() -> None:
    drafts = [comparison(f"{n}", question=f"Q{n % 7}") for n in range(40)]

    planned = list(plan_of(SPEC, drafts))

    places = [order_key(KEY, item.prompt_key) for item in planned]
    assert places == sorted(places)
    assert len(planned) == 40
    assert all(item.prompt_key == prompt_key(item.item_id.prompt) for item in planned)


def test_dropping_the_system_prompt_brings_its_prompts_together() -> None:
    drafts = [
        Draft("a", (system("Be brief."), user("Q")), ()),
        Draft("b", (user("Q"),), ()),
        Draft("c", (system("Be long."), user("Q")), ()),
    ]
    dropping = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY, NOON, rules=Rules(system=System.DROP))

    kept = {item.prompt_key for item in plan_of(SPEC, drafts)}
    dropped = {item.prompt_key for item in plan_of(dropping, drafts)}

    assert len(kept) == 3
    assert dropped == {prompt_key((user("Q"),))}
    assert len({item.split for item in plan_of(SPEC, drafts)}) == 1


def test_stored_splits_come_back() -> None:
    drafts = [comparison(f"{n}") for n in range(30)]
    first = plan_of(SPEC, drafts).split_plan

    turned = dict.fromkeys(first.splits, Split.TEST)
    again = plan_of(SPEC, drafts, turned)

    assert {item.split for item in again} == {Split.TEST}


def test_another_key_is_another_order() -> None:
    drafts = [comparison(f"{n}") for n in range(30)]
    other = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY[::-1], NOON)

    orders = [[item.item_id.key for item in plan_of(spec, drafts)] for spec in (SPEC, other)]

    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert any(one > next_ for one, next_ in pairwise(orders[0]))


def test_a_prompt_marked_before_is_planned_alike() -> None:
    drafts = [comparison(f"{n}", question=f"Q{n % 7}") for n in range(40)]
    planner: Planner[Draft] = Planner(SPEC)
    for draft in drafts:
        planner.add_marked(draft, mark(draft.prompt))

    assert list(planner.plan({})) == list(plan_of(SPEC, drafts))


def test_a_mark_fits_a_database_column() -> None:
    for text in ("a", "b", "c" * 1000):
        found = mark((user(text),))
        assert len(found.prompt_id) == 32
        assert all(-(2**63) <= number < 2**63 for number in found[1:])
