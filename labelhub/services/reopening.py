"""Whether an answer can be taken back now: the gate would have to show its item again."""

from dataclasses import replace
from datetime import datetime

from labelhub.domain.welfare import timeline
from labelhub.domain.welfare.gate import LabelerState, Refusal, judge_each
from labelhub.domain.welfare.windows import amount
from labelhub.services import candidates
from labelhub.services.showing import Assignment, Locked


def refusal(locked: Locked, assignment: Assignment) -> Refusal | None:
    """Return why the gate would not show an answered item again, or None if it would.

    Changes nothing: what is on screen now would end first, so that is assumed.
    """
    state = _put_aside(locked.state, locked.now)
    candidate = candidates.assigned(locked, assignment)
    (verdict,) = judge_each(state, (candidate,), locked.now)
    return verdict if isinstance(verdict, Refusal) else None


def _put_aside(state: LabelerState, now: datetime) -> LabelerState:
    """Return the state as if what is on screen ended now, with its charge in every window."""
    work, charge = timeline.hidden(state.work, state.policy, now)
    if charge is None:
        return state
    windows = tuple(
        replace(dose, spent=dose.spent + more) if (more := amount(charge, dose.measure)) else dose
        for dose in state.windows
    )
    return replace(state, work=work, windows=windows)
