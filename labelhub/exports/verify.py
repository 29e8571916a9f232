"""Checking a release folder: hashes, counts, and the checklist of export-formats.md, section 12."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from labelhub.domain.release.ledger import unit_of
from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.spec import Format
from labelhub.exports.description.manifest import totals_digest
from labelhub.exports.verify_rows import check_table

_CHUNK = 1 << 20
_TABLES = ("data", "raw/ratings", "raw/prompts", "raw/responses")


def verify_release(folder: Path) -> list[str]:
    """Return what is wrong with the release in *folder*, a line each; none when it is whole."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        release_format = Format(manifest["format"])
        entries = [
            FileEntry(str(e["path"]), int(e["rows"]), int(e["bytes"]), str(e["sha256"]))
            for e in manifest["files"]
        ]
        counts = manifest["counts"]
        problems = list(_counts(counts, release_format, entries))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"manifest.json: cannot be read ({type(error).__name__}: {error})"]
    problems += _files(folder, entries)
    if totals_digest(entries) != manifest.get("digest"):
        problems.append("manifest.json: the digest does not fit the files it names")
    problems += _card(folder)
    for table in _TABLES:
        members = [entry for entry in entries if entry.path.rpartition("/")[0] == table]
        problems += check_table(folder, table, release_format, members)
    return problems


def _counts(
    counts: Mapping[str, Any], release_format: Format, entries: list[FileEntry]
) -> Iterator[str]:
    unit = unit_of(release_format)
    written, dropped = counts["written"], counts["dropped"]
    if counts[unit] != sum(written.values()) + sum(dropped.values()):
        yield f"manifest.json: {unit} is not the sum of written and dropped"
    if unit == "pairs" and counts["items"] != counts["pairs"] + counts["pooled"]:
        yield "manifest.json: items is not the sum of pairs and pooled"
    if counts["judgments_used"] > counts["judgments"]:
        yield "manifest.json: more judgments used than there are"
    folder = "raw/ratings" if release_format is Format.RAW else "data"
    for split in sorted({"train", "validation", "test", *written}):
        prefix = f"{folder}/{split}-"
        rows = sum(entry.rows for entry in entries if entry.path.startswith(prefix))
        told = written.get(split, 0)
        if rows != told:
            yield f"manifest.json: {split} has {rows} rows in files, {told} written"


def _files(folder: Path, entries: list[FileEntry]) -> Iterator[str]:
    named = {entry.path for entry in entries}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in named and name != "manifest.json":
            yield f"{name}: not in the manifest"
    for entry in entries:
        path = folder / entry.path
        if not path.resolve().is_relative_to(folder.resolve()):
            yield f"{entry.path}: outside the release"
        elif not path.is_file():
            yield f"{entry.path}: missing"
        elif path.stat().st_size != entry.size:
            yield f"{entry.path}: {path.stat().st_size} bytes, {entry.size} in the manifest"
        elif _hash(path) != entry.sha256:
            yield f"{entry.path}: the SHA-256 is another"


def _hash(path: Path) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _card(folder: Path) -> Iterator[str]:
    for name in ("README.md", "croissant.json"):
        path = folder / name
        if not path.is_file():
            yield f"{name}: missing"
        elif "More information needed" in path.read_text(encoding="utf-8", errors="replace"):
            yield f"{name}: holds a placeholder"
