"""What a text may hold before parsing it as Markdown costs too much.

The limits were set by timing hostile texts of 64 KiB: 40 KB of one table row, 20,000 tags,
brackets and emphasis in every combination. Within them no text took more than half a second.
"""

MOST_INPUT = 64 * 1024
MOST_LINES = 4_000
MOST_CELLS = 10_000  # of tables; short rows are filled up to the longest
MOST_SCANNED = 50_000_000  # an open bracket is looked for to the end of the text
MOST_DELIMITERS = 20_000


def affordable(text: str) -> bool:
    if len(text) > MOST_INPUT or text.count("\n") > MOST_LINES:
        return False
    if text.count("[") * len(text) > MOST_SCANNED:
        return False
    if sum(map(text.count, "*_~`<")) > MOST_DELIMITERS:
        return False
    return "|" not in text or _cells(text) <= MOST_CELLS


def _cells(text: str) -> int:
    pipes = [line.count("|") + 1 for line in text.split("\n") if "|" in line]
    return len(pipes) * max(pipes)
