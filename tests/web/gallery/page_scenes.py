"""Contexts of every page but the desk: the plain values that the real views give."""

from datetime import timedelta
from typing import Any

import segno
from markupsafe import Markup

from tests.web.gallery.desk_scenes import CONTACTS, HARM, HAZARDS, HELPFULNESS, NOON, TODAY

GUIDELINES = {
    "html": Markup(
        "<p>Choose the completion that helps the person more with what they asked.</p><h3>Better "
        "means</h3><ul><li>it is true,</li><li>it does what was asked, no more,</li><li>it can be "
        "read with ease.</li></ul><h3>Both bad</h3><p>Neither can be used at all.</p>"
    ),
    "version": 3,
    "since": NOON,
}
ACCOUNTS = [
    {"id": "1", "name": "Amina Odhiambo", "role": "labeler", "organisation": "Meadow", "about": "Rates helpfulness and harm."},
    {"id": "2", "name": "Chen Wei", "role": "vendor_manager", "organisation": "Meadow", "about": "Runs the roster."},
    {"id": "3", "name": "Dara Keane", "role": "auditor", "organisation": "Northlight", "about": "Looks whether the record is true."},
    {"id": "4", "name": "Esi Mensah", "role": "researcher", "organisation": "Northlight", "about": "Owns three projects."},
    {"id": "5", "name": "Farid Haddad", "role": "administrator", "organisation": "Northlight", "about": ""},
]  # fmt: skip
OFFERS = [
    {
        "slug": "helpfulness", "title": "Helpfulness, pilot 2", "joined": True, "severity": 1,
        "notice": "Everyday questions. Now and then an answer is rude.", "veil": 2,
        "instrument": "preference", "languages": ["English"], "pay": "KES 890 an hour, for all time",
        "open": True, "waiting": "",
    },
    {
        "slug": "harm", "title": "Harm, first look", "joined": True, "severity": 2,
        "notice": "Answers that may demean people or describe dangerous acts without detail.",
        "veil": 1, "instrument": "harm", "languages": ["English"], "open": False,
        "pay": "KES 890 an hour, for all time", "waiting": "A break is due first, until 14:10.",
    },
    {
        "slug": "multi-turn", "title": "Longer conversations", "joined": False, "severity": 0,
        "notice": "Nothing harmful is expected.", "veil": 2, "instrument": "preference",
        "languages": ["English", "Arabic"], "pay": "KES 890 an hour, for all time", "open": True,
        "waiting": "",
    },
]  # fmt: skip
PER_DAY = [{"label": f"{day} Mar", "value": value} for day, value in enumerate((0, 14, 31, 40, 22, 0, 0, 38, 44, 51, 36, 47, 12, 20), 1)]  # fmt: skip
PROJECT = {
    **HELPFULNESS,
    "overlap": 3, "highest": 1, "veil": 2, "open_to": ["Meadow", "Lantern"],
}  # fmt: skip
MOVING = {
    "items": 300, "done": 355, "wanted": 900, "labelers": 12, "per_day": PER_DAY,
    "sentence": "355 of 900 ratings are in. About 38 come on a working day, so the rest takes three weeks.",
}  # fmt: skip
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
        "unscreened": 2, "stopped": 0, "veiled": 0,
    },
    "release": {
        "pairs": 84, "latest": {"name": "helpful-1", "at": NOON},
        "sentence": "96 items have all of their ratings and give 84 preference pairs.",
    },
    "imports": [{"id": "a1", "file": "eggs-and-bicycles.jsonl", "at": NOON, "items": 300, "state": "published"}],
}  # fmt: skip
ORGANISATIONS = [
    {"value": "meadow", "label": "Meadow", "hint": "vendor"},
    {"value": "lantern", "label": "Lantern", "hint": "vendor"},
]
CREATE = {
    "form": {
        "title": "", "slug": "Bad Name", "instrument": "preference", "overlap": 3, "language": "en",
        "guidelines": "Choose the more helpful one.", "notice": "Everyday questions.", "highest": "1",
        "veil": "2", "hazards": [hazard["code"] for hazard in HAZARDS], "text_form": "markdown",
        "open_to": ["meadow"],
    },
    "errors": {
        "title": "Give the project a name.",
        "slug": "The short name has a capital letter and a space; use small letters and hyphens.",
    },
    "hazards": [
        {"value": one["code"], "label": one["name"], "hint": one["definition"]} for one in HAZARDS
    ],
    "organisations": ORGANISATIONS,
    "limits": [
        {"id": "L-02", "label": "Exposure in 60 minutes", "unit": "points", "now": "240"},
        {"id": "L-03", "label": "Exposure in 24 hours", "unit": "points", "now": "960"},
        {"id": "L-10", "label": "Continuous work before a break", "unit": "minutes", "now": "50"},
    ],
}  # fmt: skip
SAMPLE = [
    {
        "line": 1, "prompt": [{"speaker": "User", "plain": "How long do I boil an egg?"}],
        "completions": ["About seven minutes for a soft yolk.", "Boil it until it feels right."],
        "severity": 0, "ratings": 3, "problem": None,
    },
    {
        "line": 2, "prompt": [{"speaker": "User", "plain": "Is a tomato a fruit?"}],
        "completions": ["Botanically yes.", ""], "severity": None, "ratings": 0,
        "problem": {"field": "completions.1", "reason": "The second completion is empty."},
    },
]  # fmt: skip
CONFIRM = {
    "project": PROJECT, "import_id": "a1",
    "file": {"name": "eggs-and-bicycles.csv", "size": "1.2 MB", "rows": 300},
    "layout": {"name": "csv", "label": "CSV with a column mapping", "certain": False, "why": "It has a head line and commas."},
    "layouts": [{"value": "csv", "label": "CSV"}, {"value": "hh-rlhf", "label": "HH-RLHF"}],
    "columns": ["question", "answer_a", "answer_b", "severity"],
    "targets": [
        {"field": "prompt", "label": "Prompt", "required": True},
        {"field": "completion-1", "label": "First completion", "required": True},
        {"field": "completion-2", "label": "Second completion", "required": False},
        {"field": "severity", "label": "Severity", "required": False},
    ],
    "form": {"layout": "csv", "map-prompt": "question", "map-completion-1": "answer_a", "map-completion-2": "answer_b", "map-severity": ""},
    "sample": SAMPLE, "warnings": ["Two columns have the same values in every row; check the mapping."], "errors": {},
}  # fmt: skip
STATUS = {
    "project": PROJECT, "import_id": "a1",
    "staging": {"file": "eggs-and-bicycles.jsonl", "state": "ready", "read": 300, "rows": 300, "items": 297, "already": 1, "ratings": 0, "bad": 2},
    "problems": [
        {"line": 14, "field": "completions[1]", "reason": "The completion is empty."},
        {"line": 203, "field": "prompt", "reason": "The text holds a NUL character."},
    ],
    "urls": {"publish": "/x/publish", "withdraw": "/x/withdraw", "rejects": "/x/rejects"},
}  # fmt: skip
RUNNING = {
    **STATUS, "problems": [],
    "staging": {**STATUS["staging"], "state": "staging", "read": 120, "items": 119, "bad": 0},
    "urls": {**STATUS["urls"], "rejects": ""},
}  # fmt: skip
RELEASE = {
    "project": PROJECT, "counts": {"ratings": 355, "items": 96},
    "formats": [
        {"value": "trl-preference", "label": "TRL preference, conversational", "hint": "DPO, ORPO, CPO and reward training."},
        {"value": "trl-unpaired", "label": "TRL unpaired", "hint": "KTO."},
        {"value": "raw", "label": "Raw ratings", "hint": "One row for each rating, raters under pseudonyms."},
    ],
    "ties": [{"value": "drop", "label": "Leave out"}, {"value": "error", "label": "Refuse the release"}],
    "both_bad": [{"value": "drop", "label": "Leave out"}, {"value": "keep", "label": "Both as rejected (unpaired only)"}],
    "form": {"name": "", "format": "trl-preference", "file_type": "jsonl", "ties": "drop", "both_bad": "drop", "train": 90, "validation": 0, "test": 10},
    "errors": {},
    "releases": [{
        "name": "helpful-1", "format": "trl-preference", "at": NOON, "rows": 84, "state": "complete", "sha256": "9f" * 32,
        "files": [
            {"name": "data/train-00000-of-00001.jsonl", "url": "/x/1", "size": "182 kB", "sha256": "3b" * 32},
            {"name": "manifest.json", "url": "/x/2", "size": "2 kB", "sha256": "9f" * 32},
        ],
    }],
}  # fmt: skip
INVITATION = {
    "token": "t0ken", "zones": ["Africa/Nairobi", "Europe/Berlin", "UTC"], "errors": {},
    "form": {"name": "", "zone": "Africa/Nairobi"},
    "invitation": {"organisation": "Meadow", "role": "labeler", "email": "ben@meadow.example", "expires": NOON + timedelta(days=7), "second_factor": False},
}  # fmt: skip
JOIN = {
    "project": HARM, "guidelines": GUIDELINES, "pay": "KES 890 an hour, for all time", "errors": {},
    "notice_of": {"severity": 2, "text": "Answers that may demean people.", "hazards": ["Hate"], "veil": 1},
    "consents": [{"severity": 2, "given": False, "days": 180}],
}  # fmt: skip
SESSIONS = {
    "sessions": [
        {"id": "1", "current": True, "started": NOON, "seen": NOON, "client": "Firefox on Linux", "source": "192.0.2.x"},
        {"id": "2", "current": False, "started": NOON, "seen": NOON, "client": "Safari on iPhone", "source": "198.51.100.x"},
    ],
    "second_factor": {"enrolled": False, "required": False},
}  # fmt: skip
ENROL = {
    "qr": segno.make("otpauth://totp/LabelHub:esi?secret=JBSWY3DPEHPK3PXP").svg_data_uri(scale=4),
    "secret": "JBSW Y3DP EHPK 3PXP",
    "errors": {},
}
ROSTER = {
    "organisation": {"name": "Meadow"}, "hard_ready": None, "link": "https://labelhub.example/invitation/Jq3yXn0",
    "people": [
        {"name": "Amina Odhiambo", "email": "amina@meadow.example", "joined": NOON, "worked": "21.5", "paid": "24.0", "active": True},
        {"name": "Ben Barasa", "email": "ben@meadow.example", "joined": NOON, "worked": "0", "paid": "0", "active": False},
    ],
    "pending": [{"email": "gita@meadow.example", "expires": NOON}], "form": {}, "errors": {},
}  # fmt: skip
PEOPLE = {
    "people": [{"name": "Esi Mensah", "email": "esi@northlight.example", "roles": [{"role": "researcher", "organisation": "Northlight"}], "second_factor": True, "active": True}],
    "organisations": ORGANISATIONS, "roles": ["vendor_manager", "researcher", "auditor", "administrator"],
    "pending": [], "link": None, "form": {}, "errors": {"email": "This person has this role already."},
}  # fmt: skip
ORGANISATION_LIST = {
    "organisations": [
        {"slug": "northlight", "name": "Northlight", "kind": "lab", "people": 4, "since": NOON},
        {"slug": "meadow", "name": "Meadow", "kind": "vendor", "people": 9, "since": NOON},
    ],
    "form": {}, "errors": {},
}  # fmt: skip
LISTED = [{"slug": "helpfulness", "title": "Helpfulness, pilot 2", "instrument": "preference", "items": 300, "done": 355, "wanted": 900, "per_day": [day["value"] for day in PER_DAY], "open": True}]  # fmt: skip

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "sign-in": ("sign_in/form.html", {"form": {}, "errors": {}, "accounts": ACCOUNTS}),
    "sign-in-error": ("sign_in/form.html", {"form": {"email": "amina@meadow.example"}, "errors": {"password": "The address and the password do not belong together."}, "accounts": []}),
    "second-factor": ("sign_in/second_factor.html", {"errors": {}}),
    "invitation": ("sign_in/invitation.html", INVITATION),
    "sessions": ("account/sessions.html", SESSIONS),
    "enrol": ("account/enrol_second_factor.html", ENROL),
    "start": ("start/labeler.html", {"person": {"name": "Amina"}, "offers": OFFERS, "today": {**TODAY, "worked": "1 h 10 min"}, "messages": [{"title": "A limit is tighter", "text": "Meadow lowered the daily dose to 800 points.", "at": NOON}], "resting": None}),
    "start-staff": ("start/staff.html", {"person": {"name": "Esi"}, "projects": LISTED, "may_create": True, "doors": [{"label": "Projects", "url": "/x", "about": "All projects of your lab."}]}),
    "join": ("desk/join.html", JOIN),
    "guidelines": ("desk/guidelines.html", {"project": HELPFULNESS, "guidelines": GUIDELINES}),
    "moment": ("desk/moment.html", {"contacts": CONTACTS}),
    "projects": ("projects/index.html", {"projects": LISTED}),
    "project-create": ("projects/create.html", CREATE),
    "project": ("projects/page.html", PAGE),
    "project-guidelines": ("projects/guidelines.html", {"project": PROJECT, "form": {"text": "Choose the more helpful one."}, "errors": {}, "current": GUIDELINES, "history": [{"version": 3, "since": NOON, "by": "Esi Mensah", "ratings": 120}]}),
    "import-file": ("projects/import_file.html", {"project": PROJECT, "form": {"severity": ""}, "errors": {"file": "Choose a file."}, "layouts": [{"value": "", "label": "Find it by looking"}, {"value": "hh-rlhf", "label": "HH-RLHF"}], "largest": "200 MB"}),
    "import-confirm": ("projects/import_confirm.html", CONFIRM),
    "import-running": ("projects/import_status.html", RUNNING),
    "import-status": ("projects/import_status.html", STATUS),
    "release": ("projects/release.html", RELEASE),
    "roster": ("roster/page.html", ROSTER),
    "people": ("administration/people.html", PEOPLE),
    "organisations": ("administration/organisations.html", ORGANISATION_LIST),
    **{f"error-{code}": (f"errors/{code}.html", {"incident": "k3v9-20q1" if code == 500 else "", "contacts": CONTACTS}) for code in (403, 404, 405, 413, 422, 429, 500, 503)},
}  # fmt: skip
