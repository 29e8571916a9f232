"""Raw ratings: nothing that was said is lost, nobody who said it is named."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelhub.domain.release.names import labeler_name
from labelhub.domain.release.rated import HarmVote, harm_flags
from labelhub.domain.release.spec import FileType, Format, SpecError
from labelhub.domain.release.votes import VoteStatus
from tests.domain.release.world import DAY, KEY, PEOPLE, Draft, comparison, vote
from tests.exports.releases import DRAFTS, all_bytes, read, spec_of, write

SIX = tuple(vote("first", 2, person) for person in PEOPLE)


def six(**more: Any) -> Draft:
    """An item rated by six people, one of whose votes is changed."""
    changed = SIX[0]._replace(**more)
    return replace(comparison("a"), votes=(changed, *SIX[1:]))


def changed_row(folder: Path, draft: Draft, **asked: Any) -> dict[str, Any]:
    write(folder / "r", spec_of(Format.RAW, **asked), [draft])
    name = labeler_name(KEY, "vendor-amina")
    (row,) = [row for row in read(folder / "r", "raw/ratings") if row["labeler"] == name]
    return row


def test_a_rating_is_the_documented_row(tmp_path: Path) -> None:
    draft = six(first_on_left=False, guideline_version="3", seconds_active=12.4, seconds_total=31)

    row = changed_row(tmp_path, draft)

    assert {
        key: row[key] for key in row if key not in {"judgment_id", "prompt_id", "in split"}
    } == {
        "labeler": labeler_name(KEY, "vendor-amina"),
        "project": "helpful",
        "guideline_version": "3",
        "instrument": "preference",
        "kind": "pair",
        "response_a": "a/1",
        "response_b": "a/2",
        "left": "a/2",
        "choice": "a",
        "strength": 2,
        "ratings": [],
        "ranking": [],
        "flags": [],
        "spans": [],
        "rationale": "",
        "rewrite": "",
        "seconds_active": 10.0,
        "seconds_total": 30.0,
        "is_gold": False,
        "is_practice": False,
        "is_adjudication": False,
        "used": True,
        "created_at": datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC),
    }


def test_the_schema_is_the_documented_one(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.RAW))
    (path,) = (tmp_path / "r" / "raw" / "ratings").glob("train-*")

    schema = pq.read_schema(path)

    assert schema.field("strength").type == pa.int8()
    assert schema.field("created_at").type == pa.timestamp("us", tz="UTC")
    assert schema.field("ranking").type == pa.list_(pa.list_(pa.string()))
    span = schema.field("spans").type.value_type
    assert [(f.name, f.type) for f in span] == [
        ("response_id", pa.string()),
        ("message_index", pa.int16()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("unit", pa.string()),
        ("label", pa.string()),
        ("text", pa.string()),
    ]
    score = schema.field("ratings").type.value_type
    assert [f.type for f in score] == [pa.string(), pa.string(), *[pa.int16()] * 3]
    flag = schema.field("flags").type.value_type
    assert [f.type for f in flag] == [*[pa.string()] * 3, pa.int8()]


@pytest.mark.parametrize(
    ("status", "used", "marks"),
    [
        (VoteStatus.ACCEPTED, True, set()),
        (VoteStatus.ADJUDICATED, True, {"is_adjudication"}),
        (VoteStatus.GOLD, False, {"is_gold"}),
        (VoteStatus.PRACTICE, False, {"is_practice"}),
        (VoteStatus.LATE, False, set()),
        (VoteStatus.EXCLUDED, False, set()),
    ],
)
def test_every_status_is_kept_and_marked(
    tmp_path: Path, status: VoteStatus, *, used: bool, marks: set[str]
) -> None:
    row = changed_row(tmp_path, six(status=status))

    assert row["used"] is used
    assert {name for name in row if name.startswith("is_") and row[name]} == marks


def test_a_withdrawn_rating_is_nowhere(tmp_path: Path) -> None:
    votes = (SIX[0]._replace(status=VoteStatus.WITHDRAWN), *SIX[1:])

    manifest = write(tmp_path / "r", spec_of(Format.RAW), [replace(comparison("a"), votes=votes)])

    assert len(read(tmp_path / "r", "raw/ratings")) == 5
    assert manifest.counts.judgments == 5


def test_ties_both_bad_and_unsure_are_kept(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.RAW))

    found = Counter(row["choice"] for row in read(tmp_path / "r", "raw/ratings"))

    given = Counter(one.choice for draft in DRAFTS for one in draft.votes)
    renamed = {"first": "a", "second": "b"}
    assert found == {renamed.get(choice, choice.value): n for choice, n in given.items()}


def test_an_unsure_vote_and_one_on_equal_texts_are_not_used(tmp_path: Path) -> None:
    spec = spec_of(Format.TRL_PREFERENCE, with_raw=True)
    drafts = [
        six(),
        comparison("b", "unsure", "first1"),
        comparison("c", "first1", second="Seven minutes. "),
    ]

    manifest = write(tmp_path / "r", spec, drafts)

    used = [row["used"] for row in read(tmp_path / "r", "raw/ratings")]
    assert (len(used), sum(used)) == (9, 7)
    assert manifest.counts.judgments_used == 7


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True), (6, True)])
def test_pseudonyms_need_five_labelers(tmp_path: Path, people: int, *, shown: bool) -> None:
    draft = replace(comparison("a"), votes=SIX[:people])

    write(tmp_path / "r", spec_of(Format.RAW, labelers=people), [draft])

    rows = read(tmp_path / "r", "raw/ratings")
    assert all(("labeler" in row) is shown for row in rows)
    assert len({row.get("labeler") for row in rows}) == (people if shown else 1)


def test_a_wrong_number_of_labelers_cannot_show_four(tmp_path: Path) -> None:
    draft = replace(comparison("a"), votes=SIX[:4])

    for claimed in (0, 5):
        with pytest.raises(SpecError, match="4 labelers would be shown"):
            write(tmp_path / "r", spec_of(Format.RAW, labelers=claimed), [draft])


def test_imported_raters_may_be_few(tmp_path: Path) -> None:
    votes = tuple(one._replace(imported=True) for one in SIX[:3])

    write(tmp_path / "r", spec_of(Format.RAW, labelers=0), [replace(comparison("a"), votes=votes)])

    rows = read(tmp_path / "r", "raw/ratings")
    assert len({row["labeler"] for row in rows}) == 3
    assert not any("amina" in row["labeler"] for row in rows)


def test_two_releases_share_no_identifier_of_a_person(tmp_path: Path) -> None:
    write(tmp_path / "one", spec_of(Format.RAW))
    write(tmp_path / "other", spec_of(Format.RAW, key=b"another key of sixteen or more"))

    one, other = (read(tmp_path / name, "raw/ratings") for name in ("one", "other"))
    for column in ("labeler", "judgment_id"):
        assert not {row[column] for row in one} & {row[column] for row in other}
    assert [row["response_a"] for row in one] != [row["response_a"] for row in other]


@pytest.mark.parametrize("file_type", list(FileType))
def test_no_identity_is_in_any_byte(tmp_path: Path, file_type: FileType) -> None:
    write(tmp_path / "r", spec_of(Format.RAW, file_type))

    for content in all_bytes(tmp_path / "r").values():
        assert not any(person.encode() in content for person in PEOPLE)
        assert b"vendor" not in content


def test_free_text_is_left_out_unless_the_project_declared_it(tmp_path: Path) -> None:
    assert changed_row(tmp_path, six(rationale="Clearer."))["rationale"] == ""


def test_free_text_is_scrubbed_and_the_finds_are_counted(tmp_path: Path) -> None:
    row = changed_row(tmp_path, six(rationale="Clearer, ask a@example.org"), rationales=True)

    assert row["rationale"] == "Clearer, ask [email]"
    assert (
        '"scrubbed": {\n      "email": 1\n    }' in (tmp_path / "r" / "manifest.json").read_text()
    )


def test_a_harm_rating_keeps_every_category_with_its_taxonomy(tmp_path: Path) -> None:
    flags = harm_flags([(2, ("prv", "hte")), (0, ())])
    harms = tuple(HarmVote(f"h-{p}", f"vendor-{p}", DAY, flags) for p in PEOPLE)

    write(tmp_path / "r", spec_of(Format.RAW), [replace(comparison("a"), harms=harms)])

    row = read(tmp_path / "r", "raw/ratings")[0]
    taxonomy = "mlcommons-ailuminate-1.0"
    assert (row["kind"], row["response_a"], row["choice"]) == ("flag", "", "")
    assert row["flags"] == [
        {"response_id": "a/1", "taxonomy": taxonomy, "category": "prv", "severity": 2},
        {"response_id": "a/1", "taxonomy": taxonomy, "category": "hte", "severity": 2},
        {"response_id": "a/2", "taxonomy": taxonomy, "category": "none", "severity": 0},
    ]


def test_prompts_and_responses_stand_beside_and_join(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.RAW))

    ratings = read(tmp_path / "r", "raw/ratings")
    prompts = {row["prompt_id"]: row for row in read(tmp_path / "r", "raw/prompts")}
    responses = {row["response_id"]: row for row in read(tmp_path / "r", "raw/responses")}
    assert len(prompts) == len(DRAFTS)
    assert len(responses) == 2 * len(DRAFTS)
    for row in ratings:
        assert prompts[row["prompt_id"]]["split"] == row["in split"]
        assert responses[row["response_a"]]["prompt_id"] == row["prompt_id"]
        assert responses[row["response_b"]]["messages"][0]["role"] == "assistant"


def test_trainer_rows_join_with_raw(tmp_path: Path) -> None:
    write(tmp_path / "r", spec_of(Format.TRL_PREFERENCE, with_raw=True))

    responses = {row["response_id"]: row for row in read(tmp_path / "r", "raw/responses")}
    for row in read(tmp_path / "r"):
        assert responses[row["chosen_response_id"]]["messages"] == row["chosen"]
        assert responses[row["rejected_response_id"]]["model_id"] == row["rejected_model"]
