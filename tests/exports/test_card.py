"""The card: what machines read of it, and prose without a placeholder."""

from dataclasses import replace
from pathlib import Path

import pytest

from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.rated import HarmVote, harm_flags
from labelhub.domain.release.spec import Format
from labelhub.exports.description.card import quoted, size_category
from tests.domain.release.world import DAY, FACTS, PEOPLE, comparison
from tests.exports.releases import DRAFTS, spec_of, write

BARE = CardFacts(title="T", summary="S.", creator="C")


def card_of(folder: Path, release_format: Format = Format.TRL_PREFERENCE, **facts: object) -> str:
    changed = replace(FACTS, **facts)  # type: ignore[arg-type]
    write(folder / "r", spec_of(release_format, with_raw=True), DRAFTS, changed)
    return (folder / "r" / "README.md").read_text(encoding="utf-8")


def header(card: str) -> list[str]:
    return card.split("---\n")[1].splitlines()


@pytest.mark.parametrize(
    ("rows", "bracket"),
    [
        (1, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (9_999, "1K<n<10K"),
        (10_000, "10K<n<100K"),
        (100_000, "100K<n<1M"),
        (1_000_000, "1M<n<10M"),
        (10_000_000, "10M<n<100M"),
    ],
)
def test_the_size_bracket(rows: int, bracket: str) -> None:
    assert size_category(rows) == bracket


def test_one_configuration_is_the_default_and_every_one_names_its_files(tmp_path: Path) -> None:
    lines = header(card_of(tmp_path))

    assert [line for line in lines if line.startswith("- config_name")] == [
        *["- config_name: default", "- config_name: ratings"],
        *["- config_name: prompts", "- config_name: responses"],
    ] * 2
    assert lines.count("  default: true") == 1
    assert "    path: raw/ratings/train-*" in lines


def test_the_header_counts_rows_and_bytes(tmp_path: Path) -> None:
    lines = header(card_of(tmp_path))
    train = next((tmp_path / "r" / "data").glob("train-*")).read_bytes()

    place = lines.index("  splits:")
    assert lines[place + 1 : place + 4] == [
        "  - name: train",
        f"    num_bytes: {len(train)}",
        f"    num_examples: {len(train.splitlines())}",
    ]


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({"licence": "cc-by-4.0"}, ["license: cc-by-4.0"]),
        ({"licence": "other"}, ["license: unknown"]),
        (
            {"licence": "other", "licence_name": "Ours", "licence_url": "https://lab.example/l"},
            ["license: other", 'license_name: "Ours"', 'license_link: "https://lab.example/l"'],
        ),
        ({"languages": ("en-GB", "en", "ar")}, ['language: ["en", "ar"]']),
        ({"title": 'A "b": c\u2028'}, ['pretty_name: "A \\"b\\": c\\u2028"']),
    ],
)
def test_what_is_known_of_licence_language_and_title(
    tmp_path: Path, facts: dict[str, object], lines: list[str]
) -> None:
    found = header(card_of(tmp_path, **facts))

    assert set(lines) <= set(found)


def test_what_yaml_forbids_is_escaped() -> None:
    assert quoted("a\x7f\x85\u2029\ufeff\n") == '"a\\u007f\\u0085\\u2029\\ufeff\\n"'


def test_a_card_of_bare_facts_has_no_empty_section(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.TRL_PREFERENCE), DRAFTS, BARE)

    card = (tmp_path / "r" / "README.md").read_text(encoding="utf-8")

    sections = card.split("\n## ")
    assert all(len(section.strip().splitlines()) > 1 for section in sections)
    assert "needed" not in card
    assert "None" not in card
    assert "## Uses" not in card


def test_the_card_tells_the_process_and_what_was_dropped(tmp_path: Path) -> None:
    card = card_of(tmp_path, purpose="To train helpful models.", pay="Paid by the hour.")

    for part in (
        "Which answer helps more?",
        "> Prefer what helps.",
        "| a majority found both bad | 8 |",
        "| a majority saw no difference | 8 |",
        "A tie counts among the votes; a pair with a majority of them is dropped.",
        "To train helpful models.",
        "Paid by the hour.",
        "| Agreement (Krippendorff's α) |",
        "| m-a | 24 | 24 | 50.0% |",
        "| Labelers | 6 |",
        "| Ratings per item (least, median, most) | 2, 3, 6 |",
    ):
        assert part in card


@pytest.mark.parametrize(("labelers", "told"), [(4, "fewer than 5"), (5, "5"), (1200, "1,200")])
def test_a_small_number_of_people_is_not_told(tmp_path: Path, labelers: int, told: str) -> None:
    card = card_of(tmp_path, labelers=labelers)

    assert f"| Labelers | {told} |" in card
    assert f"{told} labelers rated these items." in card


def test_a_card_never_speaks_of_opt_outs(tmp_path: Path) -> None:
    card = card_of(tmp_path).lower()

    assert "opt-out" not in card
    assert "skip" not in card
    assert "declined" not in card


def test_harm_found_is_counted_by_category_and_severity(tmp_path: Path) -> None:
    flags = harm_flags([(2, ("prv",)), (0, ())])
    harms = tuple(HarmVote(f"h-{p}", f"vendor-{p}", DAY, flags) for p in PEOPLE)

    write(tmp_path / "r", spec_of(Format.RAW), [replace(comparison("a"), harms=harms)])

    card = (tmp_path / "r" / "README.md").read_text(encoding="utf-8")
    assert "| none | S0 | 6 |\n| prv | S2 | 6 |" in card
