"""Taking addresses and numbers out of free text before it leaves, with a count of what was found.

It finds what has a form: e-mail addresses, web addresses, IP addresses, telephone numbers and
@names. It does not find names of people; a release with free text says so in its card.
"""

import re
from collections import Counter

# In this order: an e-mail address holds what looks like an @name, an IP address like a number.
# Each pattern is linear: no repetition stands inside another (ASVS 1.3.12).
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("url", re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)),
    ("ip", re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")),
    ("phone", re.compile(r"(?<!\w)\+?\d[\d ()./-]{6,18}\d(?!\w)")),
    ("name", re.compile(r"(?<!\w)@\w{2,64}")),
)


def scrub(text: str, found: Counter[str]) -> str:
    """Return the text with each find replaced by its kind in brackets; add to the counts."""
    for kind, pattern in _PATTERNS:
        text, times = pattern.subn(f"[{kind}]", text)
        if times:
            found[kind] += times
    return text
