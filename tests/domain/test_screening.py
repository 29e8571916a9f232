"""What an item is served as, and whether it can be read in the time it may be shown."""

from datetime import timedelta

import pytest

from labelhub.domain.screening import NOT_SCREENED, Declared, readable, screened, words
from labelhub.domain.vocabulary import Severity, SeveritySource

LONGEST = tuple(timedelta(minutes=m) for m in (30, 10, 6, 4, 2))


def test_the_items_own_severity_comes_first() -> None:
    found = screened(Severity.S3, Declared.S0, Severity.S4)
    assert (found.severity, found.source, found.tier) == (
        Severity.S3,
        SeveritySource.COLUMN,
        Severity.S3,
    )


def test_nobodys_word_is_no_screening() -> None:
    assert screened(None, None, Severity.S4) == NOT_SCREENED


@pytest.mark.parametrize(
    ("highest", "tier"),
    [(Severity.S0, Severity.S2), (Severity.S2, Severity.S2), (Severity.S3, Severity.S3)],
)
def test_unknown_is_the_projects_highest_and_at_least_s2(highest: Severity, tier: Severity) -> None:
    found = screened(None, Declared.UNKNOWN, highest)
    assert (found.severity, found.source, found.tier) == (None, SeveritySource.UNKNOWN, tier)


@pytest.mark.parametrize(
    ("count", "tier", "fits"),
    [
        (399, Severity.S4, True),
        (400, Severity.S4, True),
        (401, Severity.S4, False),
        (6_000, Severity.S0, True),
        (6_001, Severity.S0, False),
        (6_001, None, False),
        (6_000, None, True),
    ],
)
def test_a_text_must_be_readable_within_its_longest_display(
    count: int, tier: Severity | None, *, fits: bool
) -> None:
    assert (readable(count, tier, LONGEST) is None) is fits


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two words", 2),
        ("  spaced   out  ", 2),
        ("x" * 120, 10),
        ("今天天气很好", 6),
        ("mixed 今天 text", 4),
        ("", 0),
    ],
)
def test_words_are_counted_as_reading_time_needs_them(text: str, count: int) -> None:
    assert words(text) == count
