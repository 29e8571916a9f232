"""The panel that asks a labeler how they are, beside the desk and on their own page."""

from typing import Any

from flask import url_for

from labelhub.domain.check_ins import LEAST, LONGEST_WORDS, MOST
from labelhub.web.context import current_person
from labelhub.web.frame import may_open

TEMPLATE = "check_ins/_check_in.html"


def asking(slug: str, *, words: str = "", problem: str = "") -> dict[str, Any]:
    """Return what the panel asks in plain values; *slug* names the desk it stands beside."""
    return {
        "kept": False, "desk": slug, "steps": list(range(LEAST, MOST + 1)),
        "longest": LONGEST_WORDS, "words": words, "problem": problem,
    }  # fmt: skip


def thanks(slug: str) -> dict[str, Any]:
    """Return what the panel offers after an answer: the same after each."""
    return {"kept": True, "desk": slug, "lower": lower_limits()}


def lower_limits() -> str:
    """Return where a labeler tightens what is shown to them."""
    own = "limits.own"
    return url_for(own if may_open(current_person(), own) else "choices.page")
