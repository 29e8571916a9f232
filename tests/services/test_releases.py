"""Releases from a database: what comes out is what was rated, twice the same, and nobody's name."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labelhub.domain.imports import BatchState, ImportOptions
from labelhub.domain.items import Turn
from labelhub.domain.projects import Project
from labelhub.domain.release.names import text_key
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec, Rules, SplitPolicy
from labelhub.domain.release.splits import stored_mark
from labelhub.domain.screening import Declared
from labelhub.domain.vocabulary import OptOutScope, PersonId, SpeakerRole
from labelhub.services import rating, releases, safeguarding, serving
from labelhub.services.projects import NoSuchProjectError
from labelhub.services.releases import NothingToReleaseError, Wanted
from labelhub.services.showing import Shown
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.support.importing import import_rows, make_project
from tests.support.world import World
from tests.worlds import Desk, HandClock, lay_desk

HH = Path(__file__).parents[2].parent / "shared/data/preference/hh_rlhf_harmless_base_mild.jsonl"
ALL_TRAIN = Rules(split=SplitPolicy(train=1.0, test=0.0))


def spec(form: Format, clock: HandClock, rules: Rules = ALL_TRAIN, **more: object) -> ReleaseSpec:
    return replace(ReleaseSpec("first", form, bytes(32), clock.now(), rules=rules), **more)


def rate_everything(database: Database, desk: Desk, clock: HandClock, answer: str = "-2") -> None:
    for person in desk.labelers:
        while isinstance(
            shown := database.run(lambda s, p=person: serving.serve_next(s, p, desk.slug, clock)),
            Shown,
        ):
            clock.pass_(seconds=5)
            rate(database, shown, person, clock, answer)


def rate(database: Database, shown: Shown, person: PersonId, clock: HandClock, answer: str) -> None:
    # In the item's own order, whichever side came first on the page.
    given = answer if not shown.assignment.swapped else str(-int(answer))
    database.run(
        lambda session: rating.submit(
            session, person, shown.assignment.id, shown.exposure_id.hex,
            {"preference": [given]}, clock,
        )
    )  # fmt: skip


def build(
    database: Database, desk: Desk, wanted: Wanted, clock: HandClock
) -> list[dict[str, object]]:
    releases.build(database, (desk.lab,), wanted, None, clock.now())
    lines = (wanted.folder / "data/train-00000-of-00001.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in lines.splitlines()]


def test_a_release_holds_the_choice_in_the_items_own_order(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(database, clock, labelers=3, items=[0] * 6)
    rate_everything(database, desk, clock, "-2")

    rows = build(
        database, desk, Wanted(desk.slug, spec(Format.TRL_PREFERENCE, clock), tmp_path / "r"), clock
    )

    assert len(rows) == 6
    assert all(row["chosen"][0]["content"].startswith("One ") for row in rows)
    assert {row["n_votes"] for row in rows} == {3}
    assert {row["chosen_model"] for row in rows} == {"m-one"}


def test_a_release_is_checked_against_a_second_build_and_verifies(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=3, items=[0] * 6)
    rate_everything(sqlite_database, desk, clock)
    folder = tmp_path / "r"

    build(sqlite_database, desk, Wanted(desk.slug, spec(Format.HH_RLHF, clock), folder), clock)

    assert releases.verify_release(folder) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_names_of_labelers_differ_from_release_to_release(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=5, items=[0] * 4, overlap=5)
    rate_everything(sqlite_database, desk, clock)
    raw = spec(Format.RAW, clock, file_type=FileType.JSONL)

    names: list[set[str]] = []
    for name in ("one", "two"):
        wanted = Wanted(desk.slug, raw, tmp_path / name)
        releases.build(sqlite_database, (desk.lab,), wanted, None, clock.now())
        file = next((tmp_path / name / "raw/ratings").iterdir())
        names.append({json.loads(line)["labeler"] for line in file.read_text().splitlines()})

    assert len(names[0]) == len(names[1]) == 5
    assert names[0].isdisjoint(names[1])
    assert not any(person.hex in str(names) for person in desk.labelers)


def test_an_opt_out_is_in_no_file_and_changes_no_count(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=3, items=[0] * 3)
    declining, *_ = desk.labelers
    sqlite_database.run(lambda s: serving.serve_next(s, declining, desk.slug, clock))
    sqlite_database.run(
        lambda s: safeguarding.opt_out(s, declining, desk.slug, OptOutScope.ITEM, clock)
    )
    rate_everything(sqlite_database, desk, clock)
    folder = tmp_path / "r"

    rows = build(
        sqlite_database, desk, Wanted(desk.slug, spec(Format.TRL_PREFERENCE, clock), folder), clock
    )

    assert sorted(row["n_votes"] for row in rows) == [2, 3, 3]
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"declin" not in everything
    assert b"opt_out" not in everything


def test_an_undone_rating_is_in_no_release(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=1, items=[0], overlap=1)
    rate_everything(sqlite_database, desk, clock)
    sqlite_database.run(lambda s: rating.undo(s, desk.labelers[0], desk.slug, clock))

    with pytest.raises(NothingToReleaseError):
        build(
            sqlite_database, desk,
            Wanted(desk.slug, spec(Format.TRL_PREFERENCE, clock), tmp_path / "r"), clock,
        )  # fmt: skip
    assert not (tmp_path / "r").exists()


def test_a_prompt_keeps_its_split_in_later_releases(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock, labelers=3, items=[0] * 30)
    rate_everything(sqlite_database, desk, clock)
    placed: list[dict[str, str]] = []
    for number, seed in enumerate(("one", "other")):
        rules = Rules(split=SplitPolicy(seed=seed, train=0.5, test=0.5))
        folder = tmp_path / str(number)
        wanted = Wanted(desk.slug, spec(Format.TRL_PREFERENCE, clock, rules), folder)
        releases.build(sqlite_database, (desk.lab,), wanted, None, clock.now())
        placed.append(
            {
                json.loads(line)["prompt_id"]: file.name.split("-")[0]
                for file in (folder / "data").iterdir()
                for line in file.read_text().splitlines()
            }
        )

    assert set(placed[0].values()) == {"train", "test"}
    assert placed[0] == placed[1]


def test_a_release_of_pairs_says_the_same_with_every_rating_beside_it(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    """Votes come added up where no rating is a row; nothing else may change by that."""
    desk = lay_desk(database, clock, labelers=3, items=[0] * 12)
    for person, answer in zip(desk.labelers, ("-2", "1", "-3"), strict=True):
        rate_everything(database, replace(desk, labelers=(person,)), clock, answer)
    plain = spec(Format.TRL_PREFERENCE, clock)
    told: list[object] = []
    for name, asked in (("plain", plain), ("raw", replace(plain, with_raw=True))):
        folder = tmp_path / name
        rows = build(database, desk, Wanted(desk.slug, asked, folder), clock)
        counts = json.loads((folder / "manifest.json").read_bytes())["counts"]
        card = (folder / "README.md").read_text(encoding="utf-8")
        shown = ("| Made", "| Ratings", "| Ties", "| Agreement", "Position", "Length", "Time")
        figures = [line for line in card.splitlines() if line.startswith(shown)]
        assert len(figures) == len(shown)
        told.append((sorted(rows, key=lambda row: str(row["pair_id"])), counts, figures))

    assert told[0] == told[1]


def test_marks_of_prompts_plan_as_their_texts_would(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(database, clock, labelers=3, items=[0] * 20)
    rate_everything(database, desk, clock)
    halves = Rules(split=SplitPolicy(train=0.5, test=0.5))
    plain = spec(Format.TRL_PREFERENCE, clock, halves)
    placed: list[set[tuple[str, str, str]]] = []
    for name in ("texts", "marks"):
        folder = tmp_path / name
        wanted = Wanted(desk.slug, plain, folder)
        releases.build(database, (desk.lab,), wanted, None, clock.now())
        placed.append(
            {
                (row["pair_id"], row["prompt_id"], file.name)
                for file in (folder / "data").iterdir()
                for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
            }
        )
        mark_prompts(database)

    assert placed[0] == placed[1]
    assert len({name for _, _, name in placed[0]}) == 2


def mark_prompts(database: Database) -> None:
    """Store the marks that import would have stored, and forget the splits."""
    item, content = metadata.tables["item"], metadata.tables["content"]
    with database.writing() as session:
        connection = session.connection()
        for item_id, payload in connection.execute(sa.select(content.c.item_id, content.c.payload)):
            prompt = tuple(Turn(SpeakerRole(r), t) for r, t in json.loads(payload)["prompt"])
            connection.execute(
                sa.update(item)
                .where(item.c.id == item_id)
                .values(pool_key=text_key(prompt), prompt_mark=stored_mark(prompt))
            )
        connection.execute(sa.delete(metadata.tables["split_assignment"]))


def test_another_labs_project_does_not_exist(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock)
    wanted = Wanted(desk.slug, spec(Format.RAW, clock), tmp_path / "r")

    with pytest.raises(NoSuchProjectError):
        releases.build(sqlite_database, (desk.vendor,), wanted, None, clock.now())


def test_a_failed_release_is_registered_with_its_reason(
    sqlite_database: Database, clock: HandClock, tmp_path: Path
) -> None:
    desk = lay_desk(sqlite_database, clock)
    wanted = Wanted(desk.slug, spec(Format.TRL_PREFERENCE, clock), tmp_path / "r")

    with pytest.raises(NothingToReleaseError):
        releases.build(sqlite_database, (desk.lab,), wanted, None, clock.now())

    with sqlite_database.reading() as session:
        (registered,) = releases.of_project(session, (desk.lab,), desk.slug)
    assert registered.state == "failed"
    assert registered.message


@pytest.mark.skipif(not HH.exists(), reason="the real HH-RLHF sample is not here")
def test_hh_dialogues_come_out_byte_for_byte(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project: Project = make_project(database, world, clock)
    options = ImportOptions(
        layout="hh-rlhf", severity=Declared.S0, with_ratings=True, keep_good=True
    )
    batch = import_rows(database, project, HH, clock, options)
    assert batch.state is BatchState.COMPLETE
    clock.pass_(timedelta(minutes=1))
    folder = tmp_path / "r"
    wanted = Wanted(project.slug, spec(Format.HH_RLHF, clock), folder)
    releases.build(database, (world.lab,), wanted, None, clock.now())

    came = Counter(
        (row["chosen"], row["rejected"]) for row in map(json.loads, HH.open(encoding="utf-8"))
    )
    went = Counter(
        (row["chosen"], row["rejected"])
        for file in (folder / "data").iterdir()
        for row in map(json.loads, file.open(encoding="utf-8"))
    )
    assert sum(came.values()) == 150
    assert not went - came
    assert sum(went.values()) == batch.added, "every item that came in went out"
