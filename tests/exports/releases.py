"""Writing small releases in tests, and reading them back without LabelHub's own code."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.manifest import Manifest
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.exports import write_release
from tests.domain.release.world import FACTS, KEY, NOON, Draft, comparison, plan_of, rated

ALL = [(form, file_type) for form in Format for file_type in FileType]
TRAINERS = [form for form in Format if form is not Format.RAW]

DRAFTS = (
    *[comparison(f"i{n:02d}", "first2", "first1", "tie") for n in range(24)],
    *[comparison(f"j{n:02d}", "second3", "second1", "first1") for n in range(24)],
    *[comparison(f"k{n:02d}", "both_bad", "both_bad") for n in range(8)],
    *[comparison(f"l{n:02d}", "both_good", "tie", "both_good") for n in range(8)],
    comparison("m00", "unsure", "first1", "second1", "tie", "first1", "both_bad"),
)


def spec_of(release_format: Format, file_type: FileType | None = None, **more: Any) -> ReleaseSpec:
    spec = ReleaseSpec("helpful-v1", release_format, KEY, NOON, file_type, project="helpful")
    return replace(spec, **{"labelers": 6, **more})


def write(
    folder: Path,
    spec: ReleaseSpec,
    drafts: Sequence[Draft] = DRAFTS,
    facts: CardFacts = FACTS,
) -> Manifest:
    plan = plan_of(spec, drafts)
    return write_release(folder, spec, rated(plan), facts, plan.split_plan)


def read(folder: Path, table: str = "data") -> list[dict[str, Any]]:
    """Return the rows of all splits, each with the split of its file."""
    rows = []
    for path in sorted((folder / table).iterdir()):
        if path.suffix == ".parquet":
            found = pq.read_table(path).to_pylist()
        else:
            found = [json.loads(line) for line in path.read_bytes().splitlines()]
        split = path.name.partition("-")[0]
        rows += [{**row, "in split": split} for row in found]
    return rows


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
