"""A missing, unknown or broken fact refuses; an unknown severity counts as the worst."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.facts import (
    LabelerState,
    PersonalBreak,
)
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import NEW
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
    VECTORS,
    ZERO,
    asked,
    labeler_at,
    minutes,
    refused_by,
)

IDLE = replace(EXPERIENCED, idle_since=ZERO)


def state(**changes: object) -> LabelerState:
    return labeler_at(ZERO, OPEN, **changes)


def test_every_refusal_names_every_hold() -> None:
    labeler = state(suspended=True, engaged=False, clock_verified=False)

    decision = decide(labeler, asked(S2, screened=False), ZERO)

    assert isinstance(decision, Refusal)
    assert {hold.reason for hold in decision.holds} == {
        Reason.SUSPENDED,
        Reason.NOT_ENGAGED,
        Reason.TIME_UNVERIFIED,
        Reason.NOT_SCREENED,
    }


@pytest.mark.parametrize(
    "broken",
    [
        {"opt_outs": None},
        {"consents": None},
        {"windows": None},
        {"highest_tier": None},
        {"personal_break": 5},
        {"work": replace(IDLE, recent=("S2",) * 9, unbroken=9)},
        {"shift_ends_at": "at five"},
        {"policy": replace(OPEN, ramp_up=None)},
    ],
    ids=lambda broken: next(iter(broken)),
)
def test_a_rule_that_raises_is_a_hold(broken: dict[str, object]) -> None:
    decision = decide(replace(state(), **broken), asked(S3), ZERO)

    assert isinstance(decision, Refusal)
    assert Reason.RULE_FAILED in {hold.reason for hold in decision.holds}


@pytest.mark.parametrize("severity", [S0, S3])
@pytest.mark.parametrize("name", ["now", "local_now", "shift_ends_at"])
def test_a_time_without_a_zone_is_a_hold(name: str, severity: Severity) -> None:
    naive = ZERO.replace(tzinfo=None)
    labeler = state(work=NEW) if name == "now" else replace(state(), **{name: naive})

    decision = decide(labeler, asked(severity), naive if name == "now" else ZERO)

    assert decision == Refusal((Hold(Reason.RULE_FAILED, None),))


def test_a_state_that_cannot_be_read_is_a_hold() -> None:
    broken = replace(state(), policy=None)

    decision = decide(broken, asked(S0), ZERO)

    assert isinstance(decision, Refusal)
    assert set(decision.holds) == {Hold(Reason.RULE_FAILED, None)}


@pytest.mark.parametrize("severity", [S1, S2, S3, S4])
def test_a_window_that_was_not_read_refuses(severity: object) -> None:
    labeler = replace(labeler_at(ZERO, VECTORS), windows=())

    decision = decide(labeler, asked(severity), ZERO)

    assert isinstance(decision, Refusal)
    limits = {LimitId.L_02, LimitId.L_03, LimitId.L_04, LimitId.L_05}
    assert limits <= refused_by(decision)
    assert Reason.MISSING_FACT in {hold.reason for hold in decision.holds}


def test_benign_work_needs_no_points_window_but_its_hours() -> None:
    labeler = replace(labeler_at(ZERO, VECTORS), windows=())

    decision = decide(labeler, asked(S0), ZERO)

    assert refused_by(decision) == {LimitId.L_13, LimitId.L_15}


@pytest.mark.parametrize(("declared", "tier"), [(S0, S2), (S1, S2), (S2, S2), (S3, S3), (S4, S4)])
def test_unknown_severity_is_the_projects_maximum_and_at_least_s2(
    declared: object, tier: object
) -> None:
    candidate = asked(None, project=replace(PROJECT, max_severity=declared))

    assert candidate.tier is tier


def test_an_unknown_item_of_a_mild_project_is_above_what_the_project_declared() -> None:
    candidate = asked(None, project=replace(PROJECT, max_severity=S1))

    decision = decide(state(), candidate, ZERO)

    assert decision == Refusal((Hold(Reason.ABOVE_PROJECT, None),))


@pytest.mark.parametrize("severity", [S0, S1])
def test_mild_content_needs_no_consent_and_no_clock(severity: object) -> None:
    labeler = state(consents={}, clock_verified=False, local_now=None)

    assert isinstance(decide(labeler, asked(severity), ZERO), Admission)


@pytest.mark.parametrize(("after_end", "held"), [(-1, True), (0, False), (1, False)])
def test_a_labelers_own_break_ends_at_its_end(after_end: int, *, held: bool) -> None:
    until = ZERO - timedelta(seconds=after_end)
    labeler = state(personal_break=PersonalBreak(ZERO - minutes(5), until))

    assert isinstance(decide(labeler, asked(S0), ZERO), Refusal) is held


def veiled(severity: object, tier: object) -> bool:
    return asked(severity, project=replace(PROJECT, veil_tier=tier)).veiled


def test_an_item_is_veiled_at_the_projects_tier_and_above() -> None:
    assert [veiled(s, S2) for s in (S0, S1, S2, S3, S4)] == [False, False, True, True, True]
    assert not veiled(S4, None)
    assert veiled(None, S4)
