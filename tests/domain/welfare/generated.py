"""Generated policies, states, candidates and stories for the properties."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.dose import Charge
from labelhub.domain.welfare.facts import OptOuts
from labelhub.domain.welfare.limits import Bound, PolicyError
from labelhub.domain.welfare.night import Night
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.ramp import RampStep, RampUp
from tests.domain.welfare.world import (
    EXPERIENCED,
    S0,
    S1,
    S2,
    S3,
    S4,
    SECOND,
    SHIPPED,
    ZERO,
    asked,
)

severities = st.sampled_from(Severity)
seconds = st.integers(0, 40_000).map(lambda number: number * SECOND)
lately = st.none() | st.integers(0, 700_000).map(lambda number: ZERO - number * SECOND)

nights = st.builds(
    Night,
    st.integers(12, 22).map(time),
    st.integers(6, 11).map(time),
)
ramps = st.lists(
    st.builds(RampStep, st.integers(1, 30), severities, st.integers(0, 100)), max_size=4
).map(
    lambda steps: RampUp(
        (
            RampStep(1, S3, 90),
            *sorted({s.from_day: s for s in steps if s.from_day > 1}.values(), key=_day),
        )
    ).with_other(ceiling().ramp_up)
)


def _day(step: RampStep) -> int:
    return step.from_day


def _choices(bound: Bound) -> list[Any]:
    """Return values between the ceiling and half or double of it, as a file can write them."""
    written = bound.write(bound.ceiling)
    found = [bound.ceiling]
    for eighths in (4, 5, 6, 7, 9, 10, 12, 16):
        scaled = (
            [number * eighths // 8 for number in written]
            if isinstance(written, list)
            else int(str(written)) * eighths // 8
        )
        try:
            value = bound.read(scaled)
        except PolicyError:
            continue
        found += [value] if bound.accepts(value) else []
    return found


CHOICES = {
    name: _choices(bound) for name, bound in bounds().items() if name not in {"night", "ramp_up"}
}
policies = st.builds(
    lambda picks, night, ramp: ceiling().tightened_by(
        Policy(
            night=night,
            ramp_up=ramp,
            **{
                name: choices[pick % len(choices)]
                for (name, choices), pick in zip(CHOICES.items(), picks, strict=True)
            },
        )
    ),
    st.binary(min_size=len(CHOICES), max_size=len(CHOICES)),
    nights,
    ramps,
)


def ago(least: int, most: int) -> st.SearchStrategy[datetime]:
    """Draw a moment some minutes before ZERO."""
    return st.integers(least, most).map(lambda number: ZERO - timedelta(minutes=number))


def span(most: int) -> st.SearchStrategy[timedelta]:
    """Draw a number of minutes."""
    return st.integers(0, most).map(lambda number: timedelta(minutes=number))


works = st.builds(
    lambda recent, unbroken, **fields: replace(
        EXPERIENCED, recent=tuple(recent), unbroken=min(unbroken, len(recent)), **fields
    ),
    recent=st.lists(severities, max_size=5),
    unbroken=st.integers(0, 5),
    idle_since=ago(0, 20) | ago(0, 6_000),
    continuous=span(55),
    hard=span(22),
    long=span(250),
    split_from=st.none() | ago(20, 90),
    period_start=ago(0, 120),
    day_start=ago(20, 660),
    rest_start=ago(661, 2_000),
    week_start=ago(20, 8_000),
    hard_week_start=ago(20, 8_000),
    last_hard_at=ago(0, 21_000),
    last_severe_at=st.none() | ago(0, 60) | ago(0, 2_000),
    severe_before=st.none() | ago(60, 2_000),
    ramp_days=st.integers(1, 30) | st.integers(21, 60),
    ramp_day_start=ago(20, 1_500),
)

charges_lists = st.lists(
    st.tuples(st.integers(0, 700_000), severities, st.integers(0, 360)), max_size=6
).map(
    lambda rows: tuple(
        Charge(ZERO - ago * SECOND, severity, active, SHIPPED.weights[severity] * max(60, active))
        for ago, severity, active in sorted(rows, reverse=True)
    )
)

candidates = st.builds(
    asked,
    st.sampled_from([S2, S3, S4, S1, S0, S2]),
    words=st.integers(0, 250),
    hazards=st.sets(st.sampled_from(["hate", "privacy"])).map(tuple),
)

opt_outs = st.builds(
    OptOuts,
    categories=st.frozensets(st.sampled_from(["hate", "privacy"])),
    severity=st.none() | severities,
    today_at=lately,
)


doubts = st.fixed_dictionaries(
    {},
    optional={
        "opt_outs": opt_outs,
        "consents": st.just({}),
        "clock_verified": st.just(value=False),
        "local_now": st.none(),
        "highest_tier": severities,
        "suspended": st.just(value=True),
    },
)


steps = st.lists(
    st.tuples(
        severities,
        st.sampled_from([0, 1, 60, 299, 300, 301, 599, 600, 899, 900, 1_800, 3_600, 50_000]),
        st.sampled_from([1, 60, 90, 300, 1_800]),
    ),
    max_size=16,
)
