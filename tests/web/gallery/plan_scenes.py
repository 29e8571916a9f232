"""Contexts of the capacity plan: before it is made, made, and with faults."""

from typing import Any

from tests.web.gallery.desk_scenes import HELPFULNESS

_FORM: dict[str, Any] = {
    "a-people": "20", "a-experience": "all", "a-from": "09:00", "a-hours": "8",
    "a-week": "weekdays", "a-agrees": ["2", "3"], "a-mild": "yes", "b-people": "",
    "b-experience": "new", "b-from": "14:00", "b-hours": "4", "b-week": "three",
    "b-agrees": [], "b-mild": "", "continuing": "80", "seed": "1",
}  # fmt: skip
_CHOICES = {
    "experience": [
        {"value": "new", "label": "New: S0 and S1 for the first days"},
        {"value": "all", "label": "Past the ramp-up: all that they agree to"},
    ],
    "week": [
        {"value": "weekdays", "label": "Monday to Friday"},
        {"value": "three", "label": "Monday, Wednesday, Friday"},
    ],
    "start": [{"value": f"{hour:02}:00", "label": f"{hour:02}:00"} for hour in (9, 14)],
    "agrees": [{"value": tier, "label": f"S{tier}"} for tier in "234"],
}
_BLANK: dict[str, Any] = {
    "project": HELPFULNESS, "form": _FORM, "errors": {}, "groups": ["a", "b"],
    "choices": _CHOICES, "result": None,
}  # fmt: skip
_ROWS = [
    {"day": day, "low": low, "median": low + more, "high": low + 2 * more}
    for day, low, more in (
        (0, 0, 0), (0.5, 1800, 90), (1, 4200, 160), (1.5, 6500, 210),
        (2, 9000, 240), (2.5, 9600, 200),
    )
]  # fmt: skip


def _at(day: float, ratings: int) -> str:
    return f"{256 * day:.1f},{200 - 196 * ratings / 10_000:.1f}"


_RESULT = {
    "sentence": "10,000 ratings with 20 people: 2.51 days (2.48 to 3.39).",
    "interval": "Each of 9 runs draws other people and items. One run more lies between the least"
    " and the greatest with a chance of 8 in 10.",
    "seed": 1,
    "binding": "For 39.4% of their time all that was left was held by a limit. What held longest"
    " is named first.",
    "document": '{\n "schema": "labelhub-team-v1"\n}',
    "chart": {
        "width": 640, "height": 200, "days": "2.5", "ratings": 10_000, "rows": _ROWS,
        "band": " ".join(
            [_at(row["day"], int(row["high"])) for row in _ROWS]
            + [_at(row["day"], int(row["low"])) for row in reversed(_ROWS)]
        ),
        "line": " ".join(_at(row["day"], int(row["median"])) for row in _ROWS),
    },
    "tiers": [
        {"severity": 0, "text": "0.61 days (0.6 to 0.63)", "left": 0},
        {"severity": 2, "text": "0.55 days (0.54 to 0.57)", "left": 0},
        {"severity": 4, "text": "not within a year, or never", "left": 12},
    ],
    "held": [
        {"cause": "L-07", "share": 551, "text": "111.1 h, 55%"},
        {"cause": "L-06", "share": 228, "text": "45 h, 23%"},
        {"cause": "L-10", "share": 99, "text": "19.9 h, 10%"},
        {"cause": "opted_out_today", "share": 20, "text": "4 h, 2%"},
    ],
    "changes": [
        {
            "text": "One more person in the largest group",
            "difference": "0.12 days sooner (0.3 days sooner to 0.01 days later)",
            "days": "2.4 days (2.38 to 2.5)",
        }
    ],
}  # fmt: skip

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "plan": ("projects/plan.html", _BLANK),
    "plan-made": ("projects/plan.html", {**_BLANK, "result": _RESULT}),
    "plan-faults": (
        "projects/plan.html",
        {
            **_BLANK,
            "form": {**_FORM, "a-people": "0", "a-hours": "480"},
            "errors": {
                "a-people": "A whole number from 1 to 500.",
                "a-hours": "A whole number from 1 to 16.",
            },
        },
    ),
}
