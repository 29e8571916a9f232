"""The dose of a rolling window over time: what it was at evenly spaced moments until now."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from labelhub.domain.vocabulary import PersonId
from labelhub.domain.welfare.windows import DAY, MONTH, WEEK, Measure
from labelhub.services.my_record.standing import Standing, Window
from labelhub.store import carried
from labelhub.store.my_record import exposures

STEPS = {DAY: 48, WEEK: 56, MONTH: 56}
"""Half an hour, three hours, twelve hours: each chart looks back over its own window."""


@dataclass(frozen=True, slots=True)
class Line:
    """A window's dose at moments of gate time, oldest first; the last one is now."""

    window: Window
    moments: tuple[datetime, ...]
    doses: tuple[int, ...]  # point-seconds


def lines(session: Session, person_id: PersonId, standing: Standing) -> tuple[Line, ...]:
    """Return the charts of day, week and month: two look-ups a moment, whatever the history."""
    windows = [
        window
        for window in standing.windows
        if window.measure is Measure.POINTS and window.window in STEPS
    ]
    return tuple(_line(session, person_id, window, standing) for window in windows)


def _line(session: Session, person_id: PersonId, window: Window, standing: Standing) -> Line:
    span, many = window.window, STEPS[window.window]
    step = span / many
    # The dose at a moment is the running sum there less the one a whole window before.
    grid = [standing.now - step * back for back in range(2 * many, -1, -1)]
    sums = exposures.sums_at(session, person_id, grid)
    moments = tuple(grid[many:])
    doses = [sums[place + many] - sums[place] for place in range(many + 1)]
    if standing.with_carried:
        brought = carried.between(session, person_id, moments, span)
        doses = [own + more for own, more in zip(doses, brought, strict=True)]
    return Line(window, moments, tuple(doses))
