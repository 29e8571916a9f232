"""Recomputes the sums of a LabelHub record from its own entries, and says whether they agree.

    python3 recompute_record.py labelhub-record.json

Published so that nobody has to take our word: it needs Python 3.11 and nothing else, uses nothing
of LabelHub's, and sends nothing anywhere. docs/my-record.md describes the file. It checks

- the SHA-256 that was signed, over every byte before the line of the signature;
- each exposure's points: weight of its severity, times its seconds, a minute at least;
- for every window the file names: points, seconds of work, and items of S4, by adding up all
  charges hidden after the window's beginning (half-open: one hidden exactly then is out).

It ends with 0 if all of that agrees, 1 if something does not, 2 if the file cannot be read. The
signature itself (Ed25519) needs a library; the documentation shows a way to check it.
"""

import hashlib
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = tuple[str, Any, Any]
"""What is compared, as the file states it, as it was recomputed."""

SCHEMA = "labelhub-record-v1"
BEFORE_SIGNATURE = b',\n"signature":'
LEAST_SECONDS = 60
MOST_SEVERE = 4


def charged(record: dict[str, Any]) -> list[tuple[datetime, int, int, int]]:
    """Return every charge: the exposures that have ended, and what was carried from elsewhere."""
    ended = [one for one in record["exposures"] if one["hidden"] is not None]
    return [
        (
            datetime.fromisoformat(one["hidden"]),
            one["severity"],
            one["seconds"],
            one["point_seconds"],
        )
        for one in ended + record["carried"]
    ]


def amount(measure: str, severity: int, seconds: int, point_seconds: int) -> int:
    """Return what one charge adds to a measure."""
    if measure == "points":
        return point_seconds
    if measure == "work":
        return seconds
    return 1 if severity == MOST_SEVERE else 0


def window_rows(record: dict[str, Any]) -> list[Row]:
    """Return the rows of each window's sum and what remains of it."""
    now = datetime.fromisoformat(record["issued"]["gate_time"])
    charges = charged(record)
    rows = []
    for window in record["windows"]:
        begins = now - timedelta(hours=window["hours"])
        spent = sum(
            amount(window["measure"], severity, seconds, points)
            for hidden, severity, seconds, points in charges
            if hidden > begins
        )
        what = f"{window['measure']} in {window['hours']} h ({window['unit']})"
        rows.append((what, window["spent"], spent))
        rows.append(
            (
                f"  remaining of {window['limit']}",
                window["remaining"],
                max(0, window["limit"] - spent),
            )
        )
        rows.append(
            (
                f"  remaining of {window['limit_from_s2']} for S2 and above",
                window["remaining_from_s2"],
                max(0, window["limit_from_s2"] - spent),
            )
        )
    return rows


def exposure_rows(record: dict[str, Any]) -> list[Row]:
    """Return the rows of each exposure whose points do not follow."""
    rows = []
    for one in record["exposures"]:
        if one["hidden"] is None:
            continue
        points = record["weights"][one["severity"]] * max(LEAST_SECONDS, one["seconds"])
        if points != one["point_seconds"]:
            rows.append((f"exposure {one['number']}", one["point_seconds"], points))
    return rows


def recomputed(data: bytes) -> list[Row]:
    """Return all rows of a file's bytes; those whose two figures differ do not agree."""
    record = json.loads(data)
    if record["schema"] != SCHEMA:
        raise ValueError(f"this is no {SCHEMA}")
    signed, _mark, _signature = data.rpartition(BEFORE_SIGNATURE)
    digest = hashlib.sha256(signed).hexdigest()
    first = ("SHA-256 of what was signed", record["signature"]["sha256"], digest)
    return [first, *window_rows(record), *exposure_rows(record)]


def main(arguments: list[str]) -> int:
    """Print every row of the file that is named; return how the program ends."""
    if len(arguments) != 1:
        print("usage: recompute_record.py FILE", file=sys.stderr)
        return 2
    try:
        rows = recomputed(Path(arguments[0]).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        print(f"{arguments[0]} cannot be read: {error}", file=sys.stderr)
        return 2
    wide = max(len(what) for what, _stated, _found in rows)
    for what, stated, found in rows:
        mark = "equal" if stated == found else f"DIFFERS: recomputed {found}"
        print(f"{what:<{wide}}  {stated}  {mark}")
    differing = sum(stated != found for _what, stated, found in rows)
    print("Everything agrees." if not differing else f"{differing} do not agree.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
