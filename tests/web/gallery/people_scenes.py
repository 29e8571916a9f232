"""Contexts of the pages about people, signing in and errors: plain values, as from the views."""

from datetime import timedelta
from typing import Any

import segno

from tests.web.gallery.desk_scenes import CONTACTS, GUIDELINES, HARM, HELPFULNESS, NOON, TODAY
from tests.web.gallery.project_scenes import LISTED

ACCOUNTS = [
    {
        "id": "1",
        "name": "Amina Odhiambo",
        "role": "labeler",
        "organisation": "Meadow",
        "about": "Rates helpfulness and harm.",
    },
    {
        "id": "2",
        "name": "Chen Wei",
        "role": "vendor_manager",
        "organisation": "Meadow",
        "about": "Runs the roster.",
    },
    {
        "id": "3",
        "name": "Dara Keane",
        "role": "auditor",
        "organisation": "Northlight",
        "about": "Looks whether the record is true.",
    },
    {
        "id": "4",
        "name": "Esi Mensah",
        "role": "researcher",
        "organisation": "Northlight",
        "about": "Owns three projects.",
    },
    {
        "id": "5",
        "name": "Farid Haddad",
        "role": "administrator",
        "organisation": "Northlight",
        "about": "",
    },
]
OFFERS = [
    {
        "slug": "helpfulness",
        "title": "Helpfulness, pilot 2",
        "joined": True,
        "severity": 1,
        "notice": "Everyday questions. Now and then an answer is rude.",
        "veil": 2,
        "instrument": "preference",
        "languages": ["English"],
        "pay": "KES 890 an hour, for all time",
        "open": True,
        "waiting": "",
    },
    {
        "slug": "harm",
        "title": "Harm, first look",
        "joined": True,
        "severity": 2,
        "notice": "Answers that may demean people or describe dangerous acts without detail.",
        "veil": 1,
        "instrument": "harm",
        "languages": ["English"],
        "open": False,
        "pay": "KES 890 an hour, for all time",
        "waiting": "A break is due first, until 14:10.",
    },
    {
        "slug": "multi-turn",
        "title": "Longer conversations",
        "joined": False,
        "severity": 0,
        "notice": "Nothing harmful is expected.",
        "veil": 2,
        "instrument": "preference",
        "languages": ["English", "Arabic"],
        "pay": "KES 890 an hour, for all time",
        "open": True,
        "waiting": "",
    },
]
PLACES = {
    "countries": [
        {"value": "none", "label": "another, or rather not say"},
        {"value": "DE", "label": "Germany"},
        {"value": "KE", "label": "Kenya"},
    ],
    "zones": ["Africa/Nairobi", "Europe/Berlin", "UTC"],
}
INVITATION = {
    "token": "t0ken",
    **PLACES,
    "errors": {},
    "form": {"name": "", "country": "KE", "zone": "Africa/Nairobi"},
    "invitation": {
        "organisation": "Meadow",
        "role": "labeler",
        "email": "ben@meadow.example",
        "expires": NOON + timedelta(days=7),
        "second_factor": False,
    },
}
JOIN = {
    "project": HARM,
    "guidelines": GUIDELINES,
    "pay": "KES 890 an hour, for all time",
    "errors": {},
    "notice_of": {
        "severity": 2,
        "text": "Answers that may demean people.",
        "hazards": ["Hate"],
        "veil": 1,
    },
    "consents": [
        {
            "severity": 2,
            "given": False,
            "days": 180,
            "share": 12,
            "rated": 140,
            "worse": 7,
            "milder": 9,
        },
        {
            "severity": 3,
            "given": True,
            "days": 90,
            "share": 0,
            "rated": 0,
            "worse": None,
            "milder": None,
        },
    ],
}
SESSIONS = {
    "sessions": [
        {"id": "1", "current": True, "started": NOON, "seen": NOON, "client": "Firefox on Linux"},
        {"id": "2", "current": False, "started": NOON, "seen": NOON, "client": "Safari on iPhone"},
    ],
    "resets": [
        {"at": NOON, "by": "Farid Aziz", "used": NOON, "second_factor": False},
        {"at": NOON, "by": "", "used": None, "second_factor": True},
    ],
    "second_factor": {"enrolled": False, "required": False},
}
ENROL = {
    "qr": segno.make("otpauth://totp/LabelHub:esi?secret=JBSWY3DPEHPK3PXP").svg_data_uri(scale=4),
    "secret": "JBSW Y3DP EHPK 3PXP",
    "errors": {},
}
ROSTER = {
    "organisation": {"name": "Meadow", "slug": "meadow"},
    "choices": [
        {"name": "Lantern", "url": "/x/lantern", "present": False},
        {"name": "Meadow", "url": "/x/meadow", "present": True},
    ],
    "hard_ready": None,
    "link": "https://labelhub.example/invitation/Jq3yXn0",
    "people": [
        {
            "name": "Amina Odhiambo",
            "email": "amina@meadow.example",
            "joined": NOON,
            "worked": "21.5",
            "paid": "24.0",
            "active": True,
        },
        {
            "name": "Ben Barasa",
            "email": "ben@meadow.example",
            "joined": NOON,
            "worked": "0",
            "paid": "0",
            "active": False,
        },
    ],
    "pending": [{"email": "gita@meadow.example", "expires": NOON, "withdraw": "/x/w"}],
    "form": {},
    "errors": {},
}
PEOPLE = {
    "people": [
        {
            "url": "/x/esi",
            "name": "Esi Mensah",
            "email": "esi@northlight.example",
            "roles": [{"role": "researcher", "organisation": "Northlight"}],
            "second_factor": True,
            "active": True,
        }
    ],
    "organisations": [{"slug": "meadow", "name": "Meadow"}],
    "more": "/x/more",
    "roles": ["vendor_manager", "researcher", "auditor", "administrator"],
    "pending": [],
    "link": None,
    "form": {},
    "errors": {"email": "This person has this role already."},
}
ORGANISATION_LIST = {
    "organisations": [
        {"slug": "northlight", "name": "Northlight", "kind": "lab", "people": 4, "since": NOON},
        {"slug": "meadow", "name": "Meadow", "kind": "vendor", "people": 9, "since": NOON},
    ],
    "form": {},
    "errors": {},
}

INCIDENT = {
    "url": "/incidents/1", "item": "batch-7/114", "file": "answers.jsonl", "line": 114,
    "project": "Harm, first look", "opened": NOON, "closed": None, "outcome": None, "reason": "",
}  # fmt: skip
DECIDED = {**INCIDENT, "closed": NOON, "outcome": "served_again", "reason": "It quotes a law."}
SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "incidents": ("incidents/page.html", {"incidents": [INCIDENT, DECIDED]}),
    "incident": (
        "incidents/one.html",
        {"incident": INCIDENT, "decides": True, "form": {}, "errors": {}},
    ),
    "sign-in": ("sign_in/form.html", {"form": {}, "errors": {}, "accounts": ACCOUNTS}),
    "sign-in-error": (
        "sign_in/form.html",
        {
            "form": {"email": "amina@meadow.example"},
            "errors": {"password": "The address and the password do not belong together."},
            "accounts": [],
        },
    ),
    "second-factor": ("sign_in/second_factor.html", {"errors": {}}),
    "invitation": ("sign_in/invitation.html", INVITATION),
    "invitation-known": ("sign_in/invitation_known.html", INVITATION),
    "invitation-open": (
        "sign_in/invitation_open.html",
        {**INVITATION, "invitation": {**INVITATION["invitation"], "role": "administrator"}},
    ),
    "password": (
        "account/password.html",
        {"email": "amina@meadow.example", "shortest": 15, "errors": {}},
    ),
    "place": (
        "account/place.html",
        {**PLACES, "form": {"country": "KE", "zone": "Africa/Nairobi"}, "errors": {}},
    ),
    "reset": (
        "sign_in/reset.html",
        {
            "token": "t0ken",
            "email": "amina@meadow.example",
            "second_factor": True,
            "shortest": 15,
            "errors": {},
        },
    ),
    "recovery-codes": ("account/recovery_codes.html", {"codes": ["4f2a-9c1b", "77de-0a3f"]}),
    "person": (
        "administration/person.html",
        {
            "problem": "",
            "may_reset": True,
            "link": None,
            "subject": {
                "id": "1",
                "name": "Esi Mensah",
                "email": "esi@northlight.example",
                "active": True,
                "second_factor": True,
                "roles": [{"id": "1", "role": "researcher", "organisation": "Northlight"}],
            },
        },
    ),
    "sessions": ("account/sessions.html", SESSIONS),
    "enrol": ("account/enrol_second_factor.html", ENROL),
    "start": (
        "start/labeler.html",
        {
            "person": {"name": "Amina"},
            "offers": OFFERS,
            "today": {**TODAY, "worked": "1 h 10 min"},
            "messages": [
                {
                    "title": "A limit is tighter",
                    "text": "Meadow lowered the daily dose to 800 points.",
                    "at": NOON,
                }
            ],
            "resting": None,
        },
    ),
    "start-staff": (
        "start/staff.html",
        {
            "person": {"name": "Esi"},
            "projects": LISTED,
            "may_create": True,
            "doors": [{"label": "Projects", "url": "/x", "about": "All projects of your lab."}],
        },
    ),
    "join": ("desk/join.html", JOIN),
    "guidelines": ("desk/guidelines.html", {"project": HELPFULNESS, "guidelines": GUIDELINES}),
    "moment": ("desk/moment.html", {"contacts": CONTACTS}),
    "roster": ("roster/page.html", ROSTER),
    "people": ("administration/people.html", PEOPLE),
    "organisations": ("administration/organisations.html", ORGANISATION_LIST),
    **{
        f"error-{code}": (
            f"errors/{code}.html",
            {"incident": "k3v9-20q1" if code == 500 else "", "contacts": CONTACTS},
        )
        for code in (403, 404, 405, 413, 422, 429, 500, 503)
    },
}
