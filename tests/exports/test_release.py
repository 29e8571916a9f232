"""A release folder: whole or not there, the same bytes twice, and every item accounted for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelhub.domain.release.rated import RatedItem, Split
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec, Rules, SplitPolicy, System
from labelhub.exports import (
    NothingToReleaseError,
    ReleaseOrderError,
    verify_release,
    write_release,
)
from tests.domain.release.world import (
    FACTS,
    Draft,
    comparison,
    completion,
    items_of,
    system,
    user,
    votes,
)
from tests.exports.releases import ALL, DRAFTS, all_bytes, read, spec_of, write


@pytest.mark.parametrize(("release_format", "file_type"), ALL)
def test_the_same_release_twice_is_the_same_bytes(
    tmp_path: Path, release_format: Format, file_type: FileType
) -> None:
    spec = spec_of(release_format, file_type, with_raw=True)

    one = write(tmp_path / "one", spec)
    other = write(tmp_path / "other", spec, DRAFTS[::-1])

    assert all_bytes(tmp_path / "one") == all_bytes(tmp_path / "other")
    assert one == other


@pytest.mark.parametrize(("release_format", "file_type"), ALL)
def test_a_release_verifies_and_its_manifest_adds_up(
    tmp_path: Path, release_format: Format, file_type: FileType
) -> None:
    manifest = write(tmp_path / "r", spec_of(release_format, file_type, with_raw=True))

    counts = manifest.counts
    assert verify_release(tmp_path / "r") == []
    assert counts.units == sum(counts.written.values()) + sum(counts.dropped.values())
    assert counts.judgments == sum(len(draft.votes) for draft in DRAFTS)
    assert 0 < counts.judgments_used <= counts.judgments
    stored = json.loads((tmp_path / "r" / "manifest.json").read_bytes())
    assert stored["counts"][counts.unit] == counts.units
    assert stored["created_at"] == "2026-02-01T12:00:00Z"
    for entry in stored["files"]:
        content = (tmp_path / "r" / entry["path"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), sha256(content).hexdigest())


def test_what_is_dropped_has_its_reason(tmp_path: Path) -> None:
    drafts = [
        comparison("a", "first1", question="Q", first="yes", second="no"),
        comparison("b", "second1", question="Q", first="no", second="yes"),
        comparison("c", "tie"),
        comparison("d", "first1", first=" "),
        comparison("e", "first1", first="x", second="x "),
        comparison("f"),
    ]

    counts = write(tmp_path / "r", spec_of(Format.TRL_PREFERENCE), drafts).counts

    assert (counts.items, counts.pooled, counts.units) == (6, 1, 5)
    assert sum(counts.written.values()) == 1
    assert counts.dropped == {"tie": 1, "empty_response": 1, "identical": 1, "too_few_votes": 1}
    assert (counts.judgments, counts.judgments_used) == (5, 3)
    assert "2 votes" not in (tmp_path / "r" / "README.md").read_text()


def test_a_snapshot_of_another_time_changes_no_data(tmp_path: Path) -> None:
    spec = spec_of(Format.TRL_PREFERENCE)
    write(tmp_path / "one", spec)
    write(tmp_path / "other", replace(spec, snapshot_at=spec.snapshot_at.replace(hour=13)))

    assert all_bytes(tmp_path / "one" / "data") == all_bytes(tmp_path / "other" / "data")


def test_rows_come_in_an_order_that_tells_nothing(tmp_path: Path) -> None:
    write(tmp_path / "one", spec_of(Format.TRL_PREFERENCE))
    write(tmp_path / "other", spec_of(Format.TRL_PREFERENCE, key=b"another key of sixteen or more"))

    orders = [
        [row["pair_id"] for row in read(tmp_path / name) if row["in split"] == "train"]
        for name in ("one", "other")
    ]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert orders[0] != sorted(orders[0])


def test_shards_are_numbered_and_together_are_everything(tmp_path: Path) -> None:
    spec = spec_of(Format.TRL_PREFERENCE)
    write(tmp_path / "one", spec)
    write(tmp_path / "cut", replace(spec, shard_rows=20))

    names = sorted(path.name for path in (tmp_path / "cut" / "data").glob("train-*"))
    total = len(names)
    assert names == [f"train-{n:05d}-of-{total:05d}.jsonl" for n in range(total)]
    assert total == 3
    assert read(tmp_path / "one") == read(tmp_path / "cut")
    assert verify_release(tmp_path / "cut") == []


def test_a_shard_is_full_exactly_at_its_limit(tmp_path: Path) -> None:
    spec = spec_of(Format.TRL_PREFERENCE, rules=Rules(split=SplitPolicy("s", 1, 0, 0)))
    for limit, files in ((23, 2), (24, 1), (25, 1)):
        folder = tmp_path / str(limit)
        write(folder, replace(spec, shard_rows=limit), DRAFTS[:24])
        assert len(list((folder / "data").iterdir())) == files


@pytest.fixture
def spec() -> ReleaseSpec:
    return spec_of(Format.TRL_PREFERENCE)


def test_an_order_that_is_not_the_plans_is_refused(tmp_path: Path, spec: ReleaseSpec) -> None:
    items = items_of(spec, DRAFTS)

    with pytest.raises(ReleaseOrderError, match="out of order"):
        write_release(tmp_path / "r", spec, items[::-1], FACTS)
    assert list(tmp_path.iterdir()) == []


def test_a_prompt_whose_items_are_apart_is_refused(tmp_path: Path, spec: ReleaseSpec) -> None:
    items = items_of(spec, DRAFTS)

    with pytest.raises(ReleaseOrderError, match="out of order"):
        write_release(tmp_path / "r", spec, [*items, items[0]], FACTS)


def test_a_prompt_in_two_splits_is_refused(tmp_path: Path, spec: ReleaseSpec) -> None:
    drafts = [comparison("a", "first1", question="Q"), comparison("b", "first1", question="Q")]
    one, other = items_of(spec, drafts)
    elsewhere = Split.TEST if one.split is Split.TRAIN else Split.TRAIN

    with pytest.raises(ReleaseOrderError, match="two splits"):
        write_release(tmp_path / "r", spec, [one, other._replace(split=elsewhere)], FACTS)


def test_a_release_of_nothing_is_refused_with_the_reasons(
    tmp_path: Path, spec: ReleaseSpec
) -> None:
    with pytest.raises(NothingToReleaseError, match=r"from 2 items \(tie 2\)"):
        write(tmp_path / "r", spec, [comparison("a", "tie"), comparison("b", "tie")])
    with pytest.raises(NothingToReleaseError, match="from 0 items"):
        write(tmp_path / "r", spec, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file_type", list(FileType))
def test_a_failure_half_way_leaves_nothing(tmp_path: Path, file_type: FileType) -> None:
    spec = spec_of(Format.TRL_PREFERENCE, file_type, with_raw=True)

    def breaking() -> Iterator[RatedItem]:
        yield from items_of(spec, DRAFTS)[:40]
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        write_release(tmp_path / "r", spec, breaking(), FACTS)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path, spec: ReleaseSpec) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        write(tmp_path / "r", spec)
    assert all_bytes(tmp_path) == {"r/mine.txt": b"mine"}


def test_an_empty_folder_is_filled(tmp_path: Path, spec: ReleaseSpec) -> None:
    (tmp_path / "r").mkdir()

    write(tmp_path / "r", spec)

    assert verify_release(tmp_path / "r") == []


def test_system_prompts_that_are_dropped_make_one_pair_of_two(tmp_path: Path) -> None:
    sides = (completion("yes"), completion("no"))
    drafts = [
        Draft("a", (system("Be brief."), user("Q")), sides, votes("first1")),
        Draft("b", (system("Be long."), user("Q")), sides, votes("second1", "first1", "first1")),
    ]
    dropping = spec_of(
        Format.TRL_PREFERENCE, rules=Rules(system=System.DROP), with_raw=True, labelers=3
    )

    kept = write(tmp_path / "kept", spec_of(Format.TRL_PREFERENCE), drafts)
    dropped = write(tmp_path / "dropped", dropping, drafts)

    assert kept.counts.units == 2
    assert (dropped.counts.units, dropped.counts.pooled) == (1, 1)
    assert len(read(tmp_path / "dropped", "raw/prompts")) == 2
    assert verify_release(tmp_path / "dropped") == []


def imported(
    key: str, question: str, source_id: str, sides: list[str], choices: list[str]
) -> Draft:
    draft = comparison(key, *choices, question=question, first=sides[0], second=sides[1])
    cast = tuple(one._replace(imported=True) for one in draft.votes)
    return replace(draft, votes=cast, source="file", source_id=source_id)


CHOICES = ["first1", "first3", "second1", "second2", "tie", "both_bad", "both_good", "unsure"]
ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["egg", "Egg ", "tea", "salt", "rice"]),
        st.sampled_from(["", "1", "2"]),
        st.lists(st.sampled_from(["yes", "no", "yes ", "", "perhaps"]), min_size=2, max_size=2),
        st.lists(st.sampled_from(CHOICES), max_size=4),
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ITEMS, st.sampled_from(ALL))
def test_whatever_was_rated_the_release_is_sound(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, list[str], list[str]]],
    form: tuple[Format, FileType],
) -> None:
    rules = Rules(split=SplitPolicy("s", 0.4, 0.3, 0.3), unpaired_from_pairs=True)
    spec = spec_of(*form, rules=rules, with_raw=True, labelers=0)
    drafts = [imported(f"i{n}", *row) for n, row in enumerate(rows)]
    folder = tmp_path_factory.mktemp("release") / "r"

    try:
        manifest = write(folder, spec, drafts)
    except NothingToReleaseError:
        return

    counts = manifest.counts
    assert verify_release(folder) == []
    assert counts.items == len(drafts)
    if counts.unit == "pairs":
        assert counts.items == counts.units + counts.pooled
