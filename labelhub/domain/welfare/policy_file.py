"""The form of a policy on file: each limit with its value, its unit and its source."""

from collections.abc import Iterable, Mapping
from typing import Any

from labelhub.domain.welfare.limits import Bound, PolicyError

SCHEMA = "labelhub-policy-v1"
_TOP = {"schema", "note", "limits"}
_ENTRY = {"value", "unit", "limit", "source"}


def read(mapping: Mapping[str, Any], bounds: Mapping[str, Bound]) -> dict[str, Any]:
    """Return the values named in *mapping* as the rules use them.

    Raises:
        PolicyError: naming the key, the value and what would be accepted.

    """
    _refuse_unknown("the policy", mapping, _TOP)
    if mapping.get("schema") != SCHEMA:
        raise PolicyError(f"schema: {mapping.get('schema')!r} is not {SCHEMA!r}")
    limits = mapping.get("limits")
    if not isinstance(limits, Mapping):
        raise PolicyError(f"limits: {limits!r} is not an object")
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
        raise PolicyError(f"{key}: {entry!r} is not an object with value and unit")
    _refuse_unknown(key, entry, _ENTRY)
    if entry["unit"] != bound.unit:
        raise PolicyError(f"{key}: unit {entry['unit']!r} is not {str(bound.unit)!r}")
    if entry.get("limit", bound.limit) != bound.limit:
        raise PolicyError(f"{key}: limit {entry['limit']!r} is not {str(bound.limit)!r}")
    allowed = f"allowed: {bound.allowed} ({bound.limit})"
    try:
        value = bound.read(entry["value"])
    except PolicyError as problem:
        raise PolicyError(f"{key}: {entry['value']!r} {problem}; {allowed}") from problem
    if not bound.accepts(value):
        raise PolicyError(f"{key}: {entry['value']!r} is looser than the ceiling; {allowed}")
    return value


def _refuse_unknown(where: str, mapping: Mapping[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(str(key) for key in mapping.keys() - set(known)):
        raise PolicyError(
            f"{where}: {', '.join(unknown)} unknown; known: {', '.join(sorted(known))}"
        )
