"""Releases in the browser: made, listed, downloaded as files; nothing beyond the manifest."""

import json
import re
from uuid import uuid4

import pytest
from flask import Flask

from labelhub.domain.imports import ImportOptions
from labelhub.domain.projects import Project
from labelhub.domain.screening import Declared
from labelhub.store.database import Database
from tests.support.application import ClientAs
from tests.support.importing import comparison, import_rows, make_project, write_rows
from tests.support.world import World
from tests.worlds import HandClock

FORM = {
    "name": "first", "format": "trl-preference", "file_type": "jsonl", "ties": "drop",
    "both_bad": "drop", "train": "100", "validation": "0", "test": "0",
}  # fmt: skip


@pytest.fixture
def project(
    database: Database, world: World, clock: HandClock, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """Make a project whose items came with ratings."""
    made = make_project(database, world, clock)
    rows = [
        {
            "prompt": f"Question {number}?",
            "chosen": f"Good {number}.",
            "rejected": f"Bad {number}.",
        }
        for number in range(5)
    ]
    file = write_rows(tmp_path_factory.mktemp("files") / "rows.jsonl", rows)
    options = ImportOptions(layout="trl-preference-text", severity=Declared.S0, with_ratings=True)
    import_rows(database, made, file, clock, options)
    return made


def test_a_researcher_makes_a_release_and_downloads_its_files(
    client_as: ClientAs, world: World, project: Project
) -> None:
    client = client_as(world.esi)

    made = client.post(f"/projects/{project.slug}/releases", data=FORM)
    page = client.get(f"/projects/{project.slug}/releases").get_data(as_text=True)

    assert made.status_code == 303
    links = re.findall(r'href="([^"]+/releases/[^"]+)"', page)
    assert sorted(link.rsplit("/", 1)[1] for link in links) == [
        "README.md", "croissant.json", "manifest.json", "train-00000-of-00001.jsonl",
    ]  # fmt: skip
    data = client.get(next(link for link in links if link.endswith(".jsonl")))
    rows = [json.loads(line) for line in data.get_data(as_text=True).splitlines()]
    assert {row["chosen"][0]["content"][:4] for row in rows} == {"Good"}
    assert data.headers["Content-Disposition"].startswith("attachment")
    assert data.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "../up"), ("name", "A" * 90), ("format", ""), ("format", "pickle"),
        ("file_type", "exe"), ("train", "90"), ("train", "-100"), ("test", "many"), ("test", "9²"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_made(
    client_as: ClientAs, world: World, project: Project, field: str, value: str
) -> None:
    client = client_as(world.esi)

    answer = client.post(f"/projects/{project.slug}/releases", data={**FORM, field: value})

    assert answer.status_code == 422
    assert "sha-256" not in answer.get_data(as_text=True).lower()


def test_a_file_outside_the_manifest_is_not_there(
    app: Flask, client_as: ClientAs, world: World, project: Project
) -> None:
    client = client_as(world.esi)
    client.post(f"/projects/{project.slug}/releases", data=FORM)
    page = client.get(f"/projects/{project.slug}/releases").get_data(as_text=True)
    folder = re.findall(r'href="([^"]+/releases/[^"/]+)/README.md"', page)[0]

    for name in ("../../labelhub.db", "..%2f..%2flabelhub.db", "data", "", "README.md/../x"):
        assert client.get(f"{folder}/{name}").status_code in {404, 308}
    assert client.get(f"/projects/{project.slug}/releases/{uuid4()}/README.md").status_code == 404


@pytest.mark.parametrize("name", ["amina", "chen", "dara", "farid", "gita"])
def test_nobody_else_finds_releases(
    client_as: ClientAs, world: World, project: Project, name: str
) -> None:
    client = client_as(getattr(world, name))

    assert client.get(f"/projects/{project.slug}/releases").status_code == 404
    assert client.post(f"/projects/{project.slug}/releases", data=FORM).status_code == 404


def test_a_project_without_ratings_says_so(
    client_as: ClientAs,
    database: Database,
    world: World,
    clock: HandClock,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    empty = make_project(database, world, clock, slug="empty")
    file = write_rows(tmp_path_factory.mktemp("files") / "rows.jsonl", [comparison(1)])
    import_rows(database, empty, file, clock)

    answer = client_as(world.esi).post("/projects/empty/releases", data=FORM)

    assert answer.status_code == 422
    assert "not made" in answer.get_data(as_text=True)
