"""A release cannot ask for what its format cannot say."""

from dataclasses import replace
from datetime import datetime

import pytest

from labelhub.domain.release.spec import (
    PERMITTED,
    FileType,
    Format,
    Neither,
    ReleaseSpec,
    Rules,
    SpecError,
    SplitPolicy,
    System,
)
from tests.domain.release.world import KEY, NOON

SPEC = ReleaseSpec("r", Format.TRL_PREFERENCE, KEY, NOON)


def test_what_is_not_asked_is_the_formats_own_choice() -> None:
    raw = replace(SPEC, format=Format.RAW)
    unpaired = replace(SPEC, format=Format.TRL_UNPAIRED)

    assert (SPEC.ties, SPEC.both_bad, SPEC.system) == (Neither.DROP, Neither.DROP, System.KEEP)
    assert SPEC.files_as is FileType.JSONL
    assert raw.files_as is FileType.PARQUET
    assert raw.raw
    assert (unpaired.ties, unpaired.both_bad) == (Neither.NOTHING, Neither.BAD)


@pytest.mark.parametrize("release_format", list(Format))
@pytest.mark.parametrize("ties", list(Neither))
def test_a_format_takes_exactly_the_policies_it_permits(
    release_format: Format, ties: Neither
) -> None:
    def ask() -> ReleaseSpec:
        return ReleaseSpec("r", release_format, KEY, NOON, rules=Rules(ties=ties))

    if ties in PERMITTED[release_format].ties:
        assert ask().ties is ties
    else:
        with pytest.raises(SpecError, match="cannot have ties"):
            ask()


@pytest.mark.parametrize("release_format", [Format.HH_RLHF, Format.TRL_PREFERENCE_TEXT])
def test_plain_text_has_no_place_for_a_system_prompt(release_format: Format) -> None:
    with pytest.raises(SpecError, match="system"):
        ReleaseSpec("r", release_format, KEY, NOON, rules=Rules(system=System.KEEP))
    assert ReleaseSpec("r", release_format, KEY, NOON).system is System.FOLD


@pytest.mark.parametrize(("bytes_", "taken"), [(15, False), (16, True), (17, True)])
def test_a_release_key_is_long_enough(bytes_: int, *, taken: bool) -> None:
    if taken:
        assert replace(SPEC, key=b"k" * bytes_)
    else:
        with pytest.raises(SpecError, match="16 bytes"):
            replace(SPEC, key=b"k" * bytes_)


@pytest.mark.parametrize(
    ("labelers", "shown"), [(0, True), (1, False), (4, False), (5, True), (6, True)]
)
def test_pseudonyms_are_shown_for_no_labeler_or_for_five(labelers: int, *, shown: bool) -> None:
    assert replace(SPEC, labelers=labelers).labelers_shown is shown


@pytest.mark.parametrize(
    "rules",
    [
        {"min_votes": 0},
        {"min_agreement": -0.01},
        {"min_agreement": 1.01},
        {"margin_scale": 0.0},
        {"margin_scale": float("inf")},
        {"margin_scale": float("nan")},
        {"harm_threshold": 0},
        {"harm_threshold": 5},
    ],
)
def test_rules_out_of_range_are_refused(rules: dict[str, float]) -> None:
    with pytest.raises(SpecError):
        Rules(**rules)  # type: ignore[arg-type]


@pytest.mark.parametrize("shares", [(0.5, 0.0, 0.4), (1.1, 0.0, -0.1), (0.0, 0.0, 0.0)])
def test_shares_add_up_to_one(shares: tuple[float, float, float]) -> None:
    with pytest.raises(SpecError):
        SplitPolicy("s", *shares)


def test_the_snapshot_has_a_zone_and_a_file_a_row() -> None:
    with pytest.raises(SpecError, match="aware"):
        replace(SPEC, snapshot_at=datetime(2026, 2, 1))  # noqa: DTZ001 that is the point
    with pytest.raises(SpecError, match="row"):
        replace(SPEC, shard_rows=0)
