"""Contexts of a labeler's own record: weeks of work, and nothing yet."""

from datetime import timedelta
from typing import Any

from tests.web.gallery.desk_scenes import NOON

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_WIDTH, _HEIGHT = 600, 120


def _chart(title: str, doses: list[int], limit: int, first: str) -> dict[str, Any]:
    top = max(limit, *doses) * 1.08
    heights = [round(_HEIGHT - _HEIGHT * dose / top, 1) for dose in doses]
    step = _WIDTH / (len(doses) - 1)
    corners = [f"0,{heights[0]}"]
    for place in range(1, len(doses)):
        across = round(place * step, 1)
        corners += [f"{across},{heights[place - 1]}", f"{across},{heights[place]}"]
    return {
        "title": title,
        "sentence": f"{doses[-1]} of {limit} points now; the highest in this time was "
        f"{max(doses)}.",
        "line": " ".join(corners),
        "area": f"0,{_HEIGHT} {' '.join(corners)} {_WIDTH},{_HEIGHT}",
        "limit_y": round(_HEIGHT - _HEIGHT * limit / top, 1),
        "limit": str(limit),
        "width": _WIDTH,
        "height": _HEIGHT,
        "first": first,
        "last": "now",
        "points": [{"label": f"{n}:00", "value": str(dose)} for n, dose in enumerate(doses)][::-1],
    }


def _window(name: str, spent: str, limit: str, remaining: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "spent": spent, "limit": limit, "remaining": remaining, "hard_limit": None,
        "layer": "installation", "project": "", "next_back": NOON + _HOUR,
        "all_back": NOON + _DAY, **more,
    }  # fmt: skip


WINDOWS = [
    _window("Dose in one hour, in points", "36", "240", "204"),
    _window("Dose in 24 hours, in points", "412.5", "800", "387.5", hard_limit="400",
            layer="project", project="Harm, first look"),
    _window("Dose in 7 days, in points", "1,204", "3,840", "2,636"),
    _window("Dose in 28 days, in points", "4,410", "11,520", "7,110"),
    _window("Work in 24 hours", "3 h 10 min", "8 h 00 min", "4 h 50 min", hard_limit="6 h 00 min"),
    _window("Extreme items (S4) in 24 hours", "0", "4", "4", next_back=None, all_back=None),
]  # fmt: skip
LOOKS = [
    {"at": NOON, "by": "Chen Wei", "what": "your name, address and paid hours, on the roster"},
    {"at": NOON - _DAY, "by": "Farid Aziz", "what": "your name, address, roles and standing, on"
     " your page"},
]  # fmt: skip
_HEADS = [
    {"label": "Day", "number": False},
    *(
        {"label": label, "number": True}
        for label in ("Shown", "Points", "rating", "own breaks", "waiting", "Paid", "Not paid")
    ),
]
_NAMES = ("Wed 4 Mar", "Tue 3 Mar", "Mon 2 Mar", "Sun 1 Mar", "Sat 28 Feb", "Fri 27 Feb",
          "Thu 26 Feb")  # fmt: skip


def _day(place: int, name: str) -> dict[str, Any]:
    free = "Sun" in name or "Sat" in name
    parts = {} if free else {"work": "3 h 10 min", "break": "25 min", "waiting": "10 min"}
    return {
        "date": name, "parts": parts, "width": _WIDTH,
        "strips": [] if free else [
            {"part": "work", "x": 0, "width": 400 - 30 * place},
            {"part": "break", "x": 400 - 30 * place, "width": 60},
            {"part": "waiting", "x": 460 - 30 * place, "width": 30},
        ],
        "paid": ["", "", ""] if free else ["3 h 10 min", "25 min", "10 min"],
        "total": "0 min" if free else "3 h 45 min", "unpaid": "4 min" if place == 1 else "",
        "items": 0 if free else 84, "points": "0" if free else "412.5", "any": not free,
    }  # fmt: skip


_DAYS = [_day(place, name) for place, name in enumerate(_NAMES)]
_TIMES: dict[str, Any] = {
    "heads": _HEADS, "days": _DAYS, "week": _DAYS, "total": "18 h 45 min", "unpaid": "4 min",
    "breaks": [
        {"at": NOON, "until": None, "moment": True, "length": None},
        {"at": NOON - _DAY, "until": NOON - _DAY + _HOUR / 4, "moment": False,
         "length": "15 min"},
    ],
}  # fmt: skip
_NO_TIMES: dict[str, Any] = {
    **_TIMES, "heads": [*_HEADS[:3], *_HEADS[6:]], "days": [], "breaks": [], "total": "0 min",
    "week": [], "unpaid": "0 min",
}  # fmt: skip
_EXPOSURES = [
    {"number": 900 - place, "at": NOON - place * _HOUR / 12, "project": "Harm, first look",
     "severity": place % 4, "screened": min(2, place % 4), "seconds": 41 + place,
     "points": f"{(0, 1, 6, 20)[place % 4]}"}
    for place in range(12)
]  # fmt: skip
_DAY_DOSES = [0, 0, 0, 12, 60, 140, 220, 260, 260, 310, 380, 412]
_CHOICES: dict[str, Any] = {
    "consents": [
        {"severity": 2, "given": NOON, "until": NOON + 90 * _DAY, "withdrawn": None},
        {"severity": 3, "given": NOON, "until": None, "withdrawn": NOON},
        {"severity": 4, "given": NOON, "until": None, "withdrawn": None},
    ],
    "opt_outs": [
        {"about": "the kind “Hate”", "since": NOON, "ended": None},
        {"about": "hard content for the day", "since": NOON - _DAY, "ended": NOON},
    ],
    "declarations": [{"going_on": True, "at": NOON}, {"going_on": False, "at": NOON - _DAY}],
    "decisions": [
        {"at": NOON, "organisation": "Meadow", "by": "Farid Aziz", "sentence": "You were let back"
         " in."},
    ],
    "engagements": [
        {"role": "labeler", "organisation": "Meadow", "since": NOON - 90 * _DAY, "until": None},
    ],
    "looks": LOOKS, "windows": WINDOWS,
    "settings": [{"layer": "project", "at": NOON, "values": [
        {"name": "dose_day", "value": 800, "unit": "points"},
        {"name": "severe_day", "value": 2, "unit": "items"},
    ]}],
}  # fmt: skip

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "record": (
        "record/page.html",
        {
            "charts": [
                _chart("The last 24 hours", _DAY_DOSES, 800, "12:00"),
                _chart("The last 7 days", [n * 90 for n in range(14)], 3_840, "26 Feb, 12:00"),
                _chart("The last 28 days", [900 + n % 5 * 700 for n in range(28)], 11_520,
                       "5 Feb, 12:00"),
            ],
            "windows": WINDOWS, "verified": False, "exposures": 1_204, "looks": LOOKS,
            "carried": [{"issuer": "mJ6rTq0b2Kd1", "issued": NOON - _DAY, "at": NOON,
                         "counted": 312}],
        },
    ),
    "record-new": (
        "record/page.html",
        {
            "charts": [_chart("The last 24 hours", [0, 0, 0], 240, "12:00")],
            "windows": [WINDOWS[-1]], "verified": True, "exposures": 0, "looks": [],
            "carried": [],
        },
    ),
    "record-exposures": (
        "record/exposures.html",
        {
            "count": "1,204", "older": 888, "exposures": _EXPOSURES,
            "open_now": {"at": NOON, "project": "Harm, first look", "severity": 2,
                         "seconds": 360},
        },
    ),
    "record-exposures-none": (
        "record/exposures.html",
        {"count": "0", "older": None, "exposures": [], "open_now": None},
    ),
    "record-time": ("record/time.html", _TIMES),
    "record-time-none": ("record/time.html", _NO_TIMES),
    "record-choices": ("record/choices.html", _CHOICES),
    "record-choices-none": (
        "record/choices.html",
        {name: [] for name in _CHOICES},
    ),
    "record-print": (
        "record/print.html",
        {
            **_TIMES, "name": "Amina Odhiambo", "email": "amina@example.org",
            "month": "March 2026", "issued": NOON, "windows": WINDOWS, "exposures": _EXPOSURES,
            "months": [{"label": "March 2026", "value": "2026-03"},
                       {"label": "February 2026", "value": "2026-02"}],
        },
    ),
    "record-bring": ("record/bring.html", {"form": {}, "errors": {}}),
    "record-bring-refused": (
        "record/bring.html",
        {"form": {}, "errors": {"file": "This file is not as it was signed. Nothing of it was"
                                " kept."}},
    ),
}  # fmt: skip
