"""Each rule has a case in which it alone holds, and every reason has a rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from labelhub.domain.welfare.facts import (
    Candidate,
    LabelerState,
    OptOuts,
    PersonalBreak,
)
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.timeline import Showing
from labelhub.domain.welfare.verdicts import Admission, Reason, Refusal
from tests.domain.welfare.world import (
    EXPERIENCED,
    ITEM,
    OPEN,
    PROJECT,
    S0,
    S1,
    S2,
    S3,
    S4,
    SHIPPED,
    ZERO,
    asked,
    hours,
    labeler_at,
    minutes,
    only,
    spent,
)

Case = tuple[LabelerState, Candidate]
IDLE = replace(EXPERIENCED, idle_since=ZERO)


def state(**changes: object) -> LabelerState:
    return labeler_at(ZERO, OPEN, **changes)


def limited(*limits: LimitId, **changes: object) -> LabelerState:
    return labeler_at(ZERO, only(*limits), **changes)


def dosed(name: str, points: int) -> LabelerState:
    policy = replace(OPEN, **{name: getattr(SHIPPED, name)})
    return labeler_at(ZERO, policy, charges=(spent(points * 60),))


def resting(**changes: object) -> LabelerState:
    names = {"day_start", "week_start", "hard_week_start", "last_hard_at"} & changes.keys()
    work = replace(IDLE, **{name: changes.pop(name) for name in names})
    return labeler_at(ZERO, replace(OPEN, **changes), work)


CASES: dict[Reason, Case] = {
    Reason.NOT_ENGAGED: (state(engaged=False), asked(S0)),
    Reason.SUSPENDED: (state(suspended=True), asked(S0)),
    Reason.STANDARDS: (state(highest_tier=S2), asked(S3)),
    Reason.ON_BREAK: (state(personal_break=PersonalBreak(ZERO, None)), asked(S0)),
    Reason.STILL_SHOWING: (
        state(work=replace(IDLE, showing=Showing(S0, ZERO, minutes(1)))),
        asked(S0),
    ),
    Reason.OPTED_OUT_OF_ITEM: (state(opt_outs=OptOuts(items=frozenset({ITEM}))), asked(S0)),
    Reason.OPTED_OUT_OF_CATEGORY: (
        state(opt_outs=OptOuts(categories=frozenset({"hate"}))),
        asked(S1, hazards=("privacy", "hate")),
    ),
    Reason.OPTED_OUT_OF_SEVERITY: (state(opt_outs=OptOuts(severity=S3)), asked(S4)),
    Reason.OPTED_OUT_OF_PROJECT: (
        state(opt_outs=OptOuts(projects=frozenset({PROJECT.project_id}))),
        asked(S0),
    ),
    Reason.OPTED_OUT_TODAY: (
        labeler_at(
            ZERO,
            replace(OPEN, daily_rest=SHIPPED.daily_rest),
            opt_outs=OptOuts(today_at=ZERO - hours(1)),
        ),
        asked(S2),
    ),
    Reason.NOT_SCREENED: (state(), asked(S0, screened=False)),
    Reason.PROHIBITED: (state(), asked(S0, prohibited=True)),
    Reason.ABOVE_PROJECT: (state(), asked(S3, project=replace(PROJECT, max_severity=S2))),
    Reason.TOO_LONG: (limited(LimitId.A_1), asked(S4, words=401)),
    Reason.NO_CONSENT: (state(consents={S2: ZERO, S4: ZERO}), asked(S3)),
    Reason.CONSENT_LAPSED: (
        limited(LimitId.L_19, consents={S4: ZERO - timedelta(days=30)}),
        asked(S4),
    ),
    Reason.RAMPING_UP: (limited(LimitId.L_18, work=replace(IDLE, ramp_days=2)), asked(S2)),
    Reason.DECLARATION_DUE: (
        labeler_at(
            ZERO,
            replace(only(LimitId.L_06), dose_day=SHIPPED.dose_day),
            charges=(spent(480 * 60),),
        ),
        asked(S2),
    ),
    Reason.TIME_UNVERIFIED: (state(clock_verified=False), asked(S2)),
    Reason.HOURLY_DOSE: (dosed("dose_hour", 240), asked(S1)),
    Reason.DAILY_DOSE: (dosed("dose_day", 960), asked(S1)),
    Reason.WEEKLY_DOSE: (dosed("dose_week", 3_840), asked(S1)),
    Reason.MONTHLY_DOSE: (dosed("dose_month", 11_520), asked(S1)),
    Reason.SEVERE_COUNT: (
        limited(LimitId.L_07, charges=(spent(7_200, severity=S4),)),
        asked(S4),
    ),
    Reason.CONSECUTIVE: (
        limited(LimitId.L_08, work=replace(IDLE, recent=(S3, S3), unbroken=2)),
        asked(S3),
    ),
    Reason.MIX: (limited(LimitId.L_09, work=replace(IDLE, recent=(S2,) * 6)), asked(S2)),
    Reason.COOLING_DOWN: (
        limited(LimitId.L_16, work=replace(IDLE, last_severe_at=ZERO - minutes(14))),
        asked(S2),
    ),
    Reason.BREAK_DUE: (
        limited(LimitId.L_10, work=replace(IDLE, continuous=minutes(50))),
        asked(S0),
    ),
    Reason.HARD_BREAK_DUE: (
        limited(LimitId.L_11, work=replace(IDLE, hard=minutes(20))),
        asked(S2),
    ),
    Reason.LONG_BREAK_DUE: (
        limited(LimitId.L_12, work=replace(IDLE, long=hours(4))),
        asked(S0),
    ),
    Reason.WORKING_DAY: (
        labeler_at(
            ZERO,
            replace(OPEN, work_day=SHIPPED.work_day),
            charges=(replace(spent(0, severity=S0), active_s=8 * 3_600),),
        ),
        asked(S0),
    ),
    Reason.WORKING_SPAN: (
        resting(day_start=ZERO - hours(10), work_span=SHIPPED.work_span, daily_rest=hours(11)),
        asked(S0),
    ),
    Reason.DAILY_REST: (resting(day_start=ZERO - hours(13), daily_rest=hours(11)), asked(S0)),
    Reason.WORKING_WEEK: (
        labeler_at(
            ZERO,
            replace(OPEN, work_week=SHIPPED.work_week),
            charges=(replace(spent(0, severity=S0), active_s=40 * 3_600),),
        ),
        asked(S0),
    ),
    Reason.WEEKLY_REST: (
        resting(week_start=ZERO - hours(133), weekly_rest=SHIPPED.weekly_rest),
        asked(S0),
    ),
    Reason.HARD_REST: (
        resting(
            last_hard_at=ZERO - hours(59),
            hard_week_start=ZERO - hours(108),
            hard_rest=SHIPPED.hard_rest,
        ),
        asked(S2),
    ),
    Reason.PERIOD_START: (
        labeler_at(ZERO, replace(OPEN, period_start=SHIPPED.period_start)),
        asked(S3),
    ),
    Reason.SHIFT_END: (
        labeler_at(
            ZERO, replace(OPEN, shift_end=SHIPPED.shift_end), shift_ends_at=ZERO + minutes(30)
        ),
        asked(S3),
    ),
    Reason.NIGHT: (state(local_now=None), asked(S3)),
    Reason.MISSING_FACT: (state(), asked(S0, words=None)),
}


@pytest.mark.parametrize("reason", CASES, ids=str)
def test_each_rule_holds_alone(reason: Reason) -> None:
    labeler, candidate = CASES[reason]

    decision = decide(labeler, candidate, ZERO)

    assert isinstance(decision, Refusal)
    assert [hold.reason for hold in decision.holds] == [reason]


@pytest.mark.parametrize("reason", CASES, ids=str)
def test_without_its_cause_the_same_case_is_admitted(reason: Reason) -> None:
    _, candidate = CASES[reason]
    harmless = replace(
        candidate,
        screened=True,
        prohibited=False,
        words=50,
        project=PROJECT,
    )

    assert isinstance(decide(state(), harmless, ZERO), Admission)


def test_every_reason_is_held_by_a_rule() -> None:
    assert CASES.keys() | {Reason.RULE_FAILED} == set(Reason)
