"""Reads typed limits: each becomes a policy document, or a fault beside its field."""

from collections.abc import Collection, Mapping
from datetime import time, timedelta
from typing import Any

from flask import request

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.limits import SLACK, PolicyError
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.policy import Policy, bounds, ceiling
from labelhub.domain.welfare.policy_file import SCHEMA
from labelhub.domain.welfare.policy_text import LONGEST, parse
from labelhub.domain.welfare.ramp import RampStep, RampUp
from labelhub.web.forms import Fields
from labelhub.web.languages import gettext as _

OWN = (
    "dose_hour", "dose_day", "dose_week", "severe_day", "continuous_work", "work_break",
    "hard_work", "hard_break", "work_day", "daily_rest",
)  # fmt: skip
"""What a labeler can type; every other limit of theirs comes from the other layers."""
_LEAST = {"continuous_work": 10, "hard_work": 2, "work_day": 1}
_MOST = {"work_break": 120, "hard_break": 120, "daily_rest": 23}
_MOST_DIGITS = 6
_ALL = 100

Document = Mapping[str, Any]


def settable() -> list[str]:
    """Return the limits that are one number, which a small form can take."""
    return [
        name
        for name, bound in bounds().items()
        if isinstance(bound.ceiling, int | timedelta) and not isinstance(bound.ceiling, bool)
    ]


def number(policy: Policy, name: str) -> int:
    """Return a limit that is one number, in the unit of policy files."""
    return int(str(bounds()[name].write(getattr(policy, name))))


def shrinks(name: str) -> bool:
    """Whether a smaller number is the stricter one."""
    return bounds()[name].stricter(0, 1) == 0 if _plain(name) else _shorter_is_stricter(name)


def stricter_span(in_force: Policy, name: str) -> tuple[int, int]:
    """Return the lowest and the highest number that tightens, or keeps, what is in force."""
    now = number(in_force, name)
    return (0, now) if shrinks(name) else (now, number(ceiling(), name) * SLACK)


def own_span(in_force: Policy, name: str) -> tuple[int, int]:
    """Return what a labeler can type: no slip of the pen shuts them out of all work."""
    low, high = stricter_span(in_force, name)
    if shrinks(name):
        return min(high, _LEAST.get(name, low)), high
    return low, max(low, _MOST.get(name, high))


def looser_span(own: Policy, outer: Policy, name: str) -> tuple[int, int]:
    """Return the lowest and the highest number that loosens *own*, no further than *outer*."""
    mine, limit = number(own, name), number(outer, name)
    return (mine + 1, limit) if shrinks(name) else (limit, mine - 1)


def own_tighter(fields: Fields, in_force: Policy) -> Document | None:
    """Return the stricter limits that a labeler typed; None where there are none."""
    limits: dict[str, Any] = {}
    for name in OWN:
        field = f"limit-{name}"
        typed = _typed(fields, field)
        if typed and (value := _within(fields, field, typed, own_span(in_force, name))) >= 0:
            limits[name] = _entry(name, value)
    if ramp := _highest(fields, in_force):
        limits["ramp_up"] = ramp
    return _document(limits)


def one(fields: Fields, names: Collection[str], own: Policy, outer: Policy) -> Document | None:
    """Return the one limit that was chosen with its new value, as a form's button says."""
    name = fields.choice("limit", names)
    typed = _typed(fields, "value")
    if name is None:
        return None
    if request.form.get("go") == "tighten":
        span = stricter_span(outer.tightened_by(own), name)
    elif not typed:
        return _document({name: _written(outer, name)})
    elif name not in settable():
        fields.fail("value", _("This one can only go back to what holds without your own."))
        return None
    else:
        span = looser_span(own, outer, name)
    value = _within(fields, "value", typed, span)
    return _document({name: _entry(name, value)}) if fields.valid else None


def text(fields: Fields) -> Document | None:
    """Return the document that was typed; its values are checked where they are set."""
    typed = fields.text("document", longest=LONGEST)
    if not fields.valid:
        return None
    try:
        return parse(typed)
    except PolicyError as error:
        fields.fail("document", not_accepted(error))
        return None


def main_sleep(fields: Fields) -> MainSleep | None:
    """Return the hours of the main sleep; None and a fault where they are none."""
    begins, ends = (_clock_time(fields, name) for name in ("begins", "ends"))
    return None if begins is None or ends is None else MainSleep(begins, ends)


def not_accepted(error: PolicyError) -> str:
    return _("Not accepted. %(problem)s.", problem=str(error))


def highest(policy: Policy) -> Severity:
    """Return the highest severity that the ramp-up ever allows."""
    return max(step.severity for step in policy.ramp_up.steps)


def _highest(fields: Fields, in_force: Policy) -> dict[str, Any] | None:
    typed = _typed(fields, "highest")
    if not typed:
        return None
    lower = {str(int(tier)): tier for tier in Severity if Severity.S0 < tier < highest(in_force)}
    if typed not in lower:
        fields.fail("highest", _("Choose one of these."))
        return None
    cut = RampUp((RampStep(1, lower[typed], _ALL),)).with_other(in_force.ramp_up)
    bound = bounds()["ramp_up"]
    return {"value": bound.write(cut), "unit": str(bound.unit)}


def _typed(fields: Fields, field: str) -> str:
    typed = request.form.get(field, "").strip()
    fields.values[field] = typed[:32]
    return typed


def _within(fields: Fields, field: str, typed: str, span: tuple[int, int]) -> int:
    """Return the number typed; -1 and a fault unless it is within *span*."""
    low, high = span
    if typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS:
        value = int(typed)
        if low <= value <= high:
            return value
    if low > high:
        fields.fail(field, _("There is nothing between what is set here and what holds outside."))
    else:
        fields.fail(field, _("A whole number from %(low)s to %(high)s.", low=low, high=high))
    return -1


def _clock_time(fields: Fields, field: str) -> time | None:
    typed = _typed(fields, field)
    try:
        found = time.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or found.second or found.microsecond:
        fields.fail(field, _("A time such as 08:30."))
        return None
    return found


def _plain(name: str) -> bool:
    return isinstance(bounds()[name].ceiling, int)


def _shorter_is_stricter(name: str) -> bool:
    short, long = timedelta(), timedelta(days=1)
    return bool(bounds()[name].stricter(short, long) == short)


def _written(policy: Policy, name: str) -> dict[str, Any]:
    bound = bounds()[name]
    return {"value": bound.write(getattr(policy, name)), "unit": str(bound.unit)}


def _entry(name: str, value: int) -> dict[str, Any]:
    return {"value": value, "unit": str(bounds()[name].unit)}


def _document(limits: dict[str, Any]) -> Document | None:
    return {"schema": SCHEMA, "limits": limits} if limits else None
