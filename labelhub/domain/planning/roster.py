"""When a person is at work: the same hours on the same days of every week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
"""Every plan begins on this Monday at midnight: it counts days and knows no calendar."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Roster:
    """Hours by the person's own clock. A shift belongs to the day it begins on."""

    begins: time
    hours: timedelta
    weekdays: frozenset[int]  # 0 is Monday

    def ends_at(self, now: datetime) -> datetime | None:
        """Return when the shift in progress ends; None outside all shifts. `[begin, end)`."""
        for begin in self._around(now):
            if begin <= now < begin + self.hours:
                return begin + self.hours
        return None

    def next_at(self, now: datetime) -> datetime:
        """Return *now* within a shift, else when the next one begins."""
        if self.ends_at(now) is not None:
            return now
        return next(begin for begin in self._from(now) if begin >= now)

    def next_shift(self, now: datetime) -> datetime:
        """Return when the next shift begins, later than *now*."""
        return next(begin for begin in self._from(now) if begin > now)

    def presence(self, since: datetime, until: datetime) -> timedelta:
        """Return how much of `[since, until)` lies within shifts."""
        present = timedelta()
        for begin in self._from(since - _DAY):
            if begin >= until:
                return present
            overlap = min(until, begin + self.hours) - max(since, begin)
            present += max(timedelta(), overlap)
        return present

    def _around(self, now: datetime) -> Iterator[datetime]:
        today = (now - MONDAY) // _DAY
        return self._begins(today - 1, today + 1)

    def _from(self, now: datetime) -> Iterator[datetime]:
        first = (now - MONDAY) // _DAY
        return self._begins(first, None)

    def _begins(self, day: int, after: int | None) -> Iterator[datetime]:
        since_midnight = timedelta(hours=self.begins.hour, minutes=self.begins.minute)
        while after is None or day < after:
            if day % _WEEK in self.weekdays:
                yield MONDAY + day * _DAY + since_midnight
            day += 1
