"""What makes two items the same, and two prompts the same opening."""

from dataclasses import replace

import pytest

from labelhub.domain.fingerprints import fingerprint, prompt_key
from labelhub.domain.items import Completion, ImportedRating, ItemDraft, Turn
from labelhub.domain.vocabulary import Choice, Severity, SpeakerRole

USER, ASSISTANT = SpeakerRole.USER, SpeakerRole.ASSISTANT
FIVE, LONG = Turn(ASSISTANT, "Five minutes."), Turn(ASSISTANT, "Long.")
DRAFT = ItemDraft(
    line=1,
    prompt=(Turn(SpeakerRole.SYSTEM, "Be brief."), Turn(USER, "How long?")),
    completions=(Completion((FIVE,), "alpha"), Completion((LONG,), "beta")),
)
VOTES = replace(
    DRAFT,
    prompt=(),
    completions=(Completion((), "alpha"), Completion((), "beta")),
    source="arena",
    source_id="x1",
    external_id="x1/alpha/beta",
)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, completions=DRAFT.completions[::-1]),
        replace(DRAFT, line=9, external_id="r1", source="s", source_id="7", language="en"),
        replace(DRAFT, severity=Severity.S3, hazards=("vcr",), metadata={"a": 1}),
        replace(DRAFT, ratings=(ImportedRating("r", Choice.FIRST, 1),)),
        replace(DRAFT, completions=(Completion((FIVE,)), Completion((LONG,), "gamma"))),
    ],
)
def test_the_same_texts_are_the_same_item(other: ItemDraft) -> None:
    assert fingerprint(other) == fingerprint(DRAFT)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, prompt=DRAFT.prompt[1:]),
        replace(DRAFT, prompt=(*DRAFT.prompt[:1], Turn(USER, "How long? "))),
        replace(DRAFT, prompt=(*DRAFT.prompt[:1], Turn(SpeakerRole.TOOL, "How long?"))),
        replace(DRAFT, completions=DRAFT.completions[:1]),
        replace(DRAFT, completions=(Completion((FIVE, Turn(USER, "x"), LONG)),)),
        replace(DRAFT, completions=(Completion((Turn(ASSISTANT, '",["'),)), DRAFT.completions[1])),
    ],
)
def test_other_texts_are_another_item(other: ItemDraft) -> None:
    assert fingerprint(other) != fingerprint(DRAFT)


def test_text_cannot_pretend_to_be_structure() -> None:
    joined = replace(DRAFT, completions=(Completion((Turn(ASSISTANT, 'a"],["assistant","b'),)),))
    apart = replace(DRAFT, completions=(Completion((Turn(ASSISTANT, "a"), Turn(ASSISTANT, "b"))),))

    assert fingerprint(joined) != fingerprint(apart)


def test_votes_without_texts_are_known_by_what_was_compared() -> None:
    assert fingerprint(VOTES) == fingerprint(replace(VOTES, completions=VOTES.completions[::-1]))
    assert fingerprint(VOTES) == fingerprint(replace(VOTES, prompt=DRAFT.prompt))
    assert fingerprint(VOTES) != fingerprint(replace(VOTES, external_id="x2/alpha/beta"))
    assert fingerprint(VOTES) != fingerprint(replace(VOTES, source="mt-bench"))


def test_the_fingerprint_never_changes() -> None:
    """It is stored: another value would import every known item again."""
    assert (
        fingerprint(DRAFT).hex()
        == "017e737f8f1aa5170c446e6c7785ba569bbe183907d4fe2dd960699dec0bcfa2"
    )
    assert (
        prompt_key(DRAFT).hex()
        == "55f382419a610b6f8646ecebc22770cf6c3bfde99a67a60cb520732a16ee9933"
    )


@pytest.mark.parametrize(
    "text", ["How long?", " how  LONG?\n", "Ｈｏｗ long?", "how\u00a0long?", "HOW LONG？"]
)
def test_openings_that_differ_in_form_only_share_their_key(text: str) -> None:
    assert prompt_key(replace(DRAFT, prompt=(Turn(USER, text),))) == prompt_key(DRAFT)


def test_the_key_follows_the_first_user_turn_only() -> None:
    longer = replace(DRAFT, prompt=(*DRAFT.prompt, FIVE, Turn(USER, "And then?")))
    other = replace(DRAFT, prompt=(Turn(USER, "How far?"),))
    tool = replace(DRAFT, prompt=(Turn(SpeakerRole.TOOL, "300 s"),))

    assert prompt_key(longer) == prompt_key(DRAFT)
    assert len({prompt_key(DRAFT), prompt_key(other), prompt_key(tool)}) == 3


def test_votes_of_one_conversation_share_their_key() -> None:
    assert prompt_key(VOTES) == prompt_key(replace(VOTES, external_id="x1/beta/gamma"))
    assert prompt_key(VOTES) != prompt_key(replace(VOTES, source_id="x2"))
