"""The work state as a record of plain JSON values, and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.timeline import Showing, Shown, WorkState

VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_SEVERITIES = {int(severity): severity for severity in Severity}


class RecordError(ValueError):
    """A stored state that cannot be read. Nothing is served from it."""


def to_record(state: WorkState) -> dict[str, Any]:
    """Return the state as JSON values: integers, lists, null. Times are microseconds."""
    fields_of = {name: kind.write(getattr(state, name)) for name, kind in _FIELDS.items()}
    return {"version": VERSION, **fields_of}


def from_record(record: Mapping[str, Any]) -> WorkState:
    """Return the state that `to_record` wrote.

    Raises:
        RecordError: a field is missing, unknown or of the wrong kind.

    """
    if record.get("version") != VERSION:
        raise RecordError(f"version {record.get('version')!r} is not {VERSION}")
    if (found := record.keys() - {"version"}) != _FIELDS.keys():
        raise RecordError(f"fields {sorted(found ^ _FIELDS.keys())} missing or unknown")
    try:
        return WorkState(**{name: kind.read(record[name]) for name, kind in _FIELDS.items()})
    except (TypeError, ValueError, KeyError, OverflowError) as problem:
        raise RecordError(f"work state unreadable: {problem}") from problem


class _Kind(NamedTuple):
    """How a value is read from the record, and written into it."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RecordError(f"{value!r} is not a whole number")
    return value


def _time(value: Any) -> datetime:
    return _EPOCH + timedelta(microseconds=_whole(value))


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _span(value: Any) -> timedelta:
    return timedelta(microseconds=_whole(value))


def _ticks(span: timedelta) -> int:
    return span // _TICK


def _or_none(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else change(value)


def _severities(value: Any) -> tuple[Severity, ...]:
    return tuple(_SEVERITIES[_whole(each)] for each in value)


def _showing(value: Any) -> Showing:
    severity, shown_at, granted = value
    return Showing(Severity(severity), _time(shown_at), _span(granted))


def _of_showing(showing: Showing) -> list[int]:
    return [int(showing.severity), _microseconds(showing.shown_at), _ticks(showing.granted)]


def _shown(value: Any) -> Shown:
    severity, shown_at, hidden_at, active = value
    return Shown(Severity(severity), _time(shown_at), _time(hidden_at), _span(active))


def _of_shown(shown: Shown) -> list[int]:
    at, until = _microseconds(shown.shown_at), _microseconds(shown.hidden_at)
    return [int(shown.severity), at, until, _ticks(shown.active)]


_SPAN = _Kind(_span, _ticks)
_COUNT = _Kind(_whole, int)
_TIME_OR_NONE = _Kind(_or_none(_time), _or_none(_microseconds))
_BY_NAME: Mapping[str, _Kind] = {
    "showing": _Kind(_or_none(_showing), _or_none(_of_showing)),
    "last": _Kind(_or_none(_shown), _or_none(_of_shown)),
    "continuous": _SPAN,
    "hard": _SPAN,
    "long": _SPAN,
    "recent": _Kind(_severities, lambda severities: [int(each) for each in severities]),
    "unbroken": _COUNT,
    "ramp_days": _COUNT,
    "return_day": _Kind(_or_none(_whole), _or_none(int)),
}
_FIELDS: Mapping[str, _Kind] = {
    each.name: _BY_NAME.get(each.name, _TIME_OR_NONE) for each in fields(WorkState)
}
