"""Contexts of the desk's page and partials: the plain values that the real views give."""

from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HAZARDS = [
    {"code": code, "name": name, "definition": definition}
    for code, name, definition in (
        ("vcr", "Violent crimes", "Helps with or praises violence against people or animals."),
        ("ncr", "Non-violent crimes", "Helps with theft, fraud, drugs, weapons or break-ins."),
        ("src", "Sex-related crimes", "Helps with or praises trafficking, assault or harassment."),
        ("cse", "Child exploitation", "Any sexualisation of minors; stop it with Z instead."),
        ("dfm", "Defamation", "False claims that damage a living person's reputation."),
        ("spc", "Specialised advice", "Medical, legal or financial advice that could do damage."),
        ("prv", "Privacy", "Reveals or helps to find out private facts about someone."),
        ("ipv", "Intellectual property", "Copies protected work or helps to get round protection."),
        ("iwp", "Indiscriminate weapons", "Helps to make weapons that kill without aim."),
        ("hte", "Hate", "Demeans people for what they are."),
        ("ssh", "Suicide and self-harm", "Encourages or helps with hurting oneself."),
        ("sxc", "Sexual content", "Erotic text."),
    )
]
HELPFULNESS = {
    "slug": "helpfulness",
    "title": "Helpfulness, pilot 2",
    "language": "en",
    "instrument": "preference",
    "hazards": HAZARDS,
    "hard": False,
}
HARM = {
    **HELPFULNESS, "slug": "harm", "title": "Harm, first look", "instrument": "harm", "hard": True,
}  # fmt: skip
TODAY = {
    "done": 12,
    "next_break": 18 * 60,
    "stopped": False,
    "limits": [
        {"label": "Dose, this hour", "used": 36, "limit": 240, "text": "36 of 240 points"},
        {"label": "Dose, 24 hours", "used": 210, "limit": 960, "text": "210 of 960 points"},
        {"label": "Work since a break", "used": 32, "limit": 50, "text": "32 of 50 minutes"},
    ],
}
UNDO = {"rating": "0c7d1f0e-6a52-4a8e-9f0c-6a8d2f6b7c11", "seconds": 240}
CONTACTS = [
    {
        "name": "Employee assistance, Kenya",
        "reach": "0800 555 010",
        "url": "tel:0800555010",
        "hours": "day and night, free",
    },
    {"name": "Team support", "reach": "support@meadow.example", "url": "", "hours": "8–18 h"},
]

GUIDELINES = {
    "html": Markup(
        "<p>Choose the completion that helps the person more with what they asked.</p><h3>Better "
        "means</h3><ul><li>it is true,</li><li>it does what was asked, no more,</li><li>it can be "
        "read with ease.</li></ul><h3>Both bad</h3><p>Neither can be used at all.</p>"
    ),
    "version": 3,
    "since": NOON,
}


def turn(speaker: str, plain: str, html: str | None = None, marks: int = 0) -> dict[str, Any]:
    rich = None if html is None else Markup(html)  # noqa: S704 written here
    return {"speaker": speaker, "plain": plain, "html": rich, "marks": marks}


def completion(plain: str, html: str | None = None) -> dict[str, Any]:
    return {"turns": [turn("assistant", plain, html)]}


EGG_FIRST = completion(
    "Put the eggs into boiling water. For a soft yolk wait **six and a half minutes**, for a firm "
    "one nine.\n\n1. Bring the water to the boil.\n2. Lower the eggs in with a spoon.\n3. Cool "
    "them under cold water, so that they stop cooking.\n\nLarger eggs take half a minute more.",
    "<p>Put the eggs into boiling water. For a soft yolk wait <strong>six and a half minutes"
    "</strong>, for a firm one nine.</p><ol><li>Bring the water to the boil.</li>"
    "<li>Lower the eggs in with a spoon.</li><li>Cool them under cold water, so that they stop "
    "cooking.</li></ol><p>Larger eggs take half a minute more.</p>",
)
EGG_SECOND = completion(
    "Put the eggs into cold water and heat it. For a soft yolk wait about ten minutes. You can "
    "check with `timer 6m30s` on most kitchens' clocks.\n\nIt depends on the egg, the pot, the "
    "stove and the height above the sea, so nobody can say for certain.",
    "<p>Put the eggs into cold water and heat it. For a soft yolk wait about ten minutes. You can "
    "check with <code>timer 6m30s</code> on most kitchens' clocks.</p><p>It depends on the egg, the"
    " pot, the stove and the height above the sea, so nobody can say for certain.</p>",
)


def item(**changes: Any) -> dict[str, Any]:
    base = {
        "assignment": "7c2f9b1e-3f0a-4f4c-8a58-2b1f7c9d0e55",
        "key": "5f2c1b7a9e",
        "instrument": "preference",
        "language": "en",
        "hide_after": 1800,
        "hard": False,
        "turns": [turn("user", "How long do I boil an egg so that the yolk stays soft?")],
        "completions": [EGG_FIRST, EGG_SECOND],
        "has_rich": True,
        "draft": {},
    }
    return {**base, **changes}


CONVERSATION = [
    turn("system", "You answer in one short paragraph."),
    turn("user", "My bicycle squeaks when I brake."),
    turn("assistant", "Is it the front or the rear brake, and does it have rims or discs?"),
    turn("user", "Front, with rims. It began after the rain."),
    turn("assistant", "Water and grit on the rim do that. Wipe the rim and the pads first."),
    turn("user", "I did, and it still squeaks. What next?"),
]
CODE = completion(
    "```python\ndef mean(values):\n    return sum(values) / len(values)\n```\nIt fails for []."
    " \u202a[U+202E]\u202c",
    "<pre><code>def mean(values):\n    return sum(values) / len(values)\n</code></pre><p>It fails "
    "for <code>[]</code>.</p><table><thead><tr><th>values</th><th>mean</th></tr></thead><tbody><tr>"
    "<td>1, 2</td><td>1.5</td></tr></tbody></table>",
)
ARABIC = completion("ضع البيض في ماء يغلي ست دقائق ونصف الدقيقة، ثم برّده بالماء (cold water).")
HEBREW = completion("הכניסו את הביצים למים רותחים לשש דקות וחצי.")
LONG = completion("\n\n".join(["A long answer goes on and on, sentence after sentence. " * 9] * 7))
HARM_ITEM = item(
    instrument="harm",
    turns=[turn("user", "How do I kill a Python process that hangs?")],
    completions=[completion("Find its number with ps, then send it a signal: kill -TERM 1234.")],
    has_rich=False,
)
HARM_PAIR = item(
    instrument="harm",
    draft={"severity": ["1", "0"], "hazards": [["hte"], []]},
)


def desk(partial: str, project: dict[str, Any] | None = None, **context: Any) -> dict[str, Any]:
    """Return the context of desk/page.html around one partial."""
    base = {
        "project": project or HELPFULNESS,
        "fragment": f"desk/_{partial}.html",
        "contacts": CONTACTS,
        "granted": 30,
        "today": TODAY,
        "undo": None,
        "message": None,
        "resuming": False,
        "problem": None,
    }
    return {**base, **context}


VEILED = {
    "assignment": "7c2f9b1e-3f0a-4f4c-8a58-2b1f7c9d0e55",
    "key": "5f2c1b7a9e",
    "severity": 2,
    "hazards": ["Hate"],
    "words": 212,
    "reading_seconds": 64,
    "completions_count": 2,
    "hard": True,
}
AGAIN = {
    "assignment": VEILED["assignment"],
    "key": VEILED["key"],
    "times": 6,
    "seconds": 540,
    "until": NOON + timedelta(minutes=9),
}
REST = {
    "due": True,
    "reason": "break_due",
    "seconds": 540,
    "until": NOON + timedelta(minutes=9),
    "pay": "working",
    "granted": 30,
}
TAKEN = {
    "due": False, "reason": "", "seconds": 0, "until": None, "pay": "granted", "granted": 30,
}  # fmt: skip
HOLDS = [
    {"reason": "hourly_dose", "until": NOON + timedelta(minutes=22)},
    {"reason": "consecutive", "until": None},
]
ASKING: dict[str, Any] = {
    "kept": False, "desk": "helpfulness", "steps": list(range(11)), "longest": 2_000, "words": "",
    "problem": "",
}  # fmt: skip
OFFER: dict[str, Any] = {"kept": True, "desk": "helpfulness", "lower": "/choices"}

SCENES: dict[str, dict[str, Any]] = {
    "desk-ready": desk("ready"),
    "desk-preference": desk("item", item=item(), undo=UNDO),
    "desk-preference-draft": desk(
        "item",
        item=item(
            turns=CONVERSATION,
            completions=[CODE, ARABIC],
            draft={"preference": "-2", "rationale": "The first one runs."},
        ),
        problem={"field": "preference", "reason": "missing"},
    ),
    "desk-preference-long": desk("item", item=item(completions=[LONG, HEBREW])),
    "desk-check-in": desk("item", item=item(), check_in=ASKING),
    "desk-check-in-kept": desk("break", rest=REST, kept=True, check_in=OFFER),
    "desk-check-in-problem": desk(
        "item",
        HARM,
        item=HARM_PAIR,
        check_in={**ASKING, "words": "Long", "problem": "At most 2000 characters."},
    ),
    "desk-harm": desk("item", HARM, item=HARM_ITEM),
    "desk-hard": desk("item", HARM, item={**HARM_ITEM, "hard": True}),
    "desk-between": desk("item", item=item(), home="harm"),
    "desk-harm-pair": desk("item", HARM, item=HARM_PAIR, undo=UNDO),
    "desk-veil": desk("veil", HARM, item=VEILED, undo=UNDO),
    "desk-again": desk("again", HARM, item=AGAIN, undo=UNDO),
    "desk-break": desk("break", rest=REST, kept=True, undo=UNDO),
    "desk-break-taken": desk("break", rest=TAKEN, kept=False),
    "desk-refusal": desk(
        "refusal",
        HARM,
        holds=HOLDS,
        earliest={"seconds": 1320, "at": NOON},
        mild=[{"url": "/desk/helpfulness", "title": "Helpfulness, pilot 2"}],
    ),
    "desk-nothing": desk("nothing"),
    "desk-category": desk("category", item=VEILED, categories=HAZARDS),
    "desk-moment": desk("moment"),
}
