"""What a labeler can expect follows from the gate's own rules."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.facts import OptOuts, PersonalBreak
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.outlook import (
    _PAUSES,
    BreakDue,
    Pause,
    Standstill,
    admissible_tiers,
    declaration_wanted,
    next_break_due,
    noticed,
    standstill,
)
from labelhub.domain.welfare.timeline import Showing, served
from labelhub.domain.welfare.verdicts import Admission, Hold, Reason, Refusal
from tests.domain.welfare.world import (
    EXPERIENCED,
    OPEN,
    PROJECT,
    S0,
    S1,
    S2,
    S3,
    S4,
    SHIPPED,
    VECTORS,
    ZERO,
    Desk,
    asked,
    at,
    hours,
    labeler_at,
    minutes,
    only,
    spent,
)

TIRED = replace(EXPERIENCED, idle_since=ZERO, continuous=minutes(50))


def test_tiers_answer_as_the_gate_does_about_each_item() -> None:
    desk = Desk()
    for turn in range(10):
        desk.serves((S3, S0, S0)[turn % 3], turn * 60)
    labeler = labeler_at(at(600), VECTORS, desk.work, desk.charges)

    tiers = admissible_tiers(labeler, PROJECT, at(600))

    assert tiers.open.keys() | tiers.refused.keys() == set(Severity)
    for severity, opening in tiers.open.items():
        longest = decide(labeler, asked(severity, words=opening.most_words), at(600))
        longer = decide(labeler, asked(severity, words=opening.most_words + 1), at(600))
        assert isinstance(longest, Admission)
        assert longest.granted == opening.granted
        assert isinstance(longer, Refusal)
    for severity, refusal in tiers.refused.items():
        assert decide(labeler, asked(severity), at(600)) == refusal


def test_a_project_has_no_tiers_above_what_it_declares() -> None:
    tiers = admissible_tiers(labeler_at(ZERO), replace(PROJECT, max_severity=S1), ZERO)

    assert set(tiers.open) == {S0, S1}
    assert not tiers.refused


def test_nothing_left_is_no_refusal() -> None:
    assert standstill([]) == Standstill(Pause.NOTHING_LEFT, None)


def test_a_due_break_names_the_page_and_its_end() -> None:
    labeler = labeler_at(ZERO, only(LimitId.L_10), TIRED)
    refused = admissible_tiers(labeler, PROJECT, ZERO).refused.values()

    found = standstill(refused)

    assert found.pause is Pause.BREAK
    assert found.until == found.pause_until == ZERO + minutes(10)


def test_what_lifts_first_decides() -> None:
    soon = Refusal((Hold(Reason.COOLING_DOWN, at(60)),))
    late = Refusal((Hold(Reason.HOURLY_DOSE, at(600)), Hold(Reason.BREAK_DUE, at(30))))
    never = Refusal((Hold(Reason.NO_CONSENT, None),))

    assert standstill([never, late, soon]).pause is Pause.COOL_DOWN
    assert standstill([never, late]) == Standstill(Pause.BREAK, at(600), at(30), late.holds)
    assert standstill([never]) == Standstill(Pause.NOT_OFFERED, None, None, never.holds)


def test_a_break_ends_though_milder_work_is_wanted_after_it() -> None:
    both = Refusal((Hold(Reason.HARD_BREAK_DUE, at(900)), Hold(Reason.MIX, None)))

    found = standstill([both])

    assert (found.pause, found.until, found.pause_until) == (Pause.BREAK, None, at(900))


@pytest.mark.parametrize(
    ("reason", "pause"),
    [
        (Reason.SUSPENDED, Pause.SUSPENDED),
        (Reason.ON_BREAK, Pause.OWN_BREAK),
        (Reason.STILL_SHOWING, Pause.SHOWING),
        (Reason.LONG_BREAK_DUE, Pause.BREAK),
        (Reason.COOLING_DOWN, Pause.COOL_DOWN),
        (Reason.WORKING_SPAN, Pause.REST),
        (Reason.DECLARATION_DUE, Pause.DECLARATION),
        (Reason.MONTHLY_DOSE, Pause.LIMIT),
        (Reason.NIGHT, Pause.LATER),
        (Reason.OPTED_OUT_TODAY, Pause.NOT_OFFERED),
        (Reason.RULE_FAILED, Pause.UNAVAILABLE),
    ],
)
def test_each_kind_of_hold_has_its_page(reason: Reason, pause: Pause) -> None:
    assert standstill([Refusal((Hold(reason, at(5)),))]).pause is pause


def test_every_reason_has_exactly_one_page() -> None:
    named = [reason for reasons in _PAUSES.values() for reason in reasons]

    assert sorted(named) == sorted(Reason)


def test_a_refusal_lifts_with_its_last_hold() -> None:
    assert Refusal((Hold(Reason.MIX, at(1)), Hold(Reason.NIGHT, at(2)))).until == at(2)
    assert Refusal((Hold(Reason.MIX, None), Hold(Reason.NIGHT, at(2)))).until is None
    assert Refusal(()).until is None


@pytest.mark.parametrize(
    ("continuous", "long", "expected"),
    [
        (minutes(0), minutes(0), BreakDue(at(3_000), minutes(10), LimitId.L_10)),
        (minutes(49), minutes(49), BreakDue(at(60), minutes(10), LimitId.L_10)),
        (minutes(10), minutes(230), BreakDue(at(600), minutes(30), LimitId.L_12)),
        (minutes(50), minutes(50), BreakDue(at(0), minutes(10), LimitId.L_10)),
    ],
)
def test_the_next_break_is_told(continuous: timedelta, long: timedelta, expected: BreakDue) -> None:
    work = replace(EXPERIENCED, idle_since=ZERO, continuous=continuous, long=long)

    assert next_break_due(labeler_at(ZERO, VECTORS, work), ZERO) == expected


@pytest.mark.parametrize(("second", "due"), [(0, 3_000), (60, 3_000), (120, 3_000), (300, 3_180)])
def test_the_next_break_comes_nearer_while_an_item_is_shown(second: int, due: int) -> None:
    work = served(EXPERIENCED, VECTORS, S0, minutes(2), at(0))

    assert next_break_due(labeler_at(ZERO, VECTORS, work), at(second)).at == at(due)


def test_a_gap_that_is_a_break_moves_the_next_one() -> None:
    assert next_break_due(labeler_at(ZERO, VECTORS, TIRED), at(600)).at == at(600 + 3_000)


@pytest.mark.parametrize(("points", "expected"), [(719.9, ()), (720, (LimitId.L_03,))])
def test_a_notice_comes_at_three_quarters(points: float, expected: object) -> None:
    charges = (spent(int(points * 60), ago=hours(2)),)

    assert noticed(labeler_at(ZERO, SHIPPED, EXPERIENCED, charges), ZERO) == expected


def test_the_declaration_is_wanted_only_when_it_holds() -> None:
    policy = replace(only(LimitId.L_06), dose_day=SHIPPED.dose_day)
    half = (spent(480 * 60),)

    assert declaration_wanted(labeler_at(ZERO, policy, charges=half), PROJECT, ZERO)
    assert not declaration_wanted(labeler_at(ZERO, policy), PROJECT, ZERO)
    assert not declaration_wanted(
        labeler_at(ZERO, policy, charges=half, continued_at=ZERO), PROJECT, ZERO
    )


def test_an_open_exposure_and_an_own_break_close_every_tier() -> None:
    showing = replace(EXPERIENCED, showing=Showing(S0, ZERO, minutes(1)))
    moment = PersonalBreak(ZERO, None)

    for labeler in (
        labeler_at(ZERO, OPEN, showing),
        labeler_at(ZERO, OPEN, personal_break=moment),
        labeler_at(ZERO, OPEN, opt_outs=OptOuts(projects=frozenset({PROJECT.project_id}))),
    ):
        assert not admissible_tiers(labeler, PROJECT, ZERO).open


def test_unknown_severity_is_asked_for_as_the_tier_it_is_charged_at() -> None:
    project = replace(PROJECT, max_severity=S3)

    assert asked(None, project=project).tier is S3
    assert S4 not in admissible_tiers(labeler_at(ZERO), project, ZERO).open
    assert {S1, S2} <= admissible_tiers(labeler_at(ZERO), project, ZERO).open.keys()
