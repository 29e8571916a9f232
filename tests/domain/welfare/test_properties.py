"""Properties over generated states and histories (safety-case.md, M1): about 10,000 cases.

`LABELHUB_M1_CASES` multiplies the cases for a campaign; Hypothesis prints what replays a failure.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.facts import LabelerState
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.layers import loosened
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.timeline import Shown, hidden, resumed, served
from labelhub.domain.welfare.verdicts import Admission, Reason, Refusal
from labelhub.domain.welfare.windows import Measure, amount, questions, windows_from_charges
from tests.domain.welfare.generated import (
    candidates,
    charges_lists,
    doubts,
    policies,
    seconds,
    severities,
    steps,
    works,
)
from tests.domain.welfare.world import (
    DAY,
    S2,
    S4,
    SECOND,
    SHIPPED,
    TICK,
    VECTORS,
    ZERO,
    Desk,
    asked,
    at,
    labeler_at,
)

TIMES = int(os.environ.get("LABELHUB_M1_CASES", "1"))


def cases(number: int) -> Any:
    return settings(
        max_examples=number * TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def granted(labeler: LabelerState, candidate: Any, now: datetime = ZERO) -> timedelta:
    """Return the granted time; nothing if refused."""
    decision = decide(labeler, candidate, now)
    return decision.granted if isinstance(decision, Admission) else timedelta(0)


def told(story: list[tuple[Severity, int, int]], policy: Policy = VECTORS) -> tuple[Desk, int]:
    """Serve what is admitted of a story; return the desk and the second at its end."""
    desk, now = Desk(policy), 0
    for severity, gap, active in story:
        now += gap
        decision = desk.serve(severity, now, active, local_now=ZERO)
        if isinstance(decision, Admission):
            now += min(active, decision.granted // SECOND)
    return desk, now


@cases(700)
@given(policies, policies, policies)
def test_layers_combine_in_any_order_and_grouping(a: Policy, b: Policy, c: Policy) -> None:
    assert a.tightened_by(b) == b.tightened_by(a)
    assert a.tightened_by(b).tightened_by(c) == a.tightened_by(b.tightened_by(c))
    assert a.tightened_by(a) == a
    assert a.tightened_by(b).tightened_by(b) == a.tightened_by(b)
    assert a.tightened_by(ceiling()) == a


@cases(300)
@given(policies, policies)
def test_a_tightened_policy_loosens_nothing(a: Policy, b: Policy) -> None:
    both = a.tightened_by(b)

    assert loosened(a, both) == loosened(b, both) == ()
    assert all(bound.accepts(getattr(both, name)) for name, bound in bounds().items())
    assert Policy.from_mapping(both.to_mapping()) == both


@cases(1_500)
@given(policies, policies, works, charges_lists, candidates)
def test_a_tighter_policy_never_admits_more(
    policy: Policy, other: Policy, work: Any, charges: Any, candidate: Any
) -> None:
    loose = labeler_at(ZERO, policy, work, charges)
    tight = replace(loose, policy=policy.tightened_by(other))

    assert granted(tight, candidate) <= granted(loose, candidate)


@cases(1_500)
@given(works, charges_lists, candidates, st.integers(0, 11), st.integers(1, 100_000))
def test_more_in_a_window_never_admits_more(
    work: Any, charges: Any, candidate: Any, which: int, more: int
) -> None:
    labeler = labeler_at(ZERO, SHIPPED, work, charges)
    windows = list(labeler.windows)
    window = windows[which % len(windows)]
    windows[which % len(windows)] = replace(window, spent=window.spent + more)

    fuller = replace(labeler, windows=tuple(windows))

    assert granted(fuller, candidate) <= granted(labeler, candidate)


@cases(1_500)
@given(works, charges_lists, candidates, seconds, st.sampled_from(["continuous", "hard", "long"]))
def test_more_work_since_a_break_never_admits_more(
    work: Any, charges: Any, candidate: Any, more: timedelta, name: str
) -> None:
    labeler = labeler_at(ZERO, SHIPPED, work, charges)
    worked = replace(work, **{name: getattr(work, name) + more})

    assert granted(replace(labeler, work=worked), candidate) <= granted(labeler, candidate)


@cases(1_000)
@given(works, charges_lists, candidates, doubts)
def test_declining_withdrawing_and_doubt_never_admit_more(
    work: Any, charges: Any, candidate: Any, doubt: dict[str, Any]
) -> None:
    labeler = labeler_at(ZERO, SHIPPED, work, charges)

    assert granted(replace(labeler, **doubt), candidate) <= granted(labeler, candidate)


@cases(1_000)
@given(works, charges_lists, severities, severities, st.integers(0, 500))
def test_worse_content_is_never_granted_longer(
    work: Any, charges: Any, one: Severity, other: Severity, words: int
) -> None:
    labeler = labeler_at(ZERO, SHIPPED, work, charges)
    milder, worse = sorted((one, other))

    assert granted(labeler, asked(worse, words=words)) <= granted(
        labeler, asked(milder, words=words)
    )


@cases(500)
@given(steps, severities, st.lists(st.integers(0, 2_000), max_size=6))
def test_a_polled_gap_is_the_gap_itself(
    story: list[tuple[Severity, int, int]], severity: Severity, polls: list[int]
) -> None:
    quiet, now = told(story)
    polled = Desk(quiet.policy, quiet.work, quiet.charges)
    for poll in sorted(polls):
        polled.ask(severity, now + poll, local_now=ZERO)

    later = now + 2_000

    assert polled.work == quiet.work
    assert polled.ask(severity, later, local_now=ZERO) == quiet.ask(severity, later, local_now=ZERO)


@cases(600)
@given(works, st.integers(0, 200_000), st.sampled_from([SHIPPED, VECTORS]))
def test_resuming_is_idempotent(work: Any, gap: int, policy: Policy) -> None:
    once = resumed(work, policy, at(gap))

    assert resumed(once, policy, at(gap)) == once


@cases(600)
@given(charges_lists, works, st.sampled_from([SHIPPED, VECTORS]))
def test_room_is_where_the_window_says(charges: Any, work: Any, policy: Policy) -> None:
    asked_for = questions(policy, work, ZERO)
    for question, dose in zip(
        asked_for, windows_from_charges(charges, asked_for, ZERO), strict=True
    ):

        def spent_at(now: datetime, question: Any = question) -> int:
            return sum(
                amount(charge, question.measure)
                for charge in charges
                if now - question.window < charge.hidden_at <= ZERO
            )

        assert dose.spent == spent_at(ZERO)
        for severity, most in question.admits.items():
            room_at = dose.room_at.get(severity)
            assert (room_at is None) is (dose.spent <= most)
            if room_at is not None:
                assert spent_at(room_at) <= most < spent_at(room_at - TICK)


@cases(500)
@given(steps, severities)
def test_a_full_display_stays_within_every_window(
    story: list[tuple[Severity, int, int]], severity: Severity
) -> None:
    desk, now = told(story)
    decision = desk.ask(severity, now, local_now=ZERO)
    if isinstance(decision, Refusal):
        return
    open_now = served(desk.work, desk.policy, severity, decision.granted, at(now))
    _, charge = hidden(open_now, desk.policy, at(now) + DAY)
    assert charge is not None
    everything = (*desk.charges, charge)

    full = questions(desk.policy, open_now, charge.hidden_at)
    limits = {
        (Measure.POINTS, 1): VECTORS.dose_hour,
        (Measure.POINTS, 24): VECTORS.dose_day,
        (Measure.WORK, 24): VECTORS.work_day // SECOND,
        (Measure.SEVERE, 1): VECTORS.severe_hour,
        (Measure.SEVERE, 24): VECTORS.severe_day,
    }
    for dose in windows_from_charges(everything, full, charge.hidden_at):
        most = limits.get((dose.measure, dose.window // timedelta(hours=1)))
        assert most is None or dose.spent <= most
    assert decision.granted >= timedelta(minutes=1)


EXACT = set(Reason) - {Reason.WORKING_DAY}  # shorter while S2+ is in the window, longer after


@cases(700)
@given(steps, severities)
def test_a_hold_lifts_when_it_says_and_not_before(
    story: list[tuple[Severity, int, int]], severity: Severity
) -> None:
    desk, now = told(story)
    decision = desk.ask(severity, now, local_now=ZERO)
    for hold in decision.holds if isinstance(decision, Refusal) else ():
        if hold.until is None:
            continue
        second = (hold.until - ZERO) / SECOND
        assert hold.until > at(now)
        assert hold.reason not in _reasons(desk.ask(severity, second, local_now=ZERO))
        if hold.reason in EXACT:
            before = desk.ask(severity, second - 0.001, local_now=ZERO)
            assert hold.reason in _reasons(before)


def _reasons(decision: Admission | Refusal) -> set[Reason]:
    return {hold.reason for hold in decision.holds} if isinstance(decision, Refusal) else set()


def test_the_last_shown_item_is_part_of_a_reachable_state() -> None:
    desk, _ = told([(S2, 0, 60), (S4, 0, 60)])

    assert desk.work.last == Shown(S4, at(60), at(120), timedelta(seconds=60))
