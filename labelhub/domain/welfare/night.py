"""The night, in which nothing graphic is served: local hours, or a block around declared sleep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from labelhub.domain.welfare.limits import Bound, LimitId, PolicyError, Unit

_NOON = time(12)
_DAY = timedelta(days=1)

MOVED = timedelta(days=7)
"""How long the night of a zone that a person left still counts: as long as a change of declared
sleep waits (working-standards.md, B.1, L-17)."""


SHORTEST_SLEEP, LONGEST_SLEEP = timedelta(hours=4), timedelta(hours=14)
"""What is taken for a main sleep; a design choice, so that a slip of the hand is noticed."""


@dataclass(frozen=True, slots=True)
class Night:
    """Local hours `[begins, ends)`; begins after noon, ends before noon, so that nights compare."""

    begins: time
    ends: time

    def with_other(self, other: "Night") -> "Night":
        """Return the longer night: the earlier evening and the later morning."""
        return Night(min(self.begins, other.begins), max(self.ends, other.ends))

    @property
    def length(self) -> timedelta:
        return _DAY - (_since_midnight(self.begins) - _since_midnight(self.ends))


@dataclass(frozen=True, slots=True)
class MainSleep:
    """The hours in which a night worker sleeps, as declared (takes effect after seven days)."""

    begins: time
    ends: time

    @property
    def length(self) -> timedelta:
        return (_since_midnight(self.ends) - _since_midnight(self.begins)) % _DAY

    @property
    def plausible(self) -> bool:
        """Whether somebody could mean it: neither a nap nor most of the day."""
        return SHORTEST_SLEEP <= self.length <= LONGEST_SLEEP


def block(night: Night, sleep: MainSleep | None) -> tuple[time, timedelta]:
    """Return the block's local beginning and length: the night, or as long around the sleep."""
    if sleep is None:
        return night.begins, night.length
    begins = _since_midnight(sleep.begins)
    slept = sleep.length
    centre = begins + slept / 2
    # Declared sleep longer than the block is covered whole.
    length = max(night.length, slept)
    return _clock_time((centre - length / 2) % _DAY), length


def next_night(hours: tuple[time, timedelta], local: datetime) -> tuple[timedelta, timedelta]:
    """Return the real time until the night begins (not positive inside it) and until it ends.

    *local* is aware, in the person's zone. Real time is counted in UTC: a night in which
    daylight time changes is an hour longer or shorter, its local edges stay.
    """
    begins, length = hours
    instant = local.astimezone(UTC)
    for shift in (-1, 0, 1):
        opening = datetime.combine(local.date() + timedelta(days=shift), begins)
        starts, ends = (
            edge.replace(tzinfo=local.tzinfo).astimezone(UTC)
            for edge in (opening, opening + length)
        )
        if instant < ends:
            break
    return starts - instant, ends - instant


def soonest_night(hours: tuple[time, timedelta], places: Iterable[datetime]) -> datetime:
    """Return, of one moment as several zones tell it, the one whose night is on or comes first.

    Whoever names another zone keeps the night of the one they left until `MOVED` has passed.
    """
    return min(places, key=lambda local: next_night(hours, local)[0])


def night_bound(limit: LimitId, ceiling: Night) -> Bound:
    return Bound(
        limit=limit,
        unit=Unit.LOCAL_TIME,
        ceiling=ceiling,
        stricter=Night.with_other,
        read=_read,
        write=lambda night: [f"{night.begins:%H:%M}", f"{night.ends:%H:%M}"],
        allowed=f"begins 12:00 to {ceiling.begins:%H:%M}, ends {ceiling.ends:%H:%M} to 11:59",
    )


def _read(value: object) -> Night:
    match value:
        case [str(begins), str(ends)]:
            night = Night(_read_time(begins), _read_time(ends))
        case _:
            raise PolicyError('is not a pair of times such as ["20:00", "07:00"]')
    if night.begins < _NOON or night.ends >= _NOON:
        raise PolicyError("does not begin after noon and end before noon")
    return night


def _read_time(text: str) -> time:
    parts = text.split(":")
    if [len(part) for part in parts] != [2, 2] or not "".join(parts).isdecimal():
        raise PolicyError("is not a time as HH:MM")
    hour, minute = (int(part) for part in parts)
    if hour > 23 or minute > 59:  # noqa: PLR2004 the clock's own bounds
        raise PolicyError("is not a time as HH:MM")
    return time(hour, minute)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _clock_time(since_midnight: timedelta) -> time:
    minutes, _ = divmod(since_midnight, timedelta(minutes=1))
    return time(minutes // 60, minutes % 60)
