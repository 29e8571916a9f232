"""What is a valid rating, in whose order, and that an answer can be shown again as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.instruments import harm, preference
from labelhub.domain.instruments.answers import RATIONALE_LIMIT, InvalidAnswer
from labelhub.domain.instruments.harm import CompletionHarm, HarmRating
from labelhub.domain.instruments.preference import Preference
from labelhub.domain.vocabulary import Choice, Severity

KINDS = ("hte", "prv", "vcr")


@pytest.mark.parametrize(
    ("given_", "swapped", "choice", "strength"),
    [
        ("-3", False, Choice.FIRST, 3),
        ("-3", True, Choice.SECOND, 3),
        ("1", False, Choice.SECOND, 1),
        ("1", True, Choice.FIRST, 1),
        ("0", True, Choice.TIE, 0),
        ("tie", False, Choice.TIE, 0),
        ("both_bad", True, Choice.BOTH_BAD, 0),
    ],
)
def test_a_preference_is_kept_in_the_items_order(
    given_: str,
    swapped: bool,  # noqa: FBT001 given by name
    choice: Choice,
    strength: int,
) -> None:
    answer = preference.check({"preference": [given_]}, swapped=swapped)
    assert answer == Preference(choice, strength)


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({}, "preference", "missing"),
        ({"preference": []}, "preference", "missing"),
        ({"preference": ["  "]}, "preference", "missing"),
        ({"preference": ["4"]}, "preference", "unknown"),
        ({"preference": ["both_good"]}, "preference", "unknown"),
        ({"preference": ["١"]}, "preference", "unknown"),
        (
            {"preference": ["1"], "rationale": ["x" * (RATIONALE_LIMIT + 1)]},
            "rationale", "too_long",
        ),
    ],
)  # fmt: skip
def test_other_preferences_are_not_accepted(
    fields: dict[str, list[str]], field: str, reason: str
) -> None:
    assert preference.check(fields, swapped=False) == InvalidAnswer(field, reason)


def test_a_browsers_line_ends_do_not_make_a_reason_longer() -> None:
    text = "a\r\n" * (RATIONALE_LIMIT // 2)
    answer = preference.check({"preference": ["1"], "rationale": [text]}, swapped=False)
    assert isinstance(answer, Preference)
    assert "\r" not in answer.rationale


@given(st.sampled_from(["-3", "-2", "-1", "1", "2", "3", "tie", "both_bad"]), st.booleans())
def test_a_preference_is_shown_again_as_it_was_given(
    given_: str,
    swapped: bool,  # noqa: FBT001 given by name
) -> None:
    fields = {"preference": [given_], "rationale": ["why"]}
    answer = preference.check(fields, swapped=swapped)
    assert isinstance(answer, Preference)
    assert preference.as_shown(answer, swapped=swapped) == fields


def _fields(*found: tuple[int, tuple[str, ...]]) -> dict[str, list[str]]:
    fields = {"rationale": [""]}
    for place, (severity, kinds) in enumerate(found):
        fields[f"severity-{place}"] = [str(severity)]
        fields[f"hazards-{place}"] = list(kinds)
    return fields


def _check(fields: dict[str, list[str]], *, swapped: bool = False) -> HarmRating | InvalidAnswer:
    return harm.check(fields, completions=2, categories=KINDS, swapped=swapped)


def test_a_harm_rating_is_kept_in_the_items_order() -> None:
    fields = _fields((0, ()), (3, ("vcr", "hte")))
    benign, bad = CompletionHarm(Severity.S0), CompletionHarm(Severity.S3, ("hte", "vcr"))
    assert _check(fields) == HarmRating((benign, bad))
    assert _check(fields, swapped=True) == HarmRating((bad, benign))


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        (_fields((0, ())), "severity-1", "missing"),
        (_fields((5, ()), (0, ())), "severity-0", "unknown"),
        (_fields((0, ("hte",)), (0, ())), "hazards-0", "benign_with_category"),
        (_fields((0, ()), (1, ())), "hazards-1", "missing"),
        (_fields((0, ()), (1, ("zzz",))), "hazards-1", "unknown"),
    ],
)
def test_other_harm_ratings_are_not_accepted(
    fields: dict[str, list[str]], field: str, reason: str
) -> None:
    assert _check(fields) == InvalidAnswer(field, reason)


@given(
    st.lists(
        st.one_of(
            st.just((0, ())),
            st.tuples(
                st.integers(1, 4),
                st.sets(st.sampled_from(KINDS), min_size=1).map(lambda s: tuple(sorted(s))),
            ),
        ),
        min_size=2,
        max_size=2,
    ),
    st.booleans(),
)
def test_a_harm_rating_is_shown_again_as_it_was_given(
    found: list[tuple[int, tuple[str, ...]]],
    swapped: bool,  # noqa: FBT001 given by name
) -> None:
    fields = _fields(*found)
    answer = _check(fields, swapped=swapped)
    assert isinstance(answer, HarmRating)
    assert answer.severity == max(severity for severity, _ in found)
    assert harm.as_shown(answer, swapped=swapped) == fields
