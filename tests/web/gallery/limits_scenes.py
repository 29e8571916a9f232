"""Contexts of the pages about limits: a labeler's own, a team's, an installation's."""

from datetime import timedelta
from typing import Any

from labelhub.domain.welfare.limits import LimitId
from labelhub.domain.welfare.policy import bounds
from labelhub.services.limits import reasons
from labelhub.store import policies
from tests.web.gallery.desk_scenes import NOON

_DAY = timedelta(days=1)


def _value(name: str, value: object = None) -> dict[str, Any]:
    bound = bounds()[name]
    shown = bound.write(getattr(policies.shipped(), name)) if value is None else value
    return {"name": name, "value": shown, "unit": str(bound.unit)}


def _place(name: str, layer: str, title: str = "", value: object = None) -> dict[str, Any]:
    place = {"title": title, "team": "Fair Words", "layer": layer}
    return place | {"value": _value(name, value)["value"]}


def _groups() -> list[dict[str, Any]]:
    """Return every limit as shipped; the hour is the labeler's own, the mix differs by project."""
    own = {
        "dose_hour": [_place("dose_hour", "labeler", value=100)],
        "mix": [
            _place("mix", "vendor", "Helpfulness, pilot 2", 4),
            _place("mix", "project", "Harm, first look", 3),
        ],
    }
    return [
        {
            "id": limit.value, "reason": reason.sentence, "design": reason.design,
            "sources": [
                {"id": one.id, "title": one.title, "checked": one.checked}
                for one in reason.sources
            ],
            "values": [
                {
                    "name": name, "unit": str(bound.unit),
                    "places": own.get(name, [_place(name, "installation")]),
                }
                for name, bound in bounds().items()
                if bound.limit is LimitId(limit)
            ],
        }
        for limit, reason in reasons.of_limits().items()
    ]  # fmt: skip


_OWN: dict[str, Any] = {
    "delay": 86_400,
    "waiting": [
        {"decide": "/limits/requests/1", "limits": [_value("dose_hour", 200)],
         "asked_at": NOON - _DAY, "ripe_at": NOON, "ripe": True},
        {"decide": "/limits/requests/2", "limits": [_value("ramp_up")],
         "asked_at": NOON, "ripe_at": NOON + _DAY, "ripe": False},
    ],
    "elsewhere": [
        {"layer": "vendor", "where": "Fair Words", "limits": [_value("mix", 6)],
         "ripe_at": NOON + 7 * _DAY, "ripe": False},
        {"layer": "project", "where": "Harm, first look", "limits": [_value("night")],
         "ripe_at": NOON, "ripe": True},
        {"layer": "installation", "where": "", "limits": [_value("dose_day", 1200)],
         "ripe_at": NOON + 7 * _DAY, "ripe": False},
    ],
    "offered": [
        {"name": "dose_hour", "unit": "points", "low": 0, "high": 100, "now": 100},
        {"name": "work_break", "unit": "minutes", "low": 10, "high": 120, "now": 10},
    ],
    "highest": {"now": 4, "choices": ["", "3", "2", "1"]},
    "set_here": [_value("dose_hour", 100), _value("ramp_up")],
    "askable": [
        {"name": "dose_day", "unit": "points", "low": 101, "high": 960},
        {"name": "night", "unit": "local time", "low": None, "high": None},
    ],
    "sleep": {"now": ["09:00", "17:00"], "then": ["10:00", "18:00"], "until": NOON + 7 * _DAY},
    "groups": _groups(),
    "form": {"limit-dose_hour": "500"},
    "errors": {"limit-dose_hour": "A whole number from 0 to 100."},
}  # fmt: skip


def _layer(layer: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "layer": layer, "name": name, "choices": [], "back": None, "address": "/limits/team",
        "delay": 604_800, "fresh": True,
        "waiting": [
            {"decide": "/limits/team/1", "limits": [_value("dose_hour", 200), _value("mix", 6)],
             "asked_by": "Hana", "mine": False, "asked_at": NOON - 7 * _DAY, "ripe_at": NOON,
             "ripe": True},
            {"decide": "/limits/team/2", "limits": [_value("ramp_up")],
             "asked_by": "Chen", "mine": True, "asked_at": NOON, "ripe_at": NOON + 7 * _DAY,
             "ripe": False},
        ],
        "settable": ["dose_hour", "mix", "daily_rest"],
        "table": [
            {
                "name": each, "unit": str(bound.unit), "value": _value(each)["value"],
                "own": _value(each)["value"] if each in {"dose_hour", "night"} else None,
                "outer": bound.write(bound.ceiling),
            }
            for each, bound in bounds().items()
        ],
        "form": {}, "errors": {}, **more,
    }  # fmt: skip


SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "limits-own": ("limits/own.html", _OWN),
    "limits-own-first": (
        "limits/own.html",
        {
            **_OWN, "waiting": [], "elsewhere": [], "set_here": [], "askable": [],
            "sleep": {"now": None, "then": None, "until": None}, "form": {}, "errors": {},
        },
    ),
    "limits-of-team": ("limits/layer.html", _layer("vendor", "Fair Words")),
    "limits-of-project": (
        "limits/layer.html",
        _layer("project", "Harm, first look", back="/projects/harm/settings", fresh=False),
    ),
    "limits-of-installation": (
        "limits/layer.html",
        _layer(
            "installation", "", waiting=[], form={"document": "{"},
            errors={"document": "Not accepted. line 1: is not JSON: Expecting property name."},
        ),
    ),
}  # fmt: skip
