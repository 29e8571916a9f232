"""croissant.json has what the specification requires, and describes the files that are there."""

import json
from pathlib import Path
from typing import Any

import pytest

from labelhub.domain.release.spec import FileType, Format
from labelhub.exports.columns import trainer_table
from tests.exports.releases import ALL, spec_of, write

# Croissant 1.1, "Required" and "Modified and added properties".
REQUIRED = {
    *("@context", "@type", "conformsTo", "name", "description", "license", "url", "creator"),
    *("datePublished", "distribution"),
}


def croissant_of(folder: Path, form: Format, file_type: FileType) -> dict[str, Any]:
    write(folder / "r", spec_of(form, file_type, with_raw=True))
    found: dict[str, Any] = json.loads((folder / "r" / "croissant.json").read_bytes())
    return found


@pytest.mark.parametrize(("form", "file_type"), ALL)
def test_everything_required_is_there(tmp_path: Path, form: Format, file_type: FileType) -> None:
    description = croissant_of(tmp_path, form, file_type)

    assert set(description) >= REQUIRED
    assert all(description[name] for name in REQUIRED)
    assert description["license"].startswith("https://")
    assert description["conformsTo"][0] == "http://mlcommons.org/croissant/1.1"


@pytest.mark.parametrize(("form", "file_type"), ALL)
def test_every_data_file_is_named_with_its_hash_and_is_in_a_set(
    tmp_path: Path, form: Format, file_type: FileType
) -> None:
    distribution = croissant_of(tmp_path, form, file_type)["distribution"]
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_bytes())

    objects = {d["contentUrl"]: d for d in distribution if d["@type"] == "cr:FileObject"}
    data = {e["path"]: e for e in manifest["files"] if e["rows"]}
    assert set(objects) == set(data)
    for path, entry in data.items():
        assert objects[path]["sha256"] == entry["sha256"]
        assert objects[path]["contentSize"] == f"{entry['bytes']} B"
    sets = [d["includes"] for d in distribution if d["@type"] == "cr:FileSet"]
    matched = [path for pattern in sets for path in (tmp_path / "r").glob(pattern)]
    assert len(matched) == len(data)


@pytest.mark.parametrize(("form", "file_type"), ALL)
def test_identifiers_are_unique_and_what_is_referred_to_exists(
    tmp_path: Path, form: Format, file_type: FileType
) -> None:
    description = croissant_of(tmp_path, form, file_type)
    identified: list[str] = []
    referred: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "@id" in node:
                (identified.append if "@type" in node else referred.add)(node["@id"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk({key: value for key, value in description.items() if key != "@context"})
    assert len(identified) == len(set(identified))
    assert referred <= set(identified)


def test_every_column_is_a_field(tmp_path: Path) -> None:
    description = croissant_of(tmp_path, Format.TRL_PREFERENCE, FileType.PARQUET)

    records = {found["@id"]: found for found in description["recordSet"]}
    assert set(records) == {"splits", "default", "ratings", "prompts", "responses"}
    names = [field["name"] for field in records["default"]["field"]]
    assert names == [*trainer_table(Format.TRL_PREFERENCE).names, "split"]
    prompt = records["default"]["field"][0]
    assert prompt["isArray"] is True
    assert [sub["source"]["transform"]["jsonPath"] for sub in prompt["subField"]] == [
        "role",
        "content",
    ]
