"""A check-in's value: within its scale, with a time, and read back as it was written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from labelhub.domain.check_ins import LONGEST_WORDS, CheckIn

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "check_in",
    [
        CheckIn(NOON, 0),
        CheckIn(NOON, 10, "naïve\n“words” \U0001f642"),
        CheckIn(NOON, 5, "x" * 2000),
    ],
)
def test_what_was_written_is_read_back(check_in: CheckIn) -> None:
    assert CheckIn.from_document(check_in.to_document()) == check_in


@pytest.mark.parametrize(
    ("at", "feeling", "words"),
    [
        (NOON, -1, ""),
        (NOON, 11, ""),
        (NOON, 5, "x" * (LONGEST_WORDS + 1)),
        (NOON.replace(tzinfo=None), 5, ""),
    ],
)
def test_what_is_no_check_in_cannot_be_made(at: datetime, feeling: int, words: str) -> None:
    with pytest.raises(ValueError, match="check-in"):
        CheckIn(at, feeling, words)


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"}, {"at": 5}, {"at": "2026-03-02T12:00:00"}, {"feeling": "5"},
        {"feeling": 11}, {"feeling": True}, {"feeling": None}, {"words": None}, {"words": 7},
    ],
)  # fmt: skip
def test_another_document_is_no_check_in(change: dict[str, Any]) -> None:
    good = CheckIn(NOON, 5, "words").to_document()

    assert CheckIn.from_document({**good, **change}) is None
    assert CheckIn.from_document({}) is None
