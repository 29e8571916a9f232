"""Contexts of check-ins: the page with none and with many, and the panel beside the desk."""

from datetime import timedelta
from typing import Any

from tests.web.gallery.desk_scenes import ASKING, CONTACTS, NOON

_DAY = timedelta(days=1)
_FELT = (7, 6, 6, 3, 4, 0, 5, 6, 10, 7)
_WORDS = ("The last hour was a lot.", "", "Better after the break.\nTea helped, and " + "w" * 90)


def _page(**changes: Any) -> tuple[str, dict[str, Any]]:
    context: dict[str, Any] = {
        "check_in": {**ASKING, "desk": ""}, "lower": "/choices", "contacts": CONTACTS,
        "points": [], "kept": [], "total": 0, "unreadable": 0,
    }  # fmt: skip
    return "check_ins/page.html", {**context, **changes}


SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "check-ins": _page(
        check_in=ASKING,
        points=[
            {"at": NOON - (len(_FELT) - place) * _DAY, "feeling": feeling}
            for place, feeling in enumerate(_FELT)
        ],
        kept=[
            {"id": f"{place:032x}", "at": NOON - place * _DAY, "feeling": 7 - place, "words": words}
            for place, words in enumerate(_WORDS)
        ],
        total=10,
        unreadable=2,
    ),
    "check-ins-none": _page(),
    "check-ins-error": _page(
        check_in={**ASKING, "words": "What I typed", "problem": "At most 2000 characters."}
    ),
}
