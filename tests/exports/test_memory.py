"""A release of twenty times the rows takes hardly more memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from labelhub.domain.release.spec import FileType, Format

# In a process of its own: the peak of this one belongs to all tests. Items are made as they are
# asked for, with prompts of their own, in the plan's order (found beforehand, names only).
PROGRAM = """
import resource, sys
from pathlib import Path
from labelhub.domain.release.names import order_key, prompt_key
from labelhub.domain.release.rated import RatedItem, Split
from labelhub.domain.release.votes import Vote
from labelhub.domain.vocabulary import Choice
from labelhub.exports import write_release
from tests.domain.release.world import DAY, FACTS, KEY, completion, user
from tests.exports.releases import spec_of
from labelhub.domain.release.spec import FileType, Format

def peak_kb():
    # Linux counts what the starting process held before this program began; VmHWM does not.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

rows, form, file_type, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
spec = spec_of(Format(form), FileType(file_type), labelers=0, with_raw=True)
text = "word " * 300

def prompt(n):
    return (user(f"question {n} {text}"),)

def place(n):
    return order_key(KEY, prompt_key(prompt(n)))

def item(n):
    asked = prompt(n)
    sides = (completion(f"one {n} {text}"), completion(f"two {n} {text}"))
    choices = (Choice.FIRST, Choice.FIRST, Choice.BOTH_BAD if n % 2 else Choice.SECOND)
    votes = [Vote(f"{n}-{c}", f"r{c}", DAY, choice, imported=True)
             for c, choice in enumerate(choices)]
    return RatedItem(f"{n}", prompt_key(asked), Split.TRAIN, asked, sides, tuple(votes))

write_release(Path(folder), spec, map(item, sorted(range(rows), key=place)), FACTS)
print(peak_kb())
"""
_KB = 1 if sys.platform == "linux" else 1024


def peak_mb(folder: Path, rows: int, form: Format, file_type: FileType) -> float:
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", PROGRAM, str(rows), form, file_type, str(folder / str(rows))],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    return int(done.stdout) / 1024 / _KB


@pytest.mark.parametrize("file_type", list(FileType))
@pytest.mark.parametrize("form", [Format.TRL_PREFERENCE, Format.RAW])
def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, form: Format, file_type: FileType
) -> None:
    few = peak_mb(tmp_path, 1_000, form, file_type)
    many = peak_mb(tmp_path, 20_000, form, file_type)

    # 20,000 items hold 90 MB of text. A Parquet row group and its encoding need their space once;
    # 1,000 rows do not fill it.
    allowed = 20 if file_type is FileType.JSONL else 110
    assert many - few < allowed
    assert many < 300
