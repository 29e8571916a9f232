"""Checks templates for what the content policy or the house style forbids."""

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "templates"

FAULTS = {
    r"\|\s*safe\b": "no |safe: text is escaped, always",
    r"{%-?\s*autoescape\s+(false|off)": "no way around escaping",
    r"\sstyle\s*=": "no style attribute: the policy forbids it; use a class",
    r"<style\b": "no inline style sheet",
    r"\son[a-z]+\s*=": "no inline handler: the policy forbids it",
    r"hx-on\b": "no hx-on: it needs eval",
    r"""=\s*["']\s*js:""": "no js: value: it needs eval",
    r"javascript:": "no script address",
    r"<script\b(?![^>]*\bsrc\s*=)": "no inline script",
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""": "nothing from or to another host",
    r"<form\b(?=[^>]*\bhx-)(?![^>]*\baction\s*=)": "a form works without scripts: give its action",
    r"<button\b(?![^>]*\btype\s*=)": "every button says its type",
}
"""What must not stand in a template, as a pattern, and what to do instead."""

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_STRING_OF_CONFIG = re.compile(r"""<meta name="htmx-config"[^>]*>""")


def faults(text: str) -> list[str]:
    """Return one sentence for each fault in a template's text."""
    visible = _STRING_OF_CONFIG.sub("", _COMMENT.sub(_blank, text))
    return [
        f"line {visible.count(chr(10), 0, found.start()) + 1}: {sentence}"
        for pattern, sentence in FAULTS.items()
        for found in re.finditer(pattern, visible, re.IGNORECASE)
    ]


def _blank(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")


def main() -> int:
    bad = 0
    for path in sorted(FOLDER.rglob("*.html")):
        for fault in faults(path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(FOLDER.parent)}: {fault}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
