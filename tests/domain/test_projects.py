"""What a project may declare, and how a declaration may change."""

from dataclasses import replace

import pytest

from labelhub.domain.projects import (
    Begun,
    Declaration,
    Fault,
    changed,
    guidelines_problems,
    problems,
    slug_problems,
)
from labelhub.domain.taxonomy import HazardCategory
from labelhub.domain.vocabulary import Severity

GOOD = Declaration("Pilot", hazards=(HazardCategory("hte", "Hate"),))
FRESH = Begun(has_items=False, has_joined=False)
ITEMS = Begun(has_items=True, has_joined=False)
JOINED = Begun(has_items=True, has_joined=True)


def test_a_plain_declaration_is_fine() -> None:
    assert problems(GOOD) == ()


@pytest.mark.parametrize(("overlap", "fine"), [(0, False), (1, True), (50, True), (51, False)])
def test_overlap_has_bounds(overlap: int, *, fine: bool) -> None:
    assert (problems(replace(GOOD, overlap=overlap)) == ()) is fine


@pytest.mark.parametrize(("veil", "fine"), [(0, False), (1, True), (5, True), (6, False)])
def test_the_veil_has_bounds(veil: int, *, fine: bool) -> None:
    assert (problems(replace(GOOD, veil_tier=veil)) == ()) is fine


@pytest.mark.parametrize(
    ("highest", "fine"), [(Severity.S0, True), (Severity.S1, True), (Severity.S2, False)]
)
def test_from_s2_on_people_are_told(highest: Severity, *, fine: bool) -> None:
    assert (problems(replace(GOOD, max_severity=highest)) == ()) is fine
    assert problems(replace(GOOD, max_severity=highest, content_notice="Hate speech.")) == ()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_can_hold_is_refused(text: str) -> None:
    assert problems(replace(GOOD, content_notice=text))[0].fault is Fault.NOT_TEXT
    assert guidelines_problems(text)[0].fault is Fault.NOT_TEXT


@pytest.mark.parametrize(
    ("slug", "fine"),
    [
        ("pilot", True),
        ("p", True),
        ("pilot-2", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("-pilot", False),
        ("pilot-", False),
        ("Pilot", False),
        ("pilot/2", False),
        ("pilot\n", False),
        ("", False),
    ],
)
def test_a_short_name_fits_an_address(slug: str, *, fine: bool) -> None:
    assert (slug_problems(slug) == ()) is fine


@pytest.mark.parametrize(
    ("begun", "overlap", "fine"),
    [(FRESH, 1, True), (ITEMS, 1, False), (ITEMS, 2, True), (ITEMS, 3, True)],
)
def test_overlap_only_rises_once_there_are_items(begun: Begun, overlap: int, *, fine: bool) -> None:
    current = replace(GOOD, overlap=2)
    assert (changed(current, replace(current, overlap=overlap), begun) == ()) is fine


@pytest.mark.parametrize(
    ("begun", "highest", "fine"),
    [
        (ITEMS, Severity.S3, True),
        (JOINED, Severity.S3, False),
        (JOINED, Severity.S2, True),
        (JOINED, Severity.S1, True),
    ],
)
def test_the_highest_severity_only_falls_once_people_joined(
    begun: Begun, highest: Severity, *, fine: bool
) -> None:
    current = replace(GOOD, max_severity=Severity.S2, content_notice="Hate speech.")
    assert (changed(current, replace(current, max_severity=highest), begun) == ()) is fine


@pytest.mark.parametrize(
    ("begun", "veil", "fine"), [(ITEMS, 4, True), (JOINED, 3, False), (JOINED, 1, True)]
)
def test_the_veil_only_falls_once_people_joined(begun: Begun, veil: int, *, fine: bool) -> None:
    current = replace(GOOD, veil_tier=2)
    assert (changed(current, replace(current, veil_tier=veil), begun) == ()) is fine
