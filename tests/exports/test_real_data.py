"""Releases of public data: PandaLM's worked example, and HH-RLHF byte for byte."""

import json
from collections import Counter
from pathlib import Path

import pytest

from labelhub.domain.items import Completion, Turn
from labelhub.domain.release.spec import FileType, Format, ReleaseSpec
from labelhub.domain.release.votes import Vote
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.exports import verify_release
from labelhub.exports.dialogue import ASSISTANT, HUMAN
from tests.domain.release.world import DAY, Draft, completion, user
from tests.exports.releases import read, spec_of, write

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "preference"
PANDALM = DATA / "pandalm_testset_dev.json"
HH = DATA / "hh_rlhf_harmless_base_mild.jsonl"
_ANSWERS = {0: Choice.TIE, 1: Choice.FIRST, 2: Choice.SECOND}


def imported(spec_format: Format, file_type: FileType | None = None) -> ReleaseSpec:
    return spec_of(spec_format, file_type, labelers=0)


def pandalm() -> list[Draft]:
    if not PANDALM.is_file():
        pytest.skip(f"{PANDALM.name} is not beside the checkout")
    drafts = []
    for row in json.loads(PANDALM.read_text(encoding="utf-8")):
        asked = row["instruction"] + (f"\n{row['input']}" if row["input"] else "")
        models = row["cmp_key"].split("_")
        votes = tuple(
            Vote(f"{row['idx']}-{n}", f"rater-{n}", DAY, _ANSWERS[row[f"annotator{n}"]], 0)
            for n in (1, 2, 3)
        )
        sides = (completion(row["response1"], models[0]), completion(row["response2"], models[1]))
        cast = tuple(vote._replace(imported=True) for vote in votes)
        drafts.append(Draft(f"{row['idx']:04d}-{row['cmp_key']}", (user(asked),), sides, cast))
    return drafts


@pytest.mark.parametrize("file_type", list(FileType))
def test_the_worked_example_of_the_format_document(tmp_path: Path, file_type: FileType) -> None:
    spec = imported(Format.TRL_PREFERENCE, file_type)

    counts = write(tmp_path / "r", spec, pandalm()).counts

    assert counts.items == 319
    assert counts.dropped == {"empty_response": 16, "tie": 22}
    assert counts.items - counts.dropped["empty_response"] == 303
    assert counts.pooled == 33
    assert counts.units - counts.dropped["empty_response"] == 270
    assert sum(counts.written.values()) == 248
    rows = read(tmp_path / "r")
    assert len(rows) == 248
    assert sum(row["agreement"] == 1.0 for row in rows) == 220
    assert len({row["prompt_id"] for row in rows}) == 53
    assert verify_release(tmp_path / "r") == []


def test_without_pooling_it_would_repeat_itself(tmp_path: Path) -> None:
    write(tmp_path / "r", imported(Format.TRL_PREFERENCE), pandalm())

    texts = Counter(
        (row["prompt"][0]["content"], *sorted((row["chosen"][0]["content"].strip(),
                                               row["rejected"][0]["content"].strip())))
        for row in read(tmp_path / "r")
    )  # fmt: skip
    assert max(texts.values()) == 1


def turns(text: str) -> tuple[Turn, ...]:
    """Read a dialogue whose speakers alternate, beginning with the human."""
    found = []
    for part in text.split(HUMAN)[1:]:
        said, *answers = part.split(ASSISTANT)
        found.append(Turn(SpeakerRole.USER, said))
        found += [Turn(SpeakerRole.ASSISTANT, answer) for answer in answers]
    return tuple(found)


@pytest.mark.parametrize("file_type", list(FileType))
def test_hh_rlhf_comes_out_as_the_bytes_that_went_in(tmp_path: Path, file_type: FileType) -> None:
    if not HH.is_file():
        pytest.skip(f"{HH.name} is not beside the checkout")
    given = [json.loads(line) for line in HH.read_bytes().splitlines()]
    drafts = []
    for n, row in enumerate(given):
        chosen, rejected = turns(row["chosen"]), turns(row["rejected"])
        assert chosen[:-1] == rejected[:-1]
        # Every other item has the winner second, so that sides cannot be mixed up unnoticed.
        sides = (Completion(chosen[-1:]), Completion(rejected[-1:]))
        first, choice = (sides, Choice.FIRST) if n % 2 else (sides[::-1], Choice.SECOND)
        vote = Vote(f"{n}", "imported-hh", DAY, choice, 1, imported=True)
        drafts.append(Draft(f"{n:05d}", chosen[:-1], first, (vote,)))

    manifest = write(tmp_path / "r", imported(Format.HH_RLHF, file_type), drafts)

    written = {(row["chosen"], row["rejected"]) for row in read(tmp_path / "r")}
    assert len(given) == 150
    assert manifest.counts.dropped == {}
    assert written == {(row["chosen"], row["rejected"]) for row in given}
    assert verify_release(tmp_path / "r") == []
