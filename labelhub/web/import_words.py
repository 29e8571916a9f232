"""Words for imports: states, layouts, sizes."""

from flask_babel import format_decimal

from labelhub.domain.imports import BatchState
from labelhub.web.languages import gettext as _

LAYOUT_NAMES = {
    "hh-rlhf": "HH-RLHF",
    "pandalm": "PandaLM",
    "arena": "Chatbot Arena",
    "mt-bench": "MT-bench",
    "xstest": "XSTest",
    "reward-margin": "TRL, reward with margin",
    "trl-preference": "TRL preference",
    "trl-preference-text": "TRL preference, plain text",
    "trl-unpaired": "TRL unpaired (KTO)",
    "jsonl": "JSONL",
    "csv": "CSV",
    "parquet": "Parquet",
}
"""Names of layouts, which are the same in every language."""
_KILO = 1_000


def state_word(state: BatchState) -> str:
    words = {
        BatchState.UPLOADED: _("to be looked at"),
        BatchState.STAGING: _("being read"),
        BatchState.STAGED: _("being rendered"),
        BatchState.RENDERED: _("ready to publish"),
        BatchState.PUBLISHING: _("being published"),
        BatchState.COMPLETE: _("published"),
        BatchState.WITHDRAWN: _("withdrawn"),
        BatchState.REFUSED: _("refused"),
    }
    return str(words[state])


def size_words(size: int) -> str:
    """Return a size as people write it: 1.2 MB."""
    amount, units = float(size), ["B", "kB", "MB", "GB"]
    while amount >= _KILO and len(units) > 1:
        amount /= _KILO
        units.pop(0)
    return f"{format_decimal(round(amount, 1))} {units[0]}"
