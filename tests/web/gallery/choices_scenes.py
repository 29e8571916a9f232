"""Contexts of a labeler's own choices: every state a choice can be in, and none at all."""

from datetime import timedelta
from typing import Any

from tests.web.gallery.desk_scenes import NOON

_DAY = timedelta(days=1)


def _declined(scope: str, subject: str = "", name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "scope": scope, "subject": subject, "name": name, "severity": None, "since": NOON - _DAY,
        "lapses": None, "slip_until": None, "confirm_from": None, "ripe": False, **more,
    }  # fmt: skip


def _consent(severity: int, **more: Any) -> dict[str, Any]:
    return {
        "severity": severity, "since": NOON - _DAY, "until": None, "withdrawn_at": None,
        "confirm_from": None, "ripe": False, **more,
    }  # fmt: skip


SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "choices": (
        "choices/page.html",
        {
            "declined": [
                _declined("category", "hte", "Hate"),
                _declined("category", "prv", "Privacy", slip_until=NOON),
                _declined("severity", "3", "3", severity=3, confirm_from=NOON + _DAY),
                _declined("project", "f0", "Harm, first look", confirm_from=NOON, ripe=True),
                _declined("today", lapses=NOON + _DAY / 2),
            ],
            "items": [{"project": "Helpfulness, pilot 2", "many": 2}],
            "consents": [
                _consent(2, until=NOON + 90 * _DAY),
                _consent(3, confirm_from=NOON, ripe=True),
                _consent(4, withdrawn_at=NOON),
            ],
            "askers": [{"slug": "harm", "title": "Harm, first look"}],
        },
    ),
    "choices-none": (
        "choices/page.html",
        {"declined": [], "items": [], "consents": [], "askers": []},
    ),
}
