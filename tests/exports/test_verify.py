"""`verify_release` sees every change: to bytes, counts, rows, names."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.spec import FileType, Format
from labelhub.exports import verify_release
from labelhub.exports.description.manifest import totals_digest
from tests.exports.releases import spec_of, write


@pytest.fixture
def release(tmp_path: Path) -> Path:
    write(tmp_path / "r", spec_of(Format.TRL_PREFERENCE))
    return tmp_path / "r"


def data_file(release: Path, split: str = "train") -> Path:
    return next((release / "data").glob(f"{split}-*"))


def reseal(release: Path) -> None:
    """Make the manifest fit the files again, as a forger would."""
    manifest = json.loads((release / "manifest.json").read_bytes())
    for entry in manifest["files"]:
        content = (release / entry["path"]).read_bytes()
        entry["bytes"], entry["sha256"] = len(content), sha256(content).hexdigest()
    entries = [FileEntry(e["path"], e["rows"], e["bytes"], e["sha256"]) for e in manifest["files"]]
    manifest["digest"] = totals_digest(entries)
    (release / "manifest.json").write_text(json.dumps(manifest))


def change_rows(release: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = data_file(release)
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    reseal(release)


def problems_after(release: Path, change: Callable[[list[dict[str, Any]]], object]) -> str:
    change_rows(release, change)
    return "\n".join(verify_release(release))


def test_one_changed_byte_is_found(release: Path) -> None:
    path = data_file(release)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(bytes(content))

    assert any("SHA-256" in problem for problem in verify_release(release))


def test_a_missing_and_an_added_file_are_found(release: Path) -> None:
    data_file(release, "test").unlink()
    (release / "data" / "more.jsonl").write_text("{}\n")

    found = "\n".join(verify_release(release))

    assert "missing" in found
    assert "data/more.jsonl: not in the manifest" in found


def test_a_manifest_that_does_not_add_up_is_found(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_bytes())
    manifest["counts"]["dropped"]["tie"] += 1
    manifest["counts"]["items"] += 2
    (release / "manifest.json").write_text(json.dumps(manifest))

    found = verify_release(release)

    assert "manifest.json: pairs is not the sum of written and dropped" in found
    assert "manifest.json: items is not the sum of pairs and pooled" in found


def test_a_file_of_another_folder_cannot_be_named(release: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_bytes())
    manifest["files"][0]["path"] = "../outside"
    (release / "manifest.json").write_text(json.dumps(manifest))

    assert "../outside: outside the release" in verify_release(release)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": "other"}'])
def test_a_broken_manifest_is_one_problem(release: Path, content: bytes) -> None:
    (release / "manifest.json").write_bytes(content)

    (problem,) = verify_release(release)

    assert problem.startswith("manifest.json: cannot be read")


def test_a_folder_that_is_no_release_is_one_problem(tmp_path: Path) -> None:
    assert len(verify_release(tmp_path)) == 1


def _set(name: str, value: object) -> Callable[[list[dict[str, Any]]], object]:
    return lambda rows: rows[3].update({name: value})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_set("agreement", None), "agreement is null"),
        (_set("agreement", 1), "other columns or types"),
        (_set("extra", 1), "other columns or types"),
        (_set("prompt", []), "does not end with the user"),
        (_set("prompt", [{"role": "assistant", "content": "x"}]), "does not end with the user"),
        (_set("prompt", [{"role": "user", "content": "x"}] * 2), "do not alternate"),
        (_set("prompt", [{"role": "user", "content": ""}]), "a turn of the prompt is empty"),
        (_set("chosen", [{"role": "user", "content": "x"}]), "begin and end with the assistant"),
        (_set("chosen", [{"role": "assistant", "content": " "}]), "chosen is empty"),
        (lambda rows: rows[3].update(chosen=rows[3]["rejected"]), "are the same"),
        (lambda rows: rows.append(rows[3]), "repeats another row"),
        (
            lambda rows: rows.append(
                {**rows[3], "chosen": rows[3]["rejected"], "rejected": rows[3]["chosen"]}
            ),
            "contradicts another row",
        ),
        (lambda rows: [row.update(messages="x") for row in rows], "read by trainers as something"),
        (lambda rows: rows.pop(), "in the manifest"),
        (lambda rows: rows[3].update(chosen=[{"content": "x"}]), "cannot be read"),
    ],
)
def test_a_row_that_a_trainer_would_stumble_over_is_found(
    release: Path, change: Callable[[list[dict[str, Any]]], object], problem: str
) -> None:
    assert problem in problems_after(release, change)


def test_a_prompt_in_two_splits_is_found(release: Path) -> None:
    line = data_file(release, "test").read_bytes().splitlines()[0]

    found = problems_after(release, lambda rows: rows.append(json.loads(line)))

    assert "its prompt is in another split too" in found


@pytest.mark.parametrize("release_format", [Format.HH_RLHF, Format.TRL_UNPAIRED])
def test_other_formats_are_looked_into_too(tmp_path: Path, release_format: Format) -> None:
    release = tmp_path / "r"
    write(release, spec_of(release_format))

    assert "repeats another row" in problems_after(release, lambda rows: rows.append(rows[0]))


def test_a_time_of_day_in_raw_is_found(tmp_path: Path) -> None:
    release = tmp_path / "r"
    write(release, spec_of(Format.RAW, FileType.JSONL))
    path = next((release / "raw" / "ratings").glob("train-*"))
    row = json.loads(path.read_bytes().splitlines()[0])
    row["created_ms"] += 1
    path.write_bytes(json.dumps(row).encode() + b"\n")
    reseal(release)

    assert any("more than the day" in problem for problem in verify_release(release))


def test_a_card_with_a_placeholder_is_found(release: Path) -> None:
    (release / "README.md").write_text("# T\n\nMore information needed\n")
    reseal(release)

    assert verify_release(release) == ["README.md: holds a placeholder"]


def test_many_problems_of_a_table_are_cut_short(release: Path) -> None:
    found = problems_after(release, lambda rows: [row.update(agreement=None) for row in rows])

    assert len(found.splitlines()) < 30
    assert "more problems" in found
