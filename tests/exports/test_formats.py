"""What each format writes, row by row."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from labelhub.domain.items import Completion
from labelhub.domain.release.names import prompt_key
from labelhub.domain.release.spec import FileType, Format, Rules, System
from labelhub.exports.columns import trainer_table
from labelhub.exports.reserved import RESERVED
from tests.domain.release.world import Draft, assistant, comparison, completion, system, user, votes
from tests.exports.releases import ALL, TRAINERS, read, spec_of, write

EGG = Draft(
    "p0001",
    (system("You answer briefly."), user("How long do I boil an egg?")),
    (completion("About seven minutes.", "m-a"), completion("Until it feels right.", "m-b")),
    votes("first3", "first2", "tie"),
)


def only_row(folder: Path, release_format: Format, draft: Draft, **rules: Any) -> dict[str, Any]:
    write(folder / "r", spec_of(release_format, rules=Rules(**rules)), [draft])
    (row,) = read(folder / "r")
    del row["in split"]
    return row


def test_trl_preference_is_the_documented_row(tmp_path: Path) -> None:
    assert only_row(tmp_path, Format.TRL_PREFERENCE, EGG) == {
        "prompt": [
            {"role": "system", "content": "You answer briefly."},
            {"role": "user", "content": "How long do I boil an egg?"},
        ],
        "chosen": [{"role": "assistant", "content": "About seven minutes."}],
        "rejected": [{"role": "assistant", "content": "Until it feels right."}],
        "pair_id": "p0001",
        "prompt_id": prompt_key(EGG.prompt),
        "chosen_response_id": "p0001/1",
        "rejected_response_id": "p0001/2",
        "chosen_model": "m-a",
        "rejected_model": "m-b",
        "preference_strength": 1.667,
        "n_votes": 3,
        "n_chosen": 2,
        "n_rejected": 0,
        "n_tie": 1,
        "agreement": 0.667,
    }


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (System.DROP, ["How long do I boil an egg?"]),
        (System.FOLD, ["You answer briefly.\n\nHow long do I boil an egg?"]),
    ],
)
def test_the_system_prompt_goes_where_it_was_asked_to(
    tmp_path: Path, how: System, said: list[str]
) -> None:
    row = only_row(tmp_path, Format.TRL_PREFERENCE, EGG, system=how)

    assert [turn["content"] for turn in row["prompt"]] == said
    assert {turn["role"] for turn in row["prompt"]} == {"user"}


@pytest.mark.parametrize(("scale", "margin"), [(1.0, 1.667), (0.5, 0.8335), (2.0, 3.334)])
def test_reward_margin_scales_the_mean_strength(
    tmp_path: Path, scale: float, margin: float
) -> None:
    row = only_row(tmp_path, Format.REWARD_MARGIN, EGG, margin_scale=scale)

    assert row["margin"] == margin
    assert row["preference_strength"] == 1.667


def test_a_single_question_as_text_ends_in_a_line_break(tmp_path: Path) -> None:
    row = only_row(tmp_path, Format.TRL_PREFERENCE_TEXT, EGG)

    assert row["prompt"] == "You answer briefly.\n\nHow long do I boil an egg?\n"
    assert (row["chosen"], row["rejected"]) == ("About seven minutes.", "Until it feels right.")


DIALOGUE = (user("Hello"), assistant("Hello!"), user("Boil an egg"))
TALK = Draft("d", DIALOGUE, (completion("Seven."), completion("Eight.")), votes("second1"))


def test_a_dialogue_as_text_can_be_joined_as_it_is(tmp_path: Path) -> None:
    row = only_row(tmp_path, Format.TRL_PREFERENCE_TEXT, TALK)

    before = "\n\nHuman: Hello\n\nAssistant: Hello!\n\nHuman: Boil an egg\n\nAssistant:"
    assert (row["prompt"], row["chosen"], row["rejected"]) == (before, " Eight.", " Seven.")


def test_hh_rlhf_is_two_whole_dialogues_and_nothing_else(tmp_path: Path) -> None:
    before = "\n\nHuman: Hello\n\nAssistant: Hello!\n\nHuman: Boil an egg\n\nAssistant: "

    row = only_row(tmp_path, Format.HH_RLHF, TALK)

    assert row == {"chosen": before + "Eight.", "rejected": before + "Seven."}


def test_several_turns_may_differ(tmp_path: Path) -> None:
    longer = Completion((assistant("Why?"), user("Because"), assistant("Seven.")))
    draft = Draft("d", (user("Hello"),), (longer, completion("Eight.")), votes("first1"))

    row = only_row(tmp_path, Format.TRL_PREFERENCE_TEXT, draft)

    assert row["prompt"] == "\n\nHuman: Hello\n\nAssistant:"
    assert row["chosen"] == " Why?\n\nHuman: Because\n\nAssistant: Seven."


@pytest.mark.parametrize("release_format", [Format.HH_RLHF, Format.TRL_PREFERENCE_TEXT])
def test_a_turn_that_would_be_read_as_two_is_not_written(
    tmp_path: Path, release_format: Format
) -> None:
    ambiguous = comparison("a", "first1", first="Look:\n\nHuman: hi")

    manifest = write(tmp_path / "r", spec_of(release_format), [ambiguous, TALK])

    assert manifest.counts.dropped == {"not_sayable": 1}
    assert len(read(tmp_path / "r")) == 1


def test_trl_unpaired_is_the_documented_row(tmp_path: Path) -> None:
    draft = Draft("p1", EGG.prompt, EGG.completions, votes("first1", "both_bad", "both_bad"))

    write(tmp_path / "r", spec_of(Format.TRL_UNPAIRED), [draft])

    rows = sorted(read(tmp_path / "r"), key=lambda row: str(row["response_id"]))
    assert rows[1] == {
        "prompt": [{"role": turn.role, "content": turn.content} for turn in EGG.prompt],
        "completion": [{"role": "assistant", "content": "Until it feels right."}],
        "label": False,
        "response_id": "p1/2",
        "prompt_id": prompt_key(EGG.prompt),
        "model": "m-b",
        "n_votes": 3,
        "n_good": 0,
        "n_bad": 2,
        "evidence": "absolute",
        "in split": rows[1]["in split"],
    }
    assert len(rows) == 2


@pytest.mark.parametrize(("release_format", "file_type"), ALL)
def test_nothing_is_null_and_every_row_has_the_same_keys_and_types(
    tmp_path: Path, release_format: Format, file_type: FileType
) -> None:
    spec = spec_of(release_format, file_type, with_raw=True)
    write(tmp_path / "r", spec)

    tables = {path.parent for path in (tmp_path / "r").rglob("*-of-*")}
    for table in tables:
        rows = read(tmp_path / "r", table.relative_to(tmp_path / "r").as_posix())
        shapes = {tuple((name, type(value)) for name, value in row.items()) for row in rows}
        assert len(shapes) == 1
        assert not any(value is None for row in rows for value in row.values())
        for row in rows:
            for value in row.values():
                if isinstance(value, list) and value and "role" in value[0]:
                    assert all(list(turn) == ["role", "content"] for turn in value)


@pytest.mark.parametrize(("release_format", "file_type"), ALL)
def test_parquet_is_compressed_in_small_groups_with_an_index(
    tmp_path: Path, release_format: Format, file_type: FileType
) -> None:
    write(tmp_path / "r", spec_of(release_format, file_type, with_raw=True))

    for path in (tmp_path / "r").rglob("*.parquet"):
        metadata = pq.read_metadata(path)
        column = metadata.row_group(0).column(0)
        assert column.compression == "ZSTD"
        assert column.has_offset_index
        assert not any(field.nullable for field in pq.read_schema(path))


@pytest.mark.parametrize("release_format", TRAINERS)
def test_no_column_is_what_a_trainer_takes_for_something_else(release_format: Format) -> None:
    meant = {
        Format.TRL_UNPAIRED: {"completion", "label"},
        Format.REWARD_MARGIN: {"margin"},
    }

    used = set(trainer_table(release_format).names) & RESERVED

    assert used == meant.get(release_format, set())


def test_content_is_written_exactly_as_it_was(tmp_path: Path) -> None:
    odd = ' "quoted" \\ \t\u2028 عربي 👩‍👩‍👧 \r\n end '
    draft = comparison("a", "first1", question=odd, first=odd + "1", second=odd + "2")

    for file_type in FileType:
        write(tmp_path / file_type, spec_of(Format.TRL_PREFERENCE, file_type), [draft])
        (row,) = read(tmp_path / file_type)
        assert row["prompt"][0]["content"] == odd
        assert row["chosen"][0]["content"] == odd + "1"


def test_json_lines_hold_one_object_a_line_and_no_mark_at_the_start(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.TRL_PREFERENCE))

    for path in (tmp_path / "r" / "data").iterdir():
        content = path.read_bytes()
        assert content.startswith(b'{"prompt":')
        assert content.endswith(b"}\n")
        assert b"\n\n" not in content
        assert b"\r" not in content
