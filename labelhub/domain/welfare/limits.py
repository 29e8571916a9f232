"""What a limit is: its id, its unit, the least protective value accepted, what is stricter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

SECONDS_PER_MINUTE = 60
SLACK = 100
"""A value may be this many times stricter than its ceiling; beyond is a slip of the pen."""


class LimitId(StrEnum):
    """The ids of working-standards.md, part B; A.1 holds the longest display."""

    A_1 = "A.1"
    L_01 = "L-01"
    L_02 = "L-02"
    L_03 = "L-03"
    L_04 = "L-04"
    L_05 = "L-05"
    L_06 = "L-06"
    L_07 = "L-07"
    L_08 = "L-08"
    L_09 = "L-09"
    L_10 = "L-10"
    L_11 = "L-11"
    L_12 = "L-12"
    L_13 = "L-13"
    L_14 = "L-14"
    L_15 = "L-15"
    L_16 = "L-16"
    L_17 = "L-17"
    L_18 = "L-18"
    L_19 = "L-19"
    L_20 = "L-20"
    L_21 = "L-21"
    L_22 = "L-22"


class Unit(StrEnum):
    """Units as policy files write them. Each limit accepts exactly one."""

    WEIGHT = "points per item-minute"
    POINTS = "points"
    ITEMS = "items"
    PERCENT = "percent"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    LOCAL_TIME = "local time"
    EXPOSURE_DAYS = "days with exposure"


_DURATIONS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}


class PolicyError(ValueError):
    """A policy value that is refused: the key, the value and what would be accepted."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How one value of a policy is read, written, compared and bounded.

    `stricter` is a meet: commutative, associative, idempotent. A value is acceptable when
    it is its own meet with the ceiling.
    """

    limit: LimitId
    unit: Unit
    ceiling: Any
    stricter: Callable[[Any, Any], Any]
    read: Callable[[object], Any]  # raises PolicyError, saying what is wrong
    write: Callable[[Any], object]
    allowed: str

    def accepts(self, value: object) -> bool:
        return bool(self.stricter(value, self.ceiling) == value)


def at_most(limit: LimitId, unit: Unit, ceiling: int) -> Bound:
    """Bound a number that protects more the smaller it is."""
    return _number(limit, unit, ceiling, min, range(ceiling + 1))


def at_least(limit: LimitId, unit: Unit, ceiling: int) -> Bound:
    """Bound a number that protects more the larger it is."""
    return _number(limit, unit, ceiling, max, range(ceiling, ceiling * SLACK + 1))


def each_at_most(limit: LimitId, unit: Unit, ceilings: tuple[int, ...]) -> Bound:
    """Bound a list of numbers, each of which protects more the smaller it is."""
    return _numbers(limit, unit, ceilings, min, [range(n + 1) for n in ceilings])


def each_at_least(limit: LimitId, unit: Unit, ceilings: tuple[int, ...]) -> Bound:
    """Bound a list of numbers, each of which protects more the larger it is."""
    return _numbers(limit, unit, ceilings, max, [range(n, n * SLACK + 1) for n in ceilings])


def whole_number(value: object, within: range) -> int:
    """Return *value* if it is an integer no larger than any limit could be.

    Raises:
        PolicyError: it is not.

    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise PolicyError("is not a whole number")
    if value < 0 or value > within.stop * SLACK:
        raise PolicyError("is out of range")
    return value


def _number(
    limit: LimitId, unit: Unit, ceiling: int, stricter: Callable[[Any, Any], Any], within: range
) -> Bound:
    def read(value: object) -> int | timedelta:
        number = whole_number(value, within)
        if stricter is max and number >= within.stop:
            raise PolicyError("is out of range")
        return _in_unit(number, unit)

    return Bound(
        limit=limit,
        unit=unit,
        ceiling=_in_unit(ceiling, unit),
        stricter=stricter,
        read=read,
        write=lambda value: _out_of_unit(value, unit),
        allowed=f"{within.start} to {within.stop - 1} {unit}",
    )


def _numbers(
    limit: LimitId,
    unit: Unit,
    ceilings: tuple[int, ...],
    stricter: Callable[[Any, Any], Any],
    within: list[range],
) -> Bound:
    parts = [
        _number(limit, unit, ceiling, stricter, span)
        for ceiling, span in zip(ceilings, within, strict=True)
    ]

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) != len(parts):
            raise PolicyError(f"is not a list of {len(parts)} numbers")
        return tuple(part.read(number) for part, number in zip(parts, value, strict=True))

    return Bound(
        limit=limit,
        unit=unit,
        ceiling=tuple(part.ceiling for part in parts),
        stricter=lambda one, other: tuple(map(stricter, one, other)),
        read=read,
        write=lambda value: [_out_of_unit(number, unit) for number in value],
        allowed="["
        + ", ".join(f"{span.start} to {span.stop - 1}" for span in within)
        + f"] {unit}",
    )


def _in_unit(number: int, unit: Unit) -> int | timedelta:
    """Return a file's number as the rules use it: point-seconds, timedelta or a plain count."""
    if unit is Unit.POINTS:
        return number * SECONDS_PER_MINUTE
    step = _DURATIONS.get(unit)
    return number if step is None else number * step


def _out_of_unit(value: Any, unit: Unit) -> int:
    if unit is Unit.POINTS:
        return int(value // SECONDS_PER_MINUTE)
    step = _DURATIONS.get(unit)
    return int(value if step is None else value // step)
