"""An open exposure may be sent again only while nothing was declined or stopped meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from labelhub.domain.welfare.facts import OptOuts, PersonalBreak
from labelhub.domain.welfare.staying import barred
from labelhub.domain.welfare.timeline import Showing
from labelhub.domain.welfare.verdicts import Reason
from tests.domain.welfare.world import (
    EXPERIENCED,
    ITEM,
    OPEN,
    PROJECT,
    S1,
    S2,
    S3,
    ZERO,
    asked,
    at,
    labeler_at,
    minutes,
)

ON_SCREEN = replace(EXPERIENCED, showing=Showing(S2, ZERO, minutes(2)))


def reasons(second: float = 0, candidate: Any = None, **changes: Any) -> set[Reason]:
    labeler = replace(labeler_at(ZERO, OPEN, ON_SCREEN), **changes)
    refusal = barred(labeler, candidate or asked(S2), at(second))
    return {hold.reason for hold in refusal.holds} if refusal else set()


@pytest.mark.parametrize(("second", "stays"), [(0, True), (119, True), (120, False), (121, False)])
def test_an_exposure_may_stay_until_its_granted_time_is_over(second: int, *, stays: bool) -> None:
    assert (reasons(second) == set()) is stays


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"opt_outs": OptOuts(items=frozenset({ITEM}))}, Reason.OPTED_OUT_OF_ITEM),
        ({"opt_outs": OptOuts(severity=S2)}, Reason.OPTED_OUT_OF_SEVERITY),
        ({"opt_outs": OptOuts(today_at=ZERO)}, Reason.OPTED_OUT_TODAY),
        (
            {"opt_outs": OptOuts(projects=frozenset({PROJECT.project_id}))},
            Reason.OPTED_OUT_OF_PROJECT,
        ),
        ({"personal_break": PersonalBreak(ZERO, None)}, Reason.ON_BREAK),
        ({"suspended": True}, Reason.SUSPENDED),
        ({"engaged": False}, Reason.NOT_ENGAGED),
        ({"highest_tier": S1}, Reason.STANDARDS),
        ({"consents": {}}, Reason.NO_CONSENT),
        ({"candidate": asked(S2, prohibited=True)}, Reason.PROHIBITED),
        (
            {"candidate": asked(S3, project=replace(PROJECT, max_severity=S2))},
            Reason.ABOVE_PROJECT,
        ),
        ({"opt_outs": None}, Reason.RULE_FAILED),
    ],
)
def test_what_was_stopped_meanwhile_is_not_sent_again(
    changes: dict[str, Any], reason: Reason
) -> None:
    assert reasons(**changes) == {reason}


def test_nothing_open_is_nothing_to_send_again() -> None:
    assert barred(labeler_at(ZERO, OPEN), asked(S2), ZERO) is not None
