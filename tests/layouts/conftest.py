"""Files written for a test, and the real ones where they are at hand."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelhub.domain.items import BadRow, ItemDraft
from labelhub.layouts import ReadOptions, read

Rows = tuple[list[ItemDraft], list[BadRow]]
Reader = Callable[..., Rows]
EGG = {
    "prompt": "How long do I boil an egg?",
    "response_1": "Seven minutes.",
    "response_2": "Long.",
}


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """Write bytes under a name and read them; items and bad rows apart."""

    def run(name: str, content: bytes | str, layout: str | None = None, **options: object) -> Rows:
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return sorted_rows(read(path, layout, ReadOptions(**options)))  # type: ignore[arg-type]

    return run


def sorted_rows(rows: Iterator[ItemDraft | BadRow]) -> Rows:
    drafts: list[ItemDraft] = []
    bad: list[BadRow] = []
    for row in rows:
        if isinstance(row, BadRow):
            bad.append(row)
        else:
            drafts.append(row)
    return drafts, bad


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real data, which is no part of this repository."""
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data beside the checkout")
    return folder
