"""A work state survives as JSON, and a damaged record is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.record import RecordError, from_record, to_record
from labelhub.domain.welfare.timeline import NEW, RECENT, Showing, Shown, WorkState
from tests.domain.welfare.world import EXPERIENCED, ZERO

times = st.integers(0, 10**16).map(lambda ticks: ZERO + timedelta(microseconds=ticks))
spans = st.timedeltas(timedelta(0), timedelta(days=30))
severities = st.sampled_from(Severity)
maybe = st.none() | times

states = st.builds(
    WorkState,
    showing=st.none() | st.builds(Showing, severities, times, spans),
    last=st.none() | st.builds(Shown, severities, times, times, spans),
    idle_since=maybe,
    continuous=spans,
    hard=spans,
    split_from=maybe,
    long=spans,
    recent=st.lists(severities, max_size=RECENT).map(tuple),
    unbroken=st.integers(0, RECENT),
    period_start=maybe,
    day_start=maybe,
    rest_start=maybe,
    week_start=maybe,
    hard_week_start=maybe,
    first_at=maybe,
    last_hard_at=maybe,
    last_severe_at=maybe,
    severe_before=maybe,
    ramp_days=st.integers(0, 10_000),
    ramp_day_start=maybe,
    return_day=st.none() | st.integers(0, 10_000),
)


@given(states)
def test_a_state_survives_its_record(state: WorkState) -> None:
    text = json.dumps(to_record(state), allow_nan=False)

    assert from_record(json.loads(text)) == state
    assert len(text) < 1_500


@pytest.mark.parametrize("state", [NEW, EXPERIENCED])
def test_a_record_holds_whole_numbers_only(state: WorkState) -> None:
    values = to_record(state).values()

    assert all(isinstance(value, int | list | None) for value in values)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 2),
        ("version", None),
        ("recent", [0, 5]),
        ("recent", 3),
        ("recent", ["2"]),
        ("continuous", "1"),
        ("continuous", 1.5),
        ("continuous", None),
        ("idle_since", True),
        ("idle_since", 10**30),
        ("showing", [1, 2]),
        ("last", [9, 0, 0, 0]),
        ("ramp_days", None),
        ("invented", 0),
    ],
)
def test_a_damaged_record_is_refused(key: str, value: Any) -> None:
    record = {**to_record(EXPERIENCED), key: value}

    with pytest.raises(RecordError):
        from_record(record)


def test_a_record_without_a_field_is_refused() -> None:
    record = to_record(EXPERIENCED)
    del record["last_severe_at"]

    with pytest.raises(RecordError, match="last_severe_at"):
        from_record(record)
