"""The form of a policy on file: each limit with its value, its unit and its source."""

from collections.abc import Iterable, Mapping
from typing import Any

from labelhub.domain.welfare.limits import Bound, PolicyError

SCHEMA = "labelhub-policy-v1"
_TOP = {"schema", "note", "limits", "reasons", "sources"}
_ENTRY = {"value", "unit", "limit", "source"}
_LONGEST_SHOWN = 120


def read(mapping: Mapping[str, Any], bounds: Mapping[str, Bound]) -> dict[str, Any]:
    """Return the values named in *mapping* as the rules use them.

    Raises:
        PolicyError: naming the key, the value and what would be accepted.

    """
    _refuse_unknown("the policy", mapping, _TOP)
    if mapping.get("schema") != SCHEMA:
        raise PolicyError(f"schema: {_shown(mapping.get('schema'))} is not {SCHEMA!r}")
    limits = mapping.get("limits")
    if not isinstance(limits, Mapping):
        raise PolicyError(f"limits: {_shown(limits)} is not an object")
    _refuse_unknown("limits", limits, bounds.keys())
    return {key: _read_entry(key, entry, bounds[key]) for key, entry in limits.items()}


def write(values: Mapping[str, Any], bounds: Mapping[str, Bound]) -> dict[str, Any]:
    """Return *values* in the form that `read` accepts."""
    return {
        "schema": SCHEMA,
        "limits": {
            key: {
                "value": bounds[key].write(value),
                "unit": str(bounds[key].unit),
                "limit": str(bounds[key].limit),
            }
            for key, value in values.items()
        },
    }


def missing(keys: Iterable[str]) -> PolicyError:
    return PolicyError(f"limits: {', '.join(sorted(keys))} missing; a whole policy names every one")


def _read_entry(key: str, entry: object, bound: Bound) -> Any:
    if not isinstance(entry, Mapping) or not {"value", "unit"} <= entry.keys():
        raise PolicyError(f"{key}: {_shown(entry)} is not an object with value and unit")
    _refuse_unknown(key, entry, _ENTRY)
    if entry["unit"] != bound.unit:
        raise PolicyError(f"{key}: unit {_shown(entry['unit'])} is not {str(bound.unit)!r}")
    if entry.get("limit", bound.limit) != bound.limit:
        raise PolicyError(f"{key}: limit {_shown(entry['limit'])} is not {str(bound.limit)!r}")
    allowed = f"allowed: {bound.allowed} ({bound.limit})"
    try:
        value = bound.read(entry["value"])
    except PolicyError as problem:
        raise PolicyError(f"{key}: {_shown(entry['value'])} {problem}; {allowed}") from problem
    if not bound.accepts(value):
        looser = f"{key}: {_shown(entry['value'])} is looser than the ceiling"
        raise PolicyError(f"{looser}; {allowed}")
    return value


def _refuse_unknown(where: str, mapping: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(str(key) for key in mapping.keys() - set(known)):
        listed = _cut(", ".join(unknown))
        raise PolicyError(f"{where}: {listed} unknown; known: {', '.join(sorted(known))}")


def _shown(value: object) -> str:
    return _cut(repr(value))


def _cut(text: str) -> str:
    """Return *text* for a message of one line: whoever sent it knows what they sent."""
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
