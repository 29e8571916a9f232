"""Conversations as one text, in the way of HH-RLHF."""

from collections.abc import Sequence

from labelhub.domain.release.rated import AnyTurn
from labelhub.domain.vocabulary import SpeakerRole

HUMAN = "\n\nHuman: "
ASSISTANT = "\n\nAssistant: "
_MARKS = {SpeakerRole.USER: HUMAN, SpeakerRole.ASSISTANT: ASSISTANT}


def sayable(turns: Sequence[AnyTurn]) -> bool:
    """Return whether the text can carry the turns: two speakers, and no mark inside a turn.

    A mark inside a turn would be read back as a turn of its own.
    """
    return all(
        turn.role in _MARKS and HUMAN not in turn.content and ASSISTANT not in turn.content
        for turn in turns
    )


def dialogue(turns: Sequence[AnyTurn]) -> str:
    """Return the turns as text, contents exactly as they are."""
    return "".join([_MARKS[turn.role] + turn.content for turn in turns])


def prompt_and_completions(
    prompt: Sequence[AnyTurn], completions: Sequence[Sequence[AnyTurn]]
) -> tuple[str, list[str]]:
    """Return a plain prompt and what may follow it, so that they can be joined as they are.

    A single question ends in a line break. A dialogue ends where the assistant begins to speak,
    and its completions begin with the space that follows there (export-formats.md, 3.4).
    """
    single = len(prompt) == 1 and all(len(turns) == 1 for turns in completions)
    if single:
        question = prompt[0].content
        ended = question if question.endswith("\n") else question + "\n"
        return ended, [turns[0].content for turns in completions]
    opening = ASSISTANT.removesuffix(" ")
    return dialogue(prompt) + opening, [
        dialogue(turns).removeprefix(opening) for turns in completions
    ]
