"""Opt-outs reach their scope and no further; *stop for today* ends with a rest."""

from dataclasses import replace
from uuid import UUID

import pytest

from labelhub.domain.vocabulary import ItemId, ProjectId
from labelhub.domain.welfare.facts import Candidate, OptOuts, ProjectFacts
from labelhub.domain.welfare.gate import decide
from labelhub.domain.welfare.verdicts import Refusal
from tests.domain.welfare.world import (
    DAY,
    EXPERIENCED,
    ITEM,
    OPEN,
    S0,
    S1,
    S2,
    S3,
    ZERO,
    asked,
    hours,
    labeler_at,
)


@pytest.mark.parametrize(
    ("change", "candidate", "held"),
    [
        (OptOuts(items=frozenset({ITEM})), asked(S0, item_id=ItemId(UUID(int=11))), False),
        (OptOuts(categories=frozenset({"hate"})), asked(S3, hazards=("privacy",)), False),
        (OptOuts(categories=frozenset({"hate"})), asked(S3), False),
        (OptOuts(severity=S3), asked(S2), False),
        (OptOuts(severity=S3), asked(S3), True),
        (OptOuts(severity=S0), asked(S0), True),
        (OptOuts(projects=frozenset({ProjectId(UUID(int=21))})), asked(S0), False),
        (OptOuts(today_at=ZERO), asked(S1), False),
        (OptOuts(today_at=ZERO), asked(S2), True),
        (
            OptOuts(categories=frozenset({"hate"})),
            asked(S0, hazards=("hate",), project=ProjectFacts(ProjectId(UUID(int=9)), S1)),
            True,
        ),
    ],
)
def test_an_opt_out_reaches_its_scope_and_no_further(
    change: OptOuts, candidate: Candidate, *, held: bool
) -> None:
    labeler = labeler_at(ZERO, replace(OPEN, daily_rest=hours(11)), opt_outs=change)

    assert isinstance(decide(labeler, candidate, ZERO), Refusal) is held


@pytest.mark.parametrize(
    ("idle_hours", "declined_hours", "held"),
    [
        (10, 11, True),  # rested for ten hours
        (11, 12, False),  # rested for eleven, all after the opt-out
        (20, 10, True),  # the rest began long before, only ten hours came after
        (20, 11, False),
    ],
)
def test_stop_for_today_lasts_until_a_daily_rest_has_followed(
    idle_hours: int, declined_hours: int, *, held: bool
) -> None:
    work = replace(
        EXPERIENCED, idle_since=ZERO - hours(idle_hours), day_start=ZERO - DAY, last_hard_at=ZERO
    )
    labeler = labeler_at(
        ZERO,
        replace(OPEN, daily_rest=hours(11)),
        work,
        opt_outs=OptOuts(today_at=ZERO - hours(declined_hours)),
    )

    decision = decide(labeler, asked(S2), ZERO)

    assert isinstance(decision, Refusal) is held
    if isinstance(decision, Refusal):
        since = min(idle_hours, declined_hours)
        assert decision.until == ZERO + hours(11 - since)
