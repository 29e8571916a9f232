"""The text of items: kept whole, read whole, only within a scope."""

from pathlib import Path

from labelhub.domain.items import Completion, Turn
from labelhub.domain.vocabulary import ItemId, SpeakerRole
from labelhub.store import corpus
from labelhub.store.database import Database
from tests.support.importing import import_rows, make_project, rows_of, write_rows
from tests.support.world import World
from tests.worlds import HandClock

ROW = {
    "prompt": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "שלום 👋\u2028line"},
    ],
    "responses": [
        {"text": " Spaces stay. ", "model": "alpha"},
        {
            "messages": [
                {"role": "assistant", "content": "Let me look."},
                {"role": "tool", "content": "42"},
                {"role": "assistant", "content": "It is 42."},
            ],
            "model": "beta",
        },
    ],
}
TEXTS = (
    (
        Turn(SpeakerRole.SYSTEM, "Be brief."),
        Turn(SpeakerRole.USER, "שלום 👋\u2028line"),
    ),
    (
        Completion((Turn(SpeakerRole.ASSISTANT, " Spaces stay. "),), "alpha"),
        Completion(
            (
                Turn(SpeakerRole.ASSISTANT, "Let me look."),
                Turn(SpeakerRole.TOOL, "42"),
                Turn(SpeakerRole.ASSISTANT, "It is 42."),
            ),
            "beta",
        ),
    ),
)


def item_of(database: Database) -> ItemId:
    [(key,)] = rows_of(database, "SELECT id FROM item")
    from uuid import UUID  # noqa: PLC0415 the databases give text or UUID

    return ItemId(key if isinstance(key, UUID) else UUID(key))


def test_a_text_comes_back_as_it_went_in(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    import_rows(database, project, write_rows(tmp_path / "r.jsonl", [ROW]), clock)
    key = item_of(database)

    with database.reading() as session:
        found = corpus.texts(session, (world.lab,), [key])

    text = found[key]
    assert (text.prompt, text.completions) == TEXTS
    assert len(text.sha256) == 64
    assert "markdown-1" in text.renderer


def test_another_organisation_reads_nothing(
    database: Database, world: World, clock: HandClock, tmp_path: Path
) -> None:
    project = make_project(database, world, clock)
    import_rows(database, project, write_rows(tmp_path / "r.jsonl", [ROW]), clock)

    with database.reading() as session:
        assert corpus.texts(session, (world.vendor,), [item_of(database)]) == {}
        assert corpus.texts(session, (), [item_of(database)]) == {}
