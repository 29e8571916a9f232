"""Files that must be refused as a whole, with the place, the reason and a remedy."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelhub.domain.items import BadRow
from labelhub.layouts import Limits, ReadOptions, UnreadableFileError, detect, read
from labelhub.layouts.options import MIB
from tests.layouts.conftest import EGG, Reader, lines

GOOD = lines(EGG)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "the file is empty"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "the file is empty"),
        ("a.jsonl", b" " * 200_000, "begins with 65536 blank bytes"),
        ("a.csv", b"prompt,completion\n", "no rows"),
        ("a.csv", b"prompt,prompt\na,b\n", "occurs twice"),
        ("a.csv", b"prompt;completion\na;b\n", "semicolons"),
        ("a.csv", b"prompt\tcompletion\na\tb\n", "tabs"),
        ("a.csv", b"\xff\xfep\0r\0", "UTF-16"),
        ("a.csv", b"\xe9,b\n", "not UTF-8"),
        ("a.csv", b'"a\n', "a quote is opened"),
        ("a.zst", b"\x28\xb5\x2f\xfd0000", "compressed with zstd"),
        ("a.parquet", b"PAR1 and no more", "cannot be opened"),
        ("a.json", b'{\n "data": []\n}', "one JSON object spread over lines"),
        ("a.gz.gz", gzip.compress(GOOD.encode(), mtime=0), "compressed twice"),
        ("a.csv", b"colour,size\nred,7\n", "no layout fits its columns"),
        ("a.jsonl", b"nonsense\nmore\n", "none of the first 2 rows can be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    reading: Reader, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        reading(name, content)
    assert caught.value.remedy


def test_a_zip_archive_is_not_opened(reading: Reader) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.jsonl", GOOD)

    with pytest.raises(UnreadableFileError, match="zip archive"):
        reading("a.jsonl", packed.getvalue())


@pytest.mark.parametrize("keep", [12, 25, -1])
def test_a_truncated_gzip_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode() * 3)[:keep])

    with pytest.raises(UnreadableFileError, match=r"ends early|empty"):
        list(read(path))


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(GOOD.encode() * 100))
    packed[20] ^= 0xFF
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed)

    with pytest.raises(UnreadableFileError):
        list(read(path))


def test_a_gzip_bomb_stops_at_its_ratio(tmp_path: Path) -> None:
    deflate = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    path = tmp_path / "a.jsonl.gz"
    packed = [deflate.compress(GOOD.encode() + b" " * MIB) for _ in range(200)]
    path.write_bytes(b"".join(packed) + deflate.flush())

    with pytest.raises(UnreadableFileError, match="more than 200 times its size"):
        list(read(path, "jsonl"))


def test_a_gzip_larger_than_allowed_stops_at_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode() * 1000))

    with pytest.raises(UnreadableFileError, match="more than 5000 bytes"):
        list(read(path, options=ReadOptions(limits=Limits(max_file=5000))))


def test_a_wrong_extension_does_not_matter(reading: Reader) -> None:
    assert len(reading("a.csv", GOOD)[0]) == 1
    assert len(reading("a.jsonl", json.dumps([EGG]))[0]) == 1
    assert len(reading("a.txt", "prompt,completion\na,b\n")[0]) == 1


def test_a_layout_of_another_kind_of_file_is_refused(reading: Reader) -> None:
    with pytest.raises(UnreadableFileError, match="JSON lines, not what the layout csv reads"):
        reading("a.csv", GOOD, "csv")
    with pytest.raises(UnreadableFileError, match="there is no layout 'spreadsheet'"):
        reading("a.csv", GOOD, "spreadsheet")


def test_missing_columns_are_named_before_any_row(reading: Reader) -> None:
    with pytest.raises(UnreadableFileError, match=r"columns cmp_key, instruction, response1"):
        reading("a.jsonl", GOOD, "pandalm")
    with pytest.raises(UnreadableFileError, match="columns question"):
        reading("a.jsonl", GOOD, "jsonl", mapping={"prompt": "question"})
    with pytest.raises(UnreadableFileError, match="no field 'promt' to map"):
        reading("a.jsonl", GOOD, "jsonl", mapping={"promt": "prompt"})


def test_parquet_with_wrong_column_types_is_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "prompt": pa.array([1, 2]),
            "response_1": pa.array(["a", "b"]),
            "response_2": pa.array(["c", "d"]),
        }
    )
    pq.write_table(table, path)
    bad = [row for row in read(path) if isinstance(row, BadRow)]

    assert [(row.line, row.field) for row in bad] == [(1, "prompt"), (2, "prompt")]
    assert "is a number, not text" in bad[0].reason


def test_parquet_with_bytes_that_are_no_text_is_refused_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    raw = pa.array([b"good", b"\xff\xfe"]).view(pa.string())
    pq.write_table(pa.table({"prompt": raw, "completion": pa.array(["a", "b"])}), path)
    rows = list(read(path))

    assert not isinstance(rows[0], BadRow)
    assert isinstance(rows[1], BadRow)
    assert "not UTF-8" in rows[1].reason


_READS = """
import pathlib, resource, sys
from labelhub.layouts import UnreadableFileError, read
try:
    list(read(pathlib.Path(sys.argv[1])))
except UnreadableFileError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _read_elsewhere(path: Path) -> tuple[str, int]:
    """Return what a process of its own is told, and the most its reader held, in KiB.

    Children count the memory of the process that they were forked from, and ours may be large.
    """
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", _READS, str(path)], capture_output=True, text=True, check=True
    )
    told, most = done.stdout.rsplit("\n", 2)[:2]
    return told, int(most)


def test_parquet_that_repeats_a_giant_text_is_refused_in_small_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    giant = pa.DictionaryArray.from_arrays(
        pa.array([0] * 3000, pa.int32()), pa.array(["x" * 5_000_000])
    )
    table = pa.table({"prompt": giant, "completion": pa.array(["a"] * 3000)})
    pq.write_table(table, path, dictionary_pagesize_limit=1 << 30)

    assert path.stat().st_size < MIB
    told, most = _read_elsewhere(path)
    assert "longer than" in told
    assert 10_000 < most < MIB  # in KiB: 1 GiB; 512 rows, unpacked, would be 2.5 GB


def test_parquet_with_a_giant_page_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"prompt": pa.array(["x" * 70 * MIB]), "completion": pa.array(["a"])})
    pq.write_table(table, path, compression="zstd", use_dictionary=False)

    with pytest.raises(UnreadableFileError, match="a page unpacks to"):
        list(read(path))


def test_a_script_and_a_formula_are_text_like_any_other(reading: Reader) -> None:
    drafts, bad = reading("a.csv", 'prompt,completion\n"=1+1","<script>alert(1)</script>"\n')

    assert not bad
    assert drafts[0].prompt[0].content == "=1+1"
    assert drafts[0].completions[0].turns[0].content == "<script>alert(1)</script>"


def test_a_missing_file_is_an_unreadable_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        list(read(tmp_path / "nowhere.jsonl"))
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        detect(tmp_path)
