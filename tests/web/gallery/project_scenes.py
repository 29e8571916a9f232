"""Contexts of the researcher's pages: the plain values that the real views give."""

from typing import Any

from tests.web.gallery.desk_scenes import GUIDELINES, HAZARDS, HELPFULNESS, NOON

PER_DAY = [
    {"label": f"{day} Mar", "value": value}
    for day, value in enumerate((0, 14, 31, 40, 22, 0, 0, 38, 44, 51, 36, 47, 12, 20), 1)
]
PROJECT = {
    **HELPFULNESS,
    "overlap": 3,
    "highest": 1,
    "veil": 2,
    "open_to": ["Meadow", "Lantern"],
}
MOVING = {
    "items": 300,
    "done": 355,
    "wanted": 900,
    "labelers": 12,
    "per_day": PER_DAY,
    "sentence": "355 of 900 ratings are in; at 38 a working day the rest takes three weeks.",
}
PAGE = {
    "project": PROJECT,
    "moving": MOVING,
    "good": {
        "sentence": "Of 96 items with three ratings, raters agree on 71.",
        "shares": [
            {"label": "Same side chosen", "value": 71, "of": 96, "text": "71 of 96"},
            {"label": "Ties", "value": 31, "of": 355, "text": "31 of 355"},
            {"label": "Both bad", "value": 12, "of": 355, "text": "12 of 355"},
        ],
    },
    "safe": {
        "sentence": "Every item but two has a severity on record; nothing above S1 is served.",
        "tiers": [{"severity": 0, "items": 284}, {"severity": 1, "items": 14}],
        "unscreened": 2,
        "stopped": 0,
        "veiled": 0,
    },
    "release": {
        "pairs": 84,
        "latest": {"name": "helpful-1", "at": NOON},
        "sentence": "96 items have all of their ratings and give 84 preference pairs.",
    },
    "imports": [
        {
            "id": "a1",
            "file": "eggs-and-bicycles.jsonl",
            "at": NOON,
            "items": 300,
            "state": "published",
        }
    ],
}
ORGANISATIONS = [
    {"value": "meadow", "label": "Meadow", "hint": "vendor"},
    {"value": "lantern", "label": "Lantern", "hint": "vendor"},
]
CREATE: dict[str, Any] = {
    "form": {
        "title": "",
        "slug": "Bad Name",
        "instrument": "preference",
        "overlap": 3,
        "language": "en",
        "guidelines": "Choose the more helpful one.",
        "notice": "Everyday questions.",
        "highest": "1",
        "veil": "2",
        "hazards": [hazard["code"] for hazard in HAZARDS],
        "text_form": "markdown",
        "open_to": ["meadow"],
    },
    "errors": {
        "title": "Give the project a name.",
        "slug": "The short name has a capital letter and a space; use small letters and hyphens.",
    },
    "hazards": [
        {"value": one["code"], "label": one["name"], "hint": one["definition"]} for one in HAZARDS
    ],
    "veil_tiers": ["1", "2", "3", "4"],
    "lab": "northlight",
    "choices": [],
    "organisations": ORGANISATIONS,
    "limits": [
        {"id": "L-02", "label": "Exposure in 60 minutes", "unit": "points", "now": "240"},
        {"id": "L-03", "label": "Exposure in 24 hours", "unit": "points", "now": "960"},
        {"id": "L-10", "label": "Continuous work before a break", "unit": "minutes", "now": "50"},
    ],
}
SAMPLE = [
    {
        "line": 1,
        "prompt": [{"speaker": "User", "plain": "How long do I boil an egg?"}],
        "completions": ["About seven minutes for a soft yolk.", "Boil it until it feels right."],
        "severity": 0,
        "ratings": 3,
        "problem": None,
    },
    {
        "line": 2,
        "prompt": [{"speaker": "User", "plain": "Is a tomato a fruit?"}],
        "completions": ["Botanically yes.", ""],
        "severity": None,
        "ratings": 0,
        "problem": {"field": "completions.1", "reason": "The second completion is empty."},
    },
]
CONFIRM = {
    "project": PROJECT,
    "import_id": "a1",
    "file": {"name": "eggs-and-bicycles.csv", "size": "1.2 MB", "rows": 300},
    "layout": {
        "name": "csv",
        "label": "CSV with a column mapping",
        "certain": False,
        "why": "It has a head line and commas.",
    },
    "layouts": [{"value": "csv", "label": "CSV"}, {"value": "hh-rlhf", "label": "HH-RLHF"}],
    "columns": ["question", "answer_a", "answer_b", "severity"],
    "targets": [
        {"field": "prompt", "label": "Prompt", "required": True},
        {"field": "completion-1", "label": "First completion", "required": True},
        {"field": "completion-2", "label": "Second completion", "required": False},
        {"field": "severity", "label": "Severity", "required": False},
    ],
    "form": {
        "layout": "csv",
        "map-prompt": "question",
        "map-completion-1": "answer_a",
        "map-completion-2": "answer_b",
        "map-severity": "",
    },
    "sample": SAMPLE,
    "warnings": ["Two columns have the same values in every row; check the mapping."],
    "errors": {},
}
STATUS = {
    "project": PROJECT,
    "import_id": "a1",
    "staging": {
        "file": "eggs-and-bicycles.jsonl",
        "state": "ready",
        "read": 300,
        "rows": 300,
        "items": 297,
        "already": 1,
        "ratings": 0,
        "bad": 2,
    },
    "problems": [
        {"line": 14, "field": "completions[1]", "reason": "The completion is empty."},
        {"line": 203, "field": "prompt", "reason": "The text holds a NUL character."},
    ],
    "urls": {"publish": "/x/publish", "withdraw": "/x/withdraw", "rejects": "/x/rejects"},
}
RUNNING = {
    **STATUS,
    "problems": [],
    "staging": {**STATUS["staging"], "state": "staging", "read": 120, "items": 119, "bad": 0},
    "urls": {**STATUS["urls"], "rejects": ""},
}
RELEASE = {
    "project": PROJECT,
    "counts": {"ratings": 355, "items": 96},
    "formats": [
        {
            "value": "trl-preference",
            "label": "TRL preference, conversational",
            "hint": "DPO, ORPO, CPO and reward training.",
        },
        {"value": "trl-unpaired", "label": "TRL unpaired", "hint": "KTO."},
        {
            "value": "raw",
            "label": "Raw ratings",
            "hint": "One row for each rating, raters under pseudonyms.",
        },
    ],
    "ties": [
        {"value": "drop", "label": "Leave out"},
        {"value": "error", "label": "Refuse the release"},
    ],
    "both_bad": [
        {"value": "drop", "label": "Leave out"},
        {"value": "keep", "label": "Both as rejected (unpaired only)"},
    ],
    "form": {
        "name": "",
        "format": "trl-preference",
        "file_type": "jsonl",
        "ties": "drop",
        "both_bad": "drop",
        "train": 90,
        "validation": 0,
        "test": 10,
    },
    "errors": {},
    "releases": [
        {
            "name": "helpful-1",
            "format": "trl-preference",
            "at": NOON,
            "rows": 84,
            "state": "complete",
            "sha256": "9f" * 32,
            "files": [
                {
                    "name": "data/train-00000-of-00001.jsonl",
                    "url": "/x/1",
                    "size": "182 kB",
                    "sha256": "3b" * 32,
                },
                {"name": "manifest.json", "url": "/x/2", "size": "2 kB", "sha256": "9f" * 32},
            ],
        }
    ],
}
LISTED = [
    {
        "slug": "helpfulness",
        "title": "Helpfulness, pilot 2",
        "instrument": "preference",
        "items": 300,
        "done": 355,
        "wanted": 900,
        "per_day": [day["value"] for day in PER_DAY],
        "open": True,
    }
]

EDIT = {
    "project": {"slug": "helpfulness", "title": "Helpfulness, pilot 2", "paused": False},
    "form": {
        **CREATE["form"],
        "title": "Helpfulness, pilot 2",
        "own_hazards": "hte | Hate | Demeans.",
    },
    "veil_tiers": ["1", "2", "3", "4"],
    "errors": {"overlap": "There are items already, so it can only rise."},
    "teams": [
        {"slug": "meadow", "name": "Meadow", "open_since": NOON},
        {"slug": "lantern", "name": "Lantern", "open_since": None},
    ],
    "limits": CREATE["limits"],
}

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "projects": ("projects/index.html", {"projects": LISTED}),
    "project-create": ("projects/create.html", CREATE),
    "project": ("projects/page.html", PAGE),
    "project-settings": ("projects/edit.html", EDIT),
    "project-guidelines": (
        "projects/guidelines.html",
        {
            "project": PROJECT,
            "form": {"text": "Choose the more helpful one."},
            "errors": {},
            "current": GUIDELINES,
            "history": [{"version": 3, "since": NOON, "by": "Esi Mensah", "ratings": 120}],
        },
    ),
    "import-file": (
        "projects/import_file.html",
        {
            "project": PROJECT,
            "form": {"severity": ""},
            "errors": {"file": "Choose a file."},
            "layouts": [
                {"value": "", "label": "Find it by looking"},
                {"value": "hh-rlhf", "label": "HH-RLHF"},
            ],
            "largest": "200 MB",
        },
    ),
    "import-confirm": ("projects/import_confirm.html", CONFIRM),
    "import-running": ("projects/import_status.html", RUNNING),
    "import-status": ("projects/import_status.html", STATUS),
    "release": ("projects/release.html", RELEASE),
}
