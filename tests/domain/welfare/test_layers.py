"""Layers combine to the strictest, and each limit remembers whose it is."""

from datetime import time

import pytest

from labelhub.domain.welfare.layers import Layer, effective, loosened
from labelhub.domain.welfare.night import Night
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.ramp import RampStep, RampUp
from tests.domain.welfare.world import S1, S2, S3, S4, SHIPPED, layer


def test_an_empty_layer_says_nothing() -> None:
    assert SHIPPED.tightened_by(layer()) == SHIPPED


def test_each_limit_comes_from_the_layer_that_asked_for_it_first() -> None:
    result = effective(
        {
            Layer.LABELER: layer(dose_hour=50, mix=4),
            Layer.INSTALLATION: SHIPPED,
            Layer.VENDOR: layer(dose_hour=100, work_break=12),
            Layer.PROJECT: layer(dose_hour=200, mix=4, night=["21:00", "08:00"]),
        }
    )

    assert result.policy.dose_hour == 50 * 60
    assert result.policy.mix == 4
    assert result.policy.night == Night(time(20), time(8))
    assert result.set_by["dose_hour"] is Layer.LABELER
    assert result.set_by["mix"] is Layer.PROJECT
    assert result.set_by["work_break"] is Layer.VENDOR
    assert result.set_by["night"] is Layer.PROJECT
    assert result.set_by["cool_down"] is Layer.INSTALLATION


def test_ceilings_hold_even_against_a_layer_that_is_beyond_them() -> None:
    beyond = layer().tightened_by(SHIPPED)
    loose = {name: getattr(beyond, name) for name in bounds()} | {"dose_hour": 10**9}

    result = effective({Layer.INSTALLATION: Policy(**loose)})

    assert result.policy.dose_hour == 400 * 60


def test_without_an_installation_layer_there_is_no_policy() -> None:
    with pytest.raises(KeyError):
        effective({Layer.PROJECT: SHIPPED})


def test_a_loosening_is_named_value_by_value() -> None:
    looser = layer(dose_hour=300, work_break=9).tightened_by(ceiling())

    assert {"dose_hour", "work_break"} <= set(loosened(SHIPPED, looser))
    assert loosened(looser, looser.tightened_by(SHIPPED)) == ()
    assert loosened(SHIPPED, SHIPPED.tightened_by(layer(mix=3))) == ()


def test_a_ramp_up_allows_each_day_the_lower_of_both() -> None:
    one = RampUp((RampStep(1, S1, 100), RampStep(10, S4, 50)))
    two = RampUp((RampStep(1, S2, 20), RampStep(5, S3, 100)))

    assert one.with_other(two).steps == (
        RampStep(1, S1, 20),
        RampStep(5, S1, 100),
        RampStep(10, S3, 50),
    )
