"""The rules of loosening by themselves: what may be asked for, and when a second yes counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.layers import Layer, loosened
from labelhub.domain.welfare.limits import PolicyError
from labelhub.domain.welfare.loosening import (
    FRESH,
    Answer,
    Change,
    LoosensError,
    NotAskableError,
    Request,
    Yes,
    check_askable,
    delay_of,
    fresh_sign_in,
    loosened_to,
    second_yes,
    tightened,
)
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.policy_file import SCHEMA
from labelhub.domain.welfare.policy_text import LONGEST, parse
from tests.domain.welfare.generated import policies
from tests.domain.welfare.world import SHIPPED, layer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, WEEK, TICK = timedelta(days=1), timedelta(days=7), timedelta(microseconds=1)
ASKER, OTHER = PersonId(uuid4()), PersonId(uuid4())


def change(**values: object) -> Change:
    limits = {name: {"value": v, "unit": str(bounds()[name].unit)} for name, v in values.items()}
    return Change.from_mapping({"schema": SCHEMA, "limits": limits})


def request(of: Layer = Layer.VENDOR) -> Request:
    wait = DAY if of is Layer.LABELER else WEEK
    return Request(uuid4(), of, "", change(dose_hour=200), ASKER, NOON, NOON + wait)


def yes(person: PersonId = OTHER, *, entitled: bool = True, fresh: bool = True) -> Yes:
    return Yes(person, entitled, fresh)


@pytest.mark.parametrize(
    ("after", "answer"),
    [(timedelta(), Answer.EARLY), (WEEK - TICK, Answer.EARLY), (WEEK, Answer.DONE)],
)
def test_a_second_yes_counts_from_the_very_end_of_its_delay(
    after: timedelta, answer: Answer
) -> None:
    assert second_yes(request(), yes(), WEEK, NOON + after) is answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (yes(ASKER), Answer.SAME_PERSON),
        (yes(fresh=False), Answer.OLD_SIGN_IN),
        (yes(entitled=False), Answer.GONE),
        (yes(ASKER, entitled=False, fresh=False), Answer.GONE),
        (yes(), Answer.DONE),
    ],
)
def test_a_second_yes_takes_another_person_with_the_role_and_a_fresh_sign_in(
    said: Yes, answer: Answer
) -> None:
    assert second_yes(request(), said, WEEK, NOON + WEEK) is answer


def test_a_labeler_says_both_yeses_and_needs_no_new_sign_in() -> None:
    own = request(Layer.LABELER)
    assert second_yes(own, yes(ASKER, fresh=False), DAY, NOON + DAY) is Answer.DONE
    assert second_yes(own, yes(ASKER, entitled=False), DAY, NOON + DAY) is Answer.GONE


def test_the_longer_of_both_delays_counts() -> None:
    assert second_yes(request(), yes(), 2 * WEEK, NOON + 2 * WEEK - TICK) is Answer.EARLY
    assert second_yes(request(), yes(), DAY, NOON + WEEK - TICK) is Answer.EARLY


@pytest.mark.parametrize(
    ("ago", "fresh"),
    [(timedelta(), True), (FRESH - TICK, True), (FRESH, False), (-TICK, False)],
)
def test_a_sign_in_is_fresh_for_a_quarter_of_an_hour(ago: timedelta, *, fresh: bool) -> None:
    assert fresh_sign_in(NOON - ago, NOON) is fresh


def test_only_a_labelers_own_wait_the_shorter_delay() -> None:
    waits = {each: delay_of(each, SHIPPED) for each in Layer}
    assert waits.pop(Layer.LABELER) == DAY
    assert set(waits.values()) == {WEEK}


@settings(deadline=None)
@given(policies, policies, policies, st.sets(st.sampled_from(list(bounds())), min_size=1))
@example(SHIPPED, ceiling(), layer(dose_hour=300), {"dose_hour"})
@example(ceiling(), SHIPPED, layer(dose_hour=200), {"dose_hour"})
def test_tightening_never_loosens_whatever_is_asked(
    own: Policy, outer: Policy, wanted: Policy, names: set[str]
) -> None:
    named = replace(ceiling(), **{name: getattr(wanted, name) for name in names})
    before = outer.tightened_by(own)
    try:
        after = tightened(own, outer, Change(tuple(sorted(names)), named))
    except LoosensError as error:
        refused = set(error.names)
    else:
        assert loosened(before, outer.tightened_by(after)) == ()
        assert loosened(own, after) == ()
        refused = set()
    assert refused == names & set(loosened(before, named))


@settings(deadline=None)
@given(policies, policies, policies, st.sampled_from(list(bounds())))
def test_what_may_be_asked_for_never_goes_beyond_the_outer_layers(
    own: Policy, outer: Policy, wanted: Policy, name: str
) -> None:
    asked = Change((name,), wanted)
    try:
        check_askable(own, outer, asked)
    except NotAskableError:
        return
    after = loosened_to(own, asked)
    assert loosened(outer, outer.tightened_by(after)) == ()
    assert loosened(own, after) == (name,)


def test_a_loosening_changes_the_named_limits_alone() -> None:
    own = SHIPPED.tightened_by(layer(dose_hour=100, mix=3))
    after = loosened_to(own, change(dose_hour=150))

    assert after.dose_hour == 150 * 60
    assert all(
        getattr(after, name) == getattr(own, name) for name in bounds() if name != "dose_hour"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"dose_hour": 100}, "dose_hour: 100 points is not looser than what this layer has set"),
        ({"dose_hour": 241}, "241 points is looser than what holds outside this layer"),
        ({"dose_hour": 241}, "accepted is at most 240 points"),
        ({"dose_day": 960}, "is not looser"),
        ({"night": ["18:00", "08:00"]}, "is not looser"),
        ({"night": ["20:30", "08:00"]}, "looser than what holds outside"),
    ],
)
def test_what_may_be_asked_for_lies_between_the_layer_and_the_outer_ones(
    asked: dict[str, object], said: str
) -> None:
    own = layer(dose_hour=100, dose_day=960, night=["19:00", "08:00"])
    with pytest.raises(NotAskableError, match=said):
        check_askable(own, SHIPPED, change(**asked))


@pytest.mark.parametrize(
    "asked", [{"dose_hour": 101}, {"dose_hour": 240}, {"night": ["20:00", "08:00"]}]
)
def test_less_of_ones_own_may_be_asked_for(asked: dict[str, object]) -> None:
    own = layer(dose_hour=100, night=["19:00", "08:00"])
    check_askable(own, SHIPPED, change(**asked))


def test_a_change_is_written_and_read_alike() -> None:
    own = change(dose_hour=100, night=["19:00", "08:00"])
    assert Change.from_mapping(own.to_mapping()) == own
    assert own.without({"dose_hour"}).names == ("night",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: is not JSON"),
        ("[]", "not a JSON object"),
        ("{\n}{", "line 2: is not JSON"),
        ('{"a": 1, "a": 1}', "a: named twice"),
        ('{"a": Infinity}', "Infinity is not a number"),
        ('{"a": 1' + "0" * 5_000 + "}", "no JSON that can be read"),
        ("{" + '"a": {' * 7 + "}" * 8, "nested deeper"),
        ('{"a": "' + "x" * LONGEST + '"}', "longer than"),
    ],
)
def test_text_that_is_no_policy_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        parse(text)


def test_a_refusal_repeats_no_more_than_a_line_of_what_was_sent() -> None:
    huge = {"schema": SCHEMA, "limits": {"mix": {"value": "x" * 50_000, "unit": "items"}}}
    with pytest.raises(PolicyError) as refused:
        Policy.from_mapping(huge, partial=True)
    assert len(str(refused.value)) < 300
