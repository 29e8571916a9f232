"""Mild items in a row, taken at one stroke where no limit can bind: the same as one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from labelhub.domain.welfare.timeline import RECENT, Shown, WorkState


def after_mild(work: WorkState, shown: Sequence[Shown]) -> WorkState:
    """Return the state after items below S2 that followed each other without a gap that counts.

    The same as `timeline.served` and `timeline.hidden` for each, if every gap between them is
    shorter than every break and no ramp-up day begins meanwhile; the caller sees to that.
    """
    if not shown:
        return work
    active = sum((each.active for each in shown), timedelta())
    severities = tuple(each.severity for each in shown[-RECENT:])
    return replace(
        work,
        last=shown[-1],
        idle_since=shown[-1].hidden_at,
        continuous=work.continuous + active,
        long=work.long + active,
        recent=(*work.recent, *severities)[-RECENT:],
        unbroken=min(work.unbroken + len(shown), RECENT),
    )
