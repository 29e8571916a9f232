"""Files that must not be believed: each with what its message has to name."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass

GOOD = {"prompt": "Why?", "response_1": "Because.", "response_2": "No reason."}


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file, and what its refusal names: a line (None: the file as a whole), words."""

    name: str
    content: bytes
    line: int | None
    said: tuple[str, ...]


def _rows(*rows: object) -> bytes:
    texts = (
        row if isinstance(row, bytes) else json.dumps({**GOOD, "prompt": "Good one?"}).encode()
        if row is None
        else json.dumps(row).encode()
        for row in rows
    )  # fmt: skip
    return b"".join(text + b"\n" for text in texts)


def _with(**changes: object) -> dict[str, object]:
    return {**GOOD, **changes}


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.jsonl", b"0" * 50_000_000)
    return packed.getvalue()


_WHOLE = gzip.compress(_rows(*(_with(prompt=f"Number {n}?") for n in range(3_000))))

BAD_FILES = (
    BadFile("broken.jsonl", _rows(None, b'{"prompt": "Why?", "respon'), 2, ("JSON",)),
    BadFile("list.jsonl", _rows(None, b"[1, 2]"), 2, ()),
    BadFile("number.jsonl", _rows(None, _with(response_1=7)), 2, ("response_1", "number")),
    BadFile("object.jsonl", _rows(None, _with(prompt={"a": 1})), 2, ("prompt",)),
    BadFile("infinite.jsonl", _rows(None, b'{"prompt": NaN}'), 2, ()),
    BadFile("digits.jsonl", _rows(None, b'{"prompt": "a", "id": ' + b"9" * 6_000 + b"}"), 2, ()),
    BadFile("deep.jsonl", _rows(None, b'{"prompt": ' + b"[" * 100_000), 2, ()),
    BadFile("twice.jsonl", _rows(None, b'{"prompt": "a", "prompt": "b"}'), 2, ("prompt",)),
    BadFile("missing.jsonl", _rows(None, {"prompt": "Only this?"}), 2, ("completion", "missing")),
    BadFile("empty.jsonl", _rows(None, _with(response_2="  ")), 2, ("response_2", "empty")),
    BadFile("same.jsonl", _rows(None, _with(response_2="Because. ")), 2, ("same text",)),
    BadFile("nul.jsonl", _rows(None, _with(response_1="a\0b")), 2, ("NUL",)),
    BadFile("surrogate.jsonl", _rows(None, b'{"prompt": "\\ud800?", "response_1": "a",'
            b' "response_2": "b"}'), 2, ("surrogate",)),
    BadFile("latin.jsonl", _rows(None, b'{"prompt": "caf\xe9"}'), 2, ("UTF-8",)),
    BadFile("cell.jsonl", _rows(None, _with(response_1="x" * 10_000_000)), 2, ()),
    BadFile("long.jsonl", _rows(None, _with(response_1="word " * 20_000)), 2, ("completion 1",)),
    BadFile("role.jsonl", _rows(None, _with(prompt=[{"role": "god", "content": "?"}])), 2,
            ("role",)),
    BadFile("severity.jsonl", _rows(None, _with(severity="terrible")), 2, ("severity",)),
    BadFile("kind.jsonl", _rows(None, _with(hazards=["witchcraft"])), 2, ("hazards", "witchcraft")),
    BadFile("hard.jsonl", _rows(None, _with(severity="S4")), 2, ("severity", "S4")),
    BadFile("cell.csv", b"prompt,response_1,response_2\nGood?,Yes,No\nWhy?," + b"x" * 10_000_000
            + b",b\n", 3, ()),
    BadFile("short.csv", b"prompt,response_1,response_2\nGood?,Yes,No\nWhy?,Because\n", 3, ()),
    BadFile("columns.csv", b"colour,shape\nred,round\n", None, ("no layout fits", "colour")),
    BadFile("nothing.jsonl", b"", None, ("empty",)),
    BadFile("cut.jsonl.gz", _WHOLE[: len(_WHOLE) // 2], None, ("cut.jsonl.gz",)),
    BadFile("bomb.jsonl.gz", gzip.compress(b"0" * 300_000_000, 9), None, ("bomb.jsonl.gz",)),
    BadFile("bomb.zip", _zip(), None, ("zip",)),
    BadFile("broken.parquet", b"PAR1" + b"\0" * 200 + b"PAR1", None, ()),
    BadFile("utf16.csv", "prompt,completion\na,b\n".encode("utf-16"), None, ("UTF-16",)),
)  # fmt: skip
"""The bad-input corpus; each good row among the bad must be gone with them."""
