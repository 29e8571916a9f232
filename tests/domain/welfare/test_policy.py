"""A policy is read exactly, never looser than its ceilings, and only tightens."""

import copy
from datetime import time, timedelta

import pytest

from labelhub.domain.welfare.limits import LimitId, PolicyError
from labelhub.domain.welfare.night import Night
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.ramp import RampStep, RampUp
from tests.domain.welfare.world import (
    S1,
    S2,
    S3,
    S4,
    SHIPPED,
    SHIPPED_MAPPING,
    document,
    hours,
    layer,
    minutes,
)

SHIPPED_VALUES = {
    "weights": (0, 1, 6, 20, 60),
    "longest_display": tuple(minutes(n) for n in (30, 10, 6, 4, 2)),
    "dose_hour": 240 * 60,
    "dose_day": 960 * 60,
    "dose_week": 3_840 * 60,
    "dose_month": 11_520 * 60,
    "mix_action": 25,
    "declaration_action": 50,
    "notice_action": 75,
    "severe_hour": 1,
    "severe_day": 4,
    "severe_week": 12,
    "run_graphic": 2,
    "run_hard": 4,
    "mix": 6,
    "continuous_work": minutes(50),
    "work_break": minutes(10),
    "hard_work": minutes(20),
    "hard_break": minutes(15),
    "split_first": minutes(5),
    "split_second": minutes(10),
    "long_work": hours(4),
    "long_break": minutes(30),
    "work_day_hard": hours(6),
    "work_day": hours(8),
    "work_span": hours(10),
    "daily_rest": hours(11),
    "work_week": hours(40),
    "weekly_rest": hours(35),
    "hard_rest": hours(60),
    "cool_down": minutes(15),
    "cool_down_again": minutes(30),
    "period_start": minutes(10),
    "shift_end": minutes(30),
    "night": Night(time(20), time(7)),
    "ramp_up": RampUp(
        (
            RampStep(1, S1, 100),
            RampStep(4, S2, 25),
            RampStep(7, S3, 50),
            RampStep(11, S3, 75),
            RampStep(21, S4, 100),
        )
    ),
    "return_gap": timedelta(days=14),
    "return_percent": 50,
    "return_days": 3,
    "consent_s2": timedelta(days=180),
    "consent_s3": timedelta(days=90),
    "consent_s4": timedelta(days=30),
    "delay_labeler": hours(24),
    "delay_others": timedelta(days=7),
    "discretionary_break": minutes(30),
    "check_in_interval": minutes(60),
}
"""Part B of working-standards.md, read a second time."""

AT_CEILING = {
    "dose_hour": (400, 401),
    "dose_day": (1_600, 1_601),
    "dose_week": (6_400, 6_401),
    "dose_month": (19_200, 19_201),
    "mix_action": (25, 26),
    "declaration_action": (50, 51),
    "notice_action": (75, 76),
    "severe_hour": (2, 3),
    "severe_day": (6, 7),
    "severe_week": (18, 19),
    "run_graphic": (3, 4),
    "run_hard": (6, 7),
    "mix": (8, 9),
    "continuous_work": (60, 61),
    "work_break": (5, 4),
    "hard_work": (30, 31),
    "hard_break": (10, 9),
    "split_first": (5, 4),
    "split_second": (10, 9),
    "long_work": (270, 271),
    "long_break": (30, 29),
    "work_day_hard": (7, 8),
    "work_day": (9, 10),
    "work_span": (12, 13),
    "daily_rest": (10, 9),
    "work_week": (48, 49),
    "weekly_rest": (30, 29),
    "hard_rest": (48, 47),
    "cool_down": (10, 9),
    "cool_down_again": (20, 19),
    "period_start": (5, 4),
    "shift_end": (15, 14),
    "night": (["22:00", "06:00"], ["22:01", "06:00"]),
    "return_gap": (14, 15),
    "return_percent": (50, 51),
    "return_days": (3, 2),
    "consent_s2": (180, 181),
    "consent_s3": (90, 91),
    "consent_s4": (30, 31),
    "delay_labeler": (24, 23),
    "delay_others": (7, 6),
    "discretionary_break": (15, 14),
    "check_in_interval": (60, 59),
    "weights": ([0, 1, 6, 20, 60], [0, 1, 6, 19, 60]),
    "longest_display": ([30, 10, 6, 4, 2], [30, 10, 6, 4, 3]),
    "ramp_up": (
        [
            {"from_day": 1, "severity": "S3", "percent": 100},
            {"from_day": 11, "severity": "S4", "percent": 100},
        ],
        [
            {"from_day": 1, "severity": "S3", "percent": 100},
            {"from_day": 10, "severity": "S4", "percent": 100},
        ],
    ),
}
"""For each key the ceiling of working-standards.md, accepted, and the next looser value."""


def test_the_shipped_policy_is_the_standard() -> None:
    assert {name: getattr(SHIPPED, name) for name in bounds()} == SHIPPED_VALUES


def test_every_limit_of_the_standard_has_a_value() -> None:
    assert {bound.limit for bound in bounds().values()} == set(LimitId)


def test_the_shipped_file_names_sources_and_ids() -> None:
    for key, entry in SHIPPED_MAPPING["limits"].items():
        assert entry["source"]
        assert entry["limit"] == bounds()[key].limit


def test_a_policy_survives_its_file() -> None:
    assert Policy.from_mapping(SHIPPED.to_mapping()) == SHIPPED
    assert Policy.from_mapping(ceiling().to_mapping()) == ceiling()


@pytest.mark.parametrize("key", AT_CEILING)
def test_a_value_at_its_ceiling_is_accepted_and_the_next_looser_is_not(key: str) -> None:
    accepted, looser = AT_CEILING[key]

    assert getattr(layer(**{key: accepted}), key) == bounds()[key].ceiling
    with pytest.raises(PolicyError) as refused:
        layer(**{key: looser})
    assert key in str(refused.value)
    assert repr(looser) in str(refused.value)
    assert "looser than the ceiling" in str(refused.value)
    assert bounds()[key].allowed in str(refused.value)


def test_every_value_has_its_ceiling_tested() -> None:
    assert AT_CEILING.keys() == bounds().keys()


def test_a_refusal_says_key_value_and_range() -> None:
    with pytest.raises(PolicyError) as refused:
        layer(dose_hour=500)

    assert str(refused.value) == (
        "dose_hour: 500 is looser than the ceiling; allowed: 0 to 400 points (L-02)"
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("dose_hour", -1, "out of range"),
        ("dose_hour", 1.5, "not a whole number"),
        ("dose_hour", "240", "not a whole number"),
        ("dose_hour", True, "not a whole number"),
        ("dose_hour", None, "not a whole number"),
        ("dose_hour", float("nan"), "not a whole number"),
        ("dose_hour", 10**400, "out of range"),
        ("work_break", 501, "out of range"),
        ("work_break", 10**400, "out of range"),
        ("delay_others", -7, "out of range"),
        ("weights", [0, 1, 6, 20], "not a list of 5"),
        ("weights", [1, 1, 6, 20, 60], "out of range"),
        ("weights", 60, "not a list of 5"),
        ("night", "20:00", "not a pair"),
        ("night", ["20:00"], "not a pair"),
        ("night", ["8pm", "7am"], "not a time"),
        ("night", ["24:00", "07:00"], "not a time"),
        ("night", ["20:60", "07:00"], "not a time"),
        ("night", ["01:00", "07:00"], "begin after noon"),
        ("night", ["20:00", "12:00"], "begin after noon"),
        ("ramp_up", [], "not a list of steps"),
        ("ramp_up", {}, "not a list of steps"),
        ("ramp_up", [{"from_day": 2, "severity": "S1", "percent": 100}], "begin on day 1"),
        ("ramp_up", [{"from_day": 1, "severity": "S9", "percent": 100}], "none of S0 to S4"),
        ("ramp_up", [{"from_day": 1, "severity": "S1", "percent": 101}], "more than 100"),
        ("ramp_up", [{"from_day": 1, "severity": "S1"}], "exactly from_day"),
        ("ramp_up", [[1, "S1", 100]], "exactly from_day"),
        ("ramp_up", [{"from_day": 1, "severity": ["S1"], "percent": 1}], "none of S0 to S4"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused(key: str, value: object, message: str) -> None:
    with pytest.raises(PolicyError, match=message) as refused:
        layer(**{key: value})
    assert str(refused.value).startswith(f"{key}: ")


def test_unknown_keys_units_and_forms_are_refused() -> None:
    for change, message in (
        ({"limits": {"dose_minute": {"value": 1, "unit": "points"}}}, "dose_minute unknown"),
        ({"limits": {"dose_hour": {"value": 1, "unit": "hours"}}}, "unit 'hours' is not 'points'"),
        ({"limits": {"dose_hour": {"value": 1}}}, "value and unit"),
        ({"limits": {"dose_hour": 1}}, "value and unit"),
        ({"limits": {"dose_hour": {"value": 1, "unit": "points", "max": 2}}}, "max unknown"),
        (
            {"limits": {"dose_hour": {"value": 1, "unit": "points", "limit": "L-03"}}},
            "limit 'L-03' is not 'L-02'",
        ),
        ({"limits": []}, "not an object"),
        ({"schema": "labelhub-policy-v9"}, "is not 'labelhub-policy-v1'"),
        ({"off": True}, "off unknown"),
    ):
        with pytest.raises(PolicyError, match=message):
            Policy.from_mapping({**document(), **change}, partial=True)


def test_a_whole_policy_names_every_limit() -> None:
    incomplete = copy.deepcopy(SHIPPED_MAPPING)
    del incomplete["limits"]["cool_down"]

    with pytest.raises(PolicyError, match="cool_down missing"):
        Policy.from_mapping(incomplete)
