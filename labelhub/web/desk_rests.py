"""Rests and refusals in plain values: what holds, until when, and what of it is paid."""

from datetime import timedelta
from typing import Any

from labelhub.domain.welfare.outlook import Pause
from labelhub.domain.welfare.verdicts import Hold, Reason
from labelhub.services import safeguarding
from labelhub.services.showing import Refused

_NAMING = {
    Pause.OWN_BREAK: {Reason.ON_BREAK: "granted"},  # up to L-21
    Pause.BREAK: {
        Reason.BREAK_DUE: "working",
        Reason.HARD_BREAK_DUE: "working",
        Reason.LONG_BREAK_DUE: "contract",
    },
    Pause.REST: {
        Reason.WORKING_DAY: "none",
        Reason.WORKING_SPAN: "none",
        Reason.DAILY_REST: "none",
        Reason.WORKING_WEEK: "none",
        Reason.WEEKLY_REST: "none",
        Reason.HARD_REST: "none",
    },
}
"""Which reasons make a pause a rest, and what pays for it (working-standards.md, B.1)."""
RESTFUL = frozenset(_NAMING)


def rest(refused: Refused) -> dict[str, Any]:
    """Return what a rest's page says; the reason is the one that lasts longest."""
    standstill, left = refused.standstill, _left(refused)
    pays = _NAMING[standstill.pause]
    named = max((hold for hold in standstill.holds if hold.reason in pays), key=_lasts).reason
    return {
        "due": standstill.pause is not Pause.OWN_BREAK,
        "reason": named.value,
        "seconds": 0 if left is None else seconds(left),
        "until": None if left is None else refused.locked.wall + left,
        "pay": pays[named],
        "granted": own_minutes(),
    }


def refusal(refused: Refused) -> dict[str, Any]:
    """Return everything that holds, and when work may go on."""
    locked, left = refused.locked, _left(refused)
    holds = [
        {
            "reason": hold.reason.value,
            "until": None if hold.until is None else locked.wall + (hold.until - locked.now),
        }
        for hold in refused.standstill.holds
    ] or [{"reason": Reason.STILL_SHOWING.value, "until": None}]
    earliest = None if left is None else {"seconds": seconds(left), "at": locked.wall + left}
    return {"holds": holds, "earliest": earliest}


def own_minutes() -> int:
    """Return the minutes of breaks of one's own that are paid in eight hours."""
    return safeguarding.own_break_paid() // timedelta(minutes=1)


def seconds(span: timedelta) -> int:
    """Return whole seconds, rounded up."""
    return -(-span // timedelta(seconds=1))


def _left(refused: Refused) -> timedelta | None:
    until = refused.standstill.until
    return None if until is None else max(timedelta(), until - refused.locked.now)


def _lasts(hold: Hold) -> tuple[bool, float]:
    return hold.until is None, hold.until.timestamp() if hold.until else 0.0
