"""Whatever the bytes: items, bad rows, or an unreadable file, and all of it can be stored."""

import gzip
import io
import json
from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from labelhub.domain.fingerprints import fingerprint, prompt_key
from labelhub.domain.items import BadRow, ItemDraft
from labelhub.layouts import LAYOUTS, ReadOptions, UnreadableFileError, detect, read

NAMES = ("a.jsonl", "a.json", "a.csv", "a.parquet", "a.gz", "a")
FIELDS = (
    "prompt", "messages", "system", "responses", "response_1", "response_2", "completion", "chosen",
    "rejected", "margin", "label", "id", "severity", "hazards", "language", "winner", "model_a",
    "model_b", "question_id", "turn", "judge", "cmp_key", "instruction", "response1", "response2",
    "annotator1", "annotation_1", "annotation_2", "type", "idx", "conversation_a", "conversation_b",
)  # fmt: skip
TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(
    [
        "\n\nHuman: a\n\nAssistant: b",
        "\n\nHuman: a\n\nAssistant: ",
        "model_a",
        "x_y",
        "1",
        "\0",
        "😀",
    ]
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system"]), "content": TEXT}
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.lists(MESSAGE, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ROW = st.dictionaries(st.sampled_from(FIELDS) | TEXT, VALUE, max_size=8)
FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(content: bytes, name: str, layout: str | None) -> None:
    for with_ratings in (False, True):
        options = ReadOptions(with_ratings=with_ratings)
        try:
            rows = list(read(io.BytesIO(content), layout, options, name))
        except UnreadableFileError as error:
            str(error).encode()
            continue
        for row in rows:
            _check_row(row)
    with suppress(UnreadableFileError):
        detect(io.BytesIO(content), name=name)


def _check_row(row: ItemDraft | BadRow) -> None:
    assert row.line >= 1
    if isinstance(row, BadRow):
        assert row.reason
        for text in (row.field, row.reason, row.raw):
            text.encode()
            assert "\0" not in text
        return
    turns = [*row.prompt, *(turn for each in row.completions for turn in each.turns)]
    for turn in turns:
        assert turn.content.strip()
        assert "\0" not in turn.content
    json.dumps(dict(row.metadata), allow_nan=False, ensure_ascii=False).encode()
    assert len(fingerprint(row)) == len(prompt_key(row)) == 32
    assert turns or row.metadata["votes_only"] is True


@FAST
@given(st.binary(max_size=400), st.sampled_from(NAMES), st.sampled_from([None, *LAYOUTS]))
@example(b"PAR1" + b"\0" * 40 + b"PAR1", "a.parquet", None)
@example(b"\x1f\x8b", "a.gz", None)
@example(b"[", "a.json", "jsonl")
def test_random_bytes(content: bytes, name: str, layout: str | None) -> None:
    check(content, name, layout)


@FAST
@given(st.lists(ROW, min_size=1, max_size=4), st.booleans(), st.sampled_from([None, *LAYOUTS]))
def test_random_rows(rows: list[dict[str, object]], as_array: bool, layout: str | None) -> None:  # noqa: FBT001 drawn
    text = json.dumps(rows) if as_array else "\n".join(map(json.dumps, rows))
    check(text.encode(), "a.json", layout)


@FAST
@given(st.lists(ROW, min_size=1, max_size=3), st.data())
def test_damaged_rows(rows: list[dict[str, object]], data: st.DataObject) -> None:
    text = bytearray("\n".join(map(json.dumps, rows)).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at] = data.draw(st.integers(0, 255))
    check(bytes(text), "a.jsonl", None)
    check(gzip.compress(bytes(text))[: data.draw(st.integers(0, 200))], "a.jsonl.gz", None)


@FAST
@given(st.lists(st.lists(TEXT, max_size=4), max_size=4), st.sampled_from([None, "csv"]))
def test_random_csv(rows: list[list[str]], layout: str | None) -> None:
    body = "\n".join(",".join(cells) for cells in [["prompt", "completion", "id"], *rows])
    check(body.encode("utf-8", "surrogatepass"), "a.csv", layout)


def _parquet() -> bytes:
    written = io.BytesIO()
    table = pa.table({"prompt": ["a", "b"] * 50, "responses": [["c", "d"], ["e", "f"]] * 50})
    pq.write_table(table, written, compression="zstd")
    return written.getvalue()


PARQUET = _parquet()


@settings(FAST, max_examples=12)
@given(st.lists(st.tuples(st.integers(0, len(PARQUET) - 1), st.integers(0, 255)), max_size=4))
def test_damaged_parquet(changes: list[tuple[int, int]]) -> None:
    content = bytearray(PARQUET)
    for at, byte in changes:
        content[at] = byte
    with suppress(UnreadableFileError):
        for row in read(io.BytesIO(bytes(content)), name="a.parquet"):
            _check_row(row)


def test_parquet_that_breaks_its_reader_is_an_unreadable_file() -> None:
    """A column whose type was changed in the schema makes Arrow 26 abort its process."""
    broken = PARQUET.replace(b"\x15\x0c%\x02\x18\x07element", b"\x15\x00%\x02\x18\x07element")
    assert broken != PARQUET

    with pytest.raises(UnreadableFileError, match=r"damaged|cannot be opened"):
        list(read(io.BytesIO(broken), name="a.parquet"))
