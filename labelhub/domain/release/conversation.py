"""A conversation seen as training data: its system prompt, its text, whether two are the same."""

import unicodedata

from labelhub.domain.items import Turn
from labelhub.domain.release.rated import AnyCompletion, AnyTurn
from labelhub.domain.release.spec import System
from labelhub.domain.vocabulary import SpeakerRole

_KEEP = System.KEEP
_BETWEEN = "\0"  # refused at import, so it cannot be part of a text


def with_system(prompt: tuple[AnyTurn, ...], system: System) -> tuple[AnyTurn, ...]:
    """Return the prompt with its system turn kept, folded into the first user turn, or dropped."""
    if system is _KEEP or not prompt or prompt[0].role is not SpeakerRole.SYSTEM:
        return prompt
    rest = prompt[1:]
    if system is System.DROP:
        return rest
    for index, turn in enumerate(rest):
        if turn.role is SpeakerRole.USER:
            folded = Turn(SpeakerRole.USER, f"{prompt[0].content}\n\n{turn.content}")
            return (*rest[:index], folded, *rest[index + 1 :])
    return rest


def candidate_text(completion: AnyCompletion) -> str:
    """Return what makes two completions the same candidate: their trimmed text.

    Empty when any assistant turn says nothing.
    """
    turns = completion.turns
    if len(turns) == 1:
        return turns[0].content.strip()
    texts = [turn.content.strip() for turn in turns]
    spoken = [
        text for turn, text in zip(turns, texts, strict=True) if turn.role is SpeakerRole.ASSISTANT
    ]
    return _BETWEEN.join(texts) if spoken and all(spoken) else ""


def normalised(text: str) -> str:
    """Return the text as leakage is judged: NFKC, case folded, white space collapsed (4.7)."""
    if text.isascii():  # where NFKC changes nothing and lower case is folded case
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
