"""Kinds of file: the same rows from each of them, in constant memory, with progress."""

import csv
import gzip
import io
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelhub.domain.items import BadRow, ItemDraft
from labelhub.layouts import ReadOptions, detect, read
from labelhub.layouts.files.parquet_pages import pages
from labelhub.layouts.options import MIB
from tests.layouts.conftest import Reader, lines, sorted_rows

TEXTS = (
    "plain",
    'a "quoted", one',
    "two\nlines\r\nand one",
    "=1+1",
    "naïve ünïcode 漢字 🙂",
    "tab\there",
)
ROWS = [
    {"id": f"r{n}", "prompt": f"{text}?", "response_1": f"{text}!", "response_2": f"{text}…"}
    for n, text in enumerate(TEXTS)
]


def _csv(rows: list[dict[str, str]], end: str = "\r\n") -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def _parquet(rows: list[dict[str, str]]) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), written, row_group_size=4)
    return written.getvalue()


def _texts(drafts: list[ItemDraft]) -> list[tuple[str, str, str, str]]:
    return [
        (
            draft.external_id,
            draft.prompt[0].content,
            draft.completions[0].turns[0].content,
            draft.completions[1].turns[0].content,
        )
        for draft in drafts
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", lines(*ROWS).encode()),
        ("a.jsonl.gz", lines(*ROWS).encode()),
        ("a.jsonl", b"\xef\xbb\xbf" + lines(*ROWS).replace("\n", "\r\n").encode()),
        ("a.jsonl", lines(*ROWS).encode() + b"\n \n"),
        ("a.jsonl", lines(*ROWS).encode().rstrip(b"\n")),
        ("a.json", json.dumps(ROWS).encode()),
        ("a.json", b" \n" + json.dumps(ROWS, indent=3, ensure_ascii=False).encode() + b"\n"),
        ("a.json.gz", json.dumps(ROWS).encode()),
        ("a.csv", _csv(ROWS)),
        ("a.csv", _csv(ROWS, "\n")),
        ("a.csv", b"\xef\xbb\xbf" + _csv(ROWS)),
        ("a.csv.gz", _csv(ROWS)),
        ("a.parquet", _parquet(ROWS)),
    ],
)
def test_every_kind_of_file_gives_the_same_texts(
    reading: Reader, name: str, content: bytes
) -> None:
    drafts, bad = reading(name, content)

    assert not bad
    assert _texts(drafts) == [tuple(row.values()) for row in ROWS]


def test_a_stream_is_read_like_a_path_and_left_open() -> None:
    stream = io.BytesIO(_parquet(ROWS))
    drafts, _ = sorted_rows(read(stream, name="upload.parquet"))

    assert len(drafts) == len(ROWS)
    assert not stream.closed


def test_lines_are_counted_through_cells_with_line_breaks(reading: Reader) -> None:
    drafts, _ = reading("a.csv", 'prompt,completion\n"a\nb\n\nc",d\ne,f\n')

    assert [draft.line for draft in drafts] == [2, 6]
    assert drafts[0].prompt[0].content == "a\nb\n\nc"


def test_gzip_members_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(lines(*ROWS[:2]).encode()) + gzip.compress(lines(*ROWS[2:]).encode())
    path.write_bytes(packed + b"\0" * 512)

    assert len(sorted_rows(read(path))[0]) == len(ROWS)


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    for name, content in (
        ("a.jsonl.gz", gzip.compress(lines(*ROWS * 500).encode(), mtime=0)),
        ("a.csv", _csv(ROWS * 500)),
        ("a.parquet", _parquet(ROWS)),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        heard: list[int] = []
        list(read(path, options=ReadOptions(on_bytes=heard.append)))

        assert heard == sorted(heard)
        assert heard[-1] == len(content)


def test_parquet_keeps_nested_messages_and_plain_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    row = {
        "messages": [{"role": "user", "content": "Hello?"}],
        "responses": ["a", "b"],
        "when": datetime(2026, 2, 1, tzinfo=UTC),
        "score": float("nan"),
        "tags": ["x", None],
    }
    pq.write_table(pa.Table.from_pylist([row]), path)
    drafts, bad = sorted_rows(read(path))

    assert not bad
    assert drafts[0].prompt[0].content == "Hello?"
    assert drafts[0].metadata == {"when": "2026-02-01T00:00:00+00:00", "tags": ["x", None]}


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("codec", ["none", "zstd"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_pages_are_found_as_they_were_written(
    tmp_path: Path, version: str, codec: str, *, dictionary: bool
) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{n} " * 50 for n in range(5000)]
    pq.write_table(
        pa.table({"t": texts}), path, compression=codec, data_page_version=version,
        data_page_size=16_384, use_dictionary=dictionary,
    )  # fmt: skip
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    start = column.dictionary_page_offset or column.data_page_offset
    with path.open("rb") as stream:
        found = pages(stream, start, start + column.total_compressed_size)

    assert sum(page.values for page in found if not page.is_dictionary) == len(texts)
    assert [page.is_dictionary for page in found[:2]] == [dictionary, False]
    assert len(found) > (1 if dictionary else 4)
    assert sum(page.unpacked for page in found) > sum(map(len, texts))


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "parquet"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    rows = [
        {"prompt": f"{n}?", "response_1": "a" * 700, "response_2": "b" * 700} for n in range(20)
    ]
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows * 1000), path, row_group_size=2000)
    elif kind == "csv":
        path.write_bytes(_csv(rows * 1000))
    else:
        text = lines(*rows * 1000)
        path.write_text(f"[{text.strip().replace(chr(10), ',')}]" if kind == "json" else text)
    del rows
    tracemalloc.start()
    count = sum(isinstance(row, ItemDraft) for row in read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # The file holds 28 MB of text (repeated); a reader holds a few chunks of it.
    assert count == 20_000
    assert peak < 16 * MIB


def test_detection_shows_what_would_happen(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines(*ROWS * 3, {"prompt": "x"}))
    found = detect(path)

    assert (found.layout, found.confidence) == ("jsonl", "likely")
    assert found.columns == ("id", "prompt", "response_1", "response_2")
    assert [draft.external_id for draft in found.sample] == [f"r{n % len(ROWS)}" for n in range(10)]
    assert found.problems == (BadRow(19, "completion", "is missing", '{"prompt": "x"}'),)
