"""Whoever sets limits, they hold at the desk: also where nobody had set any before."""

from datetime import timedelta

import pytest

from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.policy import Policy
from labelhub.store import labelers, policies
from labelhub.store.database import Database
from tests.worlds import Desk, HandClock, lay_desk

TIGHT = 7  # points
TIGHT_PS = TIGHT * 60
LATER = timedelta(hours=1)


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    return lay_desk(database, clock)


def _set(
    database: Database, layer: Layer, subject: str, clock: HandClock, after: timedelta
) -> None:
    limits = {"dose_hour": {"value": TIGHT, "unit": "points", "limit": "L-02"}}
    mapping = {"schema": "labelhub-policy-v1", "limits": limits}
    tight, now = Policy.from_mapping(mapping, partial=True), clock.now()
    database.run(
        lambda s: policies.commit(s, layer, subject, tight, now=now, effective_at=now + after)
    )


def _hourly(database: Database, desk: Desk, clock: HandClock, place: int = 0) -> int:
    person = desk.labelers[place]

    def locked(session: object) -> labelers.Locked | None:
        turn = labelers.take_turn(session, person, clock)  # type: ignore[arg-type]
        return labelers.lock_state(session, turn, desk.slug)  # type: ignore[arg-type]

    found = database.run(locked)
    assert found is not None
    return found.state.policy.dose_hour


def _subject(desk: Desk, layer: Layer) -> str:
    return {
        Layer.INSTALLATION: "",
        Layer.VENDOR: desk.vendor.hex,
        Layer.PROJECT: desk.project.hex,
        Layer.LABELER: desk.labelers[0].hex,
    }[layer]


@pytest.mark.parametrize("layer", list(Layer))
def test_each_layer_holds(database: Database, desk: Desk, clock: HandClock, layer: Layer) -> None:
    assert _hourly(database, desk, clock) == policies.shipped().dose_hour

    _set(database, layer, _subject(desk, layer), clock, timedelta())

    assert _hourly(database, desk, clock) == TIGHT_PS


def test_another_persons_limit_does_not(database: Database, desk: Desk, clock: HandClock) -> None:
    _set(database, Layer.LABELER, desk.labelers[0].hex, clock, timedelta())

    assert _hourly(database, desk, clock, place=1) == policies.shipped().dose_hour


def test_one_that_is_set_for_later_holds_from_then(
    database: Database, desk: Desk, clock: HandClock
) -> None:
    _set(database, Layer.PROJECT, desk.project.hex, clock, LATER)
    assert _hourly(database, desk, clock) == policies.shipped().dose_hour

    clock.pass_(LATER)

    assert _hourly(database, desk, clock) == TIGHT_PS
