"""Reading a policy from text that anyone may have written: bounded, strict JSON."""

import json
from collections.abc import Mapping
from typing import Any

from labelhub.domain.welfare.limits import PolicyError

LONGEST = 64 * 1024
"""Characters; a whole policy has about 6,000."""
_DEEPEST = 6


def parse(text: str) -> Mapping[str, Any]:
    """Return the JSON object in *text*; what is in it, `Policy.from_mapping` checks.

    Raises:
        PolicyError: it is too long or deep, is no JSON object, or names a key twice.

    """
    if len(text) > LONGEST:
        raise PolicyError(f"the policy is longer than {LONGEST} characters")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise PolicyError(f"line {error.lineno}: is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, PolicyError):
            raise
        raise PolicyError("the policy is no JSON that can be read") from error
    if not isinstance(found, Mapping):
        raise PolicyError("the policy is not a JSON object")
    _refuse_depth(found)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise PolicyError(f"{', '.join(twice)[:80]}: named twice")
    return found


def _no_number(word: str) -> None:
    raise PolicyError(f"{word} is not a number of JSON")


def _refuse_depth(found: object) -> None:
    level = [found]
    for _depth in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise PolicyError("the policy is nested deeper than a policy is")


def _inside(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
