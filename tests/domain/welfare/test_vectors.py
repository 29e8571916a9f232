"""The test vectors V1 to V14 of working-standards.md, B.2; times in seconds from the start."""

from datetime import timedelta

from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import hidden, served, settled
from labelhub.domain.welfare.verdicts import Admission
from tests.domain.welfare.world import (
    AMINA,
    EXPERIENCED,
    ITEM,
    S0,
    S1,
    S2,
    S3,
    S4,
    VECTORS,
    Desk,
    admitted,
    at,
    refused_by,
)


def test_v1_a_third_graphic_item_in_a_row_is_refused() -> None:
    desk = Desk()
    desk.serves(S3, 0)
    desk.serves(S3, 60)

    assert refused_by(desk.ask(S3, 120)) == {LimitId.L_08}


def test_v2_one_benign_item_does_not_clear_a_run() -> None:
    desk = Desk()
    desk.serves(S3, 0)
    desk.serves(S3, 60)
    desk.serves(S0, 120)

    assert refused_by(desk.ask(S3, 180)) == {LimitId.L_08}


def test_v3_two_benign_items_clear_a_run() -> None:
    desk = Desk()
    for severity, second in ((S3, 0), (S3, 60), (S0, 120), (S0, 180), (S3, 240)):
        desk.serves(severity, second)


def test_v4_a_cool_down_holds_hard_content_for_fifteen_minutes_and_lets_mild_pass() -> None:
    desk = Desk()
    desk.serves(S4, 0)

    assert refused_by(desk.ask(S2, 600)) == {LimitId.L_16}
    desk.serves(S1, 600)
    assert refused_by(desk.ask(S2, 959)) == {LimitId.L_16}
    desk.serves(S2, 960)


def test_v5_a_second_severe_item_waits_an_hour_and_cools_down_for_thirty_minutes() -> None:
    desk = Desk()
    desk.serves(S4, 0)
    desk.serves(S1, 600)
    desk.serves(S2, 960)

    assert refused_by(desk.ask(S4, 3_600)) == {LimitId.L_07}
    assert refused_by(desk.ask(S4, 3_659)) == {LimitId.L_07}
    desk.serves(S4, 3_660)
    assert refused_by(desk.ask(S2, 5_519)) == {LimitId.L_16}
    desk.serves(S2, 5_520)


def test_v6_a_severe_item_is_hidden_after_two_minutes_and_charged_for_them() -> None:
    granted = Desk().serves(S4, 0, active=600).granted
    showing = served(EXPERIENCED, VECTORS, S4, granted, at(0))

    still, none_yet = settled(showing, VECTORS, at(119))
    assert still.showing is not None
    assert none_yet is None
    _, charge = settled(showing, VECTORS, at(600))
    assert charge is not None
    assert charge.hidden_at == at(120)
    assert charge.charge_ps == 7_200


def test_v7_ten_seconds_are_charged_as_a_minute() -> None:
    showing = served(EXPERIENCED, VECTORS, S3, timedelta(seconds=240), at(0))

    _, charge = hidden(showing, VECTORS, at(10))

    assert charge is not None
    assert charge.charge_ps == 1_200


def test_v8_the_thirteenth_graphic_item_is_refused_by_hourly_points() -> None:
    desk = Desk()
    for turn in range(24):
        desk.serves((S3, S3, S0, S0)[turn % 4], turn * 60)

    assert [charge.severity for charge in desk.charges].count(S3) == 12
    assert refused_by(desk.ask(S3, 1_440)) == {LimitId.L_02}


def test_v9_continuous_work_ends_in_a_break_of_ten_minutes() -> None:
    desk = Desk()
    for turn in range(33):
        desk.serves(S0, turn * 90, active=90)

    assert refused_by(desk.ask(S0, 2_970)) == {LimitId.L_10}
    assert refused_by(desk.ask(S0, 2_970 + 599)) == {LimitId.L_10}
    assert admitted(desk.ask(S0, 2_970 + 600))


def test_v10_hard_content_waits_for_one_gap_of_fifteen_minutes_however_often_asked() -> None:
    desk = _after_twenty_hard_minutes()

    for gap in (0, 300, 600, 899):
        assert LimitId.L_11 in refused_by(desk.ask(S2, 1_200 + gap))
    assert admitted(desk.ask(S2, 1_200 + 900))


def test_v11_five_minutes_then_ten_are_a_break() -> None:
    desk = _after_twenty_hard_minutes()
    desk.serves(S0, 1_200 + 300)

    assert refused_by(desk.ask(S2, 1_560 + 599)) == {LimitId.L_08, LimitId.L_11}
    assert admitted(desk.ask(S2, 1_560 + 600))


def test_v12_ten_minutes_then_five_are_not_a_break() -> None:
    desk = _after_twenty_hard_minutes()
    desk.serves(S0, 1_200 + 600)

    assert refused_by(desk.ask(S2, 1_860 + 300)) == {LimitId.L_08, LimitId.L_11}


def test_v13_a_first_part_under_five_minutes_does_not_count() -> None:
    desk = _after_twenty_hard_minutes()
    desk.serves(S0, 1_200 + 240)

    assert refused_by(desk.ask(S2, 1_500 + 600)) == {LimitId.L_08, LimitId.L_11}
    assert admitted(desk.ask(S2, 1_500 + 900))


def test_v14_the_granted_time_is_what_the_hour_leaves() -> None:
    desk = Desk()
    for turn in range(21):
        desk.serves((S3, S3, S0, S0)[turn % 4], turn * 60)
    assert sum(charge.charge_ps for charge in desk.charges) == 220 * 60

    # Second 1,320: the run and the mix of ten have room again, the cool-down never began.
    desk.serves(S0, 1_260)
    desk.serves(S0, 1_320)
    assert desk.ask(S3, 1_380) == Admission(AMINA, ITEM, at(1_380), S3, timedelta(seconds=60))
    assert desk.ask(S2, 1_380) == Admission(AMINA, ITEM, at(1_380), S2, timedelta(seconds=200))
    assert refused_by(desk.ask(S4, 1_380)) == {LimitId.L_02}


def _after_twenty_hard_minutes() -> Desk:
    """Return a desk after four S2 of 300 seconds each."""
    desk = Desk()
    for turn in range(4):
        desk.serves(S2, turn * 300, active=300)
    return desk
