"""Finds characters that cannot be seen but change what is, and shows each as a mark."""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Final

MOST_COMBINING = 8  # marks drawn over one letter (safety-case.md, R9)

# What stands for a character is its code point: it needs no translation and can be looked up.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164"
    "\ufeff\uffa0\U0001d173-\U0001d17a"
)
_TAG = "\U000e0000-\U000e007f"
_VARIATION = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_CONTROL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ud800-\udfff"
_KINDS: Final = {
    "bidi": re.compile(f"[{_BIDI}]"),
    "zero_width": re.compile(f"[{_ZERO_WIDTH}]"),
    "tag": re.compile(f"[{_TAG}]"),
    "variation": re.compile(f"[{_VARIATION}]"),
    "control": re.compile(f"[{_CONTROL}]"),
}
_RUN = re.compile(f"([{_BIDI}{_ZERO_WIDTH}{_TAG}{_VARIATION}{_CONTROL}])\\1*")
_CONTROL_IN_ASCII = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Where a joiner or a variation selector is part of correct spelling: between letters of scripts
# that join (Arabic, Syriac, N'Ko, Indic, Myanmar, Khmer, Mongolian), inside emoji, after CJK.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufefc]")
_EMOJI = re.compile("[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_BEFORE_STYLE = re.compile("[0-9#*\u00a9\u00ae]")
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_JOINERS = "\u200c\u200d"
_STYLES = "\ufe0e\ufe0f"
_PICTURES = 0x2400  # the control pictures stand in the order of the characters they show
_LAST_C0 = 0x1F
_DELETE = 0x7F


def _combining_class() -> str:
    """Return a character class of all marks that take no room of their own."""
    ends = range(0x300, 0x1F000)  # the marks beyond are variation selectors
    marks = (code for code in ends if unicodedata.category(chr(code)) in {"Mn", "Me"})
    return "".join(re.escape(chr(code)) for code in marks)


@cache
def _stack() -> re.Pattern[str]:
    """Return what finds a pile of marks; made when first needed, as it asks for 126,208 letters."""
    return re.compile(f"[{_combining_class()}]{{{MOST_COMBINING + 1},}}")


def mark_hidden(text: str) -> tuple[str, dict[str, int]]:
    """Return the text with a mark for each hidden character, and their numbers by kind."""
    found: Counter[str] = Counter()
    if text.isascii() and not _CONTROL_IN_ASCII.search(text):
        return text, {}
    marked = _RUN.sub(lambda run: _shown(run, found), text)
    if not text.isascii():
        marked = _stack().sub(lambda stack: _unstacked(stack, found), marked)
    return marked, dict(found)


def _shown(run: re.Match[str], found: Counter[str]) -> str:
    characters = run.group()
    character, count = characters[0], len(characters)
    if count == 1 and _belongs(run, character):
        return character
    kind = next(kind for kind, members in _KINDS.items() if members.match(character))
    found[kind] += count
    code = ord(character)
    if code <= _LAST_C0:
        return chr(_PICTURES + code) * count
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}" * count
    return f"⟦U+{code:04X}⟧" if count == 1 else f"⟦U+{code:04X} ×{count}⟧"


def _belongs(run: re.Match[str], character: str) -> bool:
    """Tell whether a single joiner or variation selector is part of correct spelling."""
    start = run.start()
    before, after = run.string[max(0, start - 1) : start], run.string[run.end() : run.end() + 1]
    if character in _JOINERS:
        if _JOINING.match(before) and _JOINING.match(after):
            return True
        joined = _EMOJI.match(before) or (before in _STYLES and before)
        return character == _JOINERS[1] and bool(joined and _EMOJI.match(after))
    if character in _STYLES:
        return bool(_EMOJI.match(before) or _BEFORE_STYLE.match(before))
    return bool(_KINDS["variation"].match(character) and _CJK.match(before))


def _unstacked(stack: re.Match[str], found: Counter[str]) -> str:
    marks = stack.group()
    more = len(marks) - MOST_COMBINING
    found["combining"] += more
    return f"{marks[:MOST_COMBINING]}⟦\N{DOTTED CIRCLE} ×{more}⟧"
