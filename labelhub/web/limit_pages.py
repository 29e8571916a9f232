"""Contexts of the pages about limits: plain values for the templates."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from labelhub.domain.vocabulary import Severity
from labelhub.domain.welfare.layers import Layer
from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.loosening import Change
from labelhub.domain.welfare.night import MainSleep
from labelhub.domain.welfare.policy import Policy, bounds
from labelhub.services.limits import reasons
from labelhub.services.limits.reading import InProject, Layered, Mine, Waiting
from labelhub.web import limit_fields
from labelhub.web.forms import Fields


def own(mine: Mine, fields: Fields) -> dict[str, Any]:
    """Return the context of `limits/own.html`."""
    layer = mine.own
    return {
        "delay": int(layer.delay.total_seconds()),
        "waiting": [_own_waiting(one) for one in layer.waiting],
        "elsewhere": [
            {"layer": one.request.layer.value, "where": one.where, **_wanted(one)}
            for one in mine.elsewhere
        ],
        "offered": [_offered(layer.in_force, name) for name in limit_fields.OWN],
        "highest": _highest(layer.in_force),
        "set_here": [_value(layer.own, name) for name in layer.set_here],
        "askable": _askable(layer),
        "sleep": {
            "now": _hours(mine.sleep.now),
            "then": _hours(mine.sleep.then),
            "until": mine.sleep.waits_until,
        },
        "groups": _groups(mine.places),
        "form": fields.values,
        "errors": fields.errors,
    }


def layer(found: Layered, fields: Fields, decide: Mapping[Any, str]) -> dict[str, Any]:
    """Return what `limits/layer.html` needs of the limits; *decide*: addresses by request."""
    return {
        "layer": found.layer.value,
        "delay": int(found.delay.total_seconds()),
        "waiting": [
            {
                "decide": decide[one.request.id],
                "asked_by": one.asked_by,
                "mine": one.mine,
                "asked_at": one.asked_at,
                **_wanted(one),
            }
            for one in found.waiting
        ],
        "settable": limit_fields.settable(),
        "table": [_row(found, name) for name in bounds()],
        "form": fields.values,
        "errors": fields.errors,
    }


def _row(found: Layered, name: str) -> dict[str, Any]:
    here = found.layer is Layer.INSTALLATION or name in found.set_here
    write = bounds()[name].write
    return {
        "name": name,
        "unit": str(bounds()[name].unit),
        "value": write(getattr(found.in_force, name)),
        "own": write(getattr(found.own, name)) if here else None,
        "outer": write(getattr(found.outer, name)),
    }


def _own_waiting(one: Waiting) -> dict[str, Any]:
    address = url_for("limits.decide", request_id=one.request.id)
    return {"decide": address, "asked_at": one.asked_at, **_wanted(one)}


def _wanted(one: Waiting) -> dict[str, Any]:
    change: Change = one.request.change
    return {
        "limits": [_value(change.values, name) for name in change.names],
        "ripe_at": one.ripe_at,
        "ripe": one.ripe,
    }


def _value(policy: Policy, name: str) -> dict[str, Any]:
    bound = bounds()[name]
    return {"name": name, "value": bound.write(getattr(policy, name)), "unit": str(bound.unit)}


def _offered(in_force: Policy, name: str) -> dict[str, Any]:
    low, high = limit_fields.own_span(in_force, name)
    return {
        "name": name,
        "unit": str(bounds()[name].unit),
        "low": low,
        "high": high,
        "now": limit_fields.number(in_force, name),
    }


def _highest(in_force: Policy) -> dict[str, Any]:
    now = limit_fields.highest(in_force)
    lower = [str(int(tier)) for tier in Severity if Severity.S0 < tier < now]
    return {"now": int(now), "choices": ["", *reversed(lower)]}


def _askable(found: Layered) -> list[dict[str, Any]]:
    """Return the own limits that are not asked for already; without numbers, only back."""
    asked = {name for one in found.waiting for name in one.request.change.names}
    listed = []
    for name in (name for name in found.set_here if name not in asked):
        low: int | None = None
        high: int | None = None
        if name in limit_fields.settable():
            low, high = limit_fields.looser_span(found.own, found.outer, name)
        unit = str(bounds()[name].unit)
        listed.append({"name": name, "unit": unit, "low": low, "high": high})
    return listed


def _groups(places: tuple[InProject, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": limit.value,
            "reason": reason.sentence,
            "sources": [
                {"id": one.id, "title": one.title, "checked": one.checked} for one in reason.sources
            ],
            "design": reason.design,
            "values": [
                {"name": name, "unit": str(bound.unit), "places": _places(places, name)}
                for name, bound in bounds().items()
                if bound.limit is LimitId(limit)
            ],
        }
        for limit, reason in reasons.of_limits().items()
    ]


def _places(places: tuple[InProject, ...], name: str) -> list[dict[str, Any]]:
    """Return a value in each project; once and without a title where it is the same in all."""
    write = bounds()[name].write
    listed = [
        {
            "title": one.title,
            "team": one.team,
            "value": write(getattr(one.limits.policy, name)),
            "layer": one.limits.set_by[name].value,
        }
        for one in places
    ]
    first = listed[0]
    if all(_same(first, other) for other in listed):
        return [{**first, "title": ""}]
    return listed


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    by_team = one["layer"] != Layer.VENDOR.value or one["team"] == other["team"]
    return by_team and all(one[key] == other[key] for key in ("value", "layer"))


def _hours(sleep: MainSleep | None) -> list[str] | None:
    return None if sleep is None else [f"{sleep.begins:%H:%M}", f"{sleep.ends:%H:%M}"]
