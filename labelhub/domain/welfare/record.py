"""The work state as a record of plain JSON values, and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import Showing, Shown, WorkState

VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class RecordError(ValueError):
    """A stored state that cannot be read. Nothing is served from it."""


def to_record(state: WorkState) -> dict[str, Any]:
    """Return the state as JSON values: integers, lists, null. Times are microseconds."""
    return {"version": VERSION, **{name: _plain(getattr(state, name)) for name in _READERS}}


def from_record(record: Mapping[str, Any]) -> WorkState:
    """Return the state that `to_record` wrote.

    Raises:
        RecordError: a field is missing, unknown or of the wrong kind.

    """
    if record.get("version") != VERSION:
        raise RecordError(f"version {record.get('version')!r} is not {VERSION}")
    if (found := record.keys() - {"version"}) != _READERS.keys():
        raise RecordError(f"fields {sorted(found ^ _READERS.keys())} missing or unknown")
    try:
        return WorkState(**{name: read(record[name]) for name, read in _READERS.items()})
    except (TypeError, ValueError, KeyError, OverflowError) as problem:
        raise RecordError(f"work state unreadable: {problem}") from problem


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return (value - _EPOCH) // _TICK
        case timedelta():
            return value // _TICK
        case tuple():
            return [_plain(each) for each in value]
        case Showing():
            return [int(value.severity), _plain(value.shown_at), _plain(value.granted)]
        case Shown():
            return [
                int(value.severity), _plain(value.shown_at), _plain(value.hidden_at),
                _plain(value.active),
            ]  # fmt: skip
    return None if value is None else int(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RecordError(f"{value!r} is not a whole number")
    return value


def _time(value: Any) -> datetime:
    return _EPOCH + _whole(value) * _TICK


def _time_or_none(value: Any) -> datetime | None:
    return None if value is None else _time(value)


def _span(value: Any) -> timedelta:
    return _whole(value) * _TICK


def _severities(value: Any) -> tuple[Severity, ...]:
    return tuple(Severity(_whole(each)) for each in value)


def _showing(value: Any) -> Showing | None:
    if value is None:
        return None
    severity, shown_at, granted = value
    return Showing(Severity(severity), _time(shown_at), _span(granted))


def _shown(value: Any) -> Shown | None:
    if value is None:
        return None
    severity, shown_at, hidden_at, active = value
    return Shown(Severity(severity), _time(shown_at), _time(hidden_at), _span(active))


def _count_or_none(value: Any) -> int | None:
    return None if value is None else _whole(value)


_BY_TYPE: Mapping[str, Callable[[Any], Any]] = {
    "showing": _showing,
    "last": _shown,
    "continuous": _span,
    "hard": _span,
    "long": _span,
    "recent": _severities,
    "unbroken": _whole,
    "ramp_days": _whole,
    "return_day": _count_or_none,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    each.name: _BY_TYPE.get(each.name, _time_or_none) for each in fields(WorkState)
}
