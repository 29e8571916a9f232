"""HH-RLHF: whole dialogues as text, read so that writing them again gives the same bytes."""

import re
from collections.abc import Iterable

from labelhub.domain.items import Completion, ImportedRating, ItemDraft, Turn
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.layouts.conversation import check_alternation, text_in
from labelhub.layouts.drafting import Drafting
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row
from labelhub.layouts.pairs import in_neutral_order, split_common

HUMAN = "\n\nHuman: "
ASSISTANT = "\n\nAssistant: "
_MARKS = {HUMAN: SpeakerRole.USER, ASSISTANT: SpeakerRole.ASSISTANT}
_WRITTEN = {role: mark for mark, role in _MARKS.items()}
_SPLIT = re.compile("(\n\nHuman: |\n\nAssistant: )")
# A mark without its space is no mark, but hides a change of speaker from whoever rates the turn.
_HALF_MARK = re.compile("\n\n(?:Human|Assistant):")


def write_dialogue(turns: Iterable[Turn]) -> str:
    """Write turns as HH-RLHF has them.

    Raises:
        ValueError: a turn is neither the user's nor the assistant's.
    """
    parts: list[str] = []
    for turn in turns:
        mark = _WRITTEN.get(turn.role)
        if mark is None:
            raise ValueError(f"HH-RLHF has no speaker for the role {turn.role}")
        parts += (mark, turn.content)
    return "".join(parts)


def read_dialogue(text: str, field: str) -> tuple[Turn, ...]:
    """Return the turns of a dialogue, or refuse it where writing it again would change it."""
    before, *parts = _SPLIT.split(text)
    if before or not parts:
        raise RowError(field, f"does not begin with {HUMAN!r}")
    turns = tuple(
        Turn(_MARKS[mark], content) for mark, content in zip(parts[::2], parts[1::2], strict=True)
    )
    for number, turn in enumerate(turns, start=1):
        if not turn.content or turn.content.isspace():
            raise RowError(field, f"has an empty turn ({turn.role}, turn {number})")
        if _HALF_MARK.search(turn.content):
            raise RowError(field, f"has the mark of a speaker inside a turn (turn {number})")
    if turns[0].role is not SpeakerRole.USER:
        raise RowError(field, "does not begin with the human")
    check_alternation(turns, field)
    if turns[-1].role is not SpeakerRole.ASSISTANT:
        raise RowError(field, "does not end with the assistant")
    if write_dialogue(turns) != text:
        raise RowError(field, "would not be written again as the same bytes")
    return turns


def hh_rlhf(row: Row, drafting: Drafting) -> ItemDraft:
    columns = drafting.columns(row)
    chosen = read_dialogue(text_in(columns.take("chosen"), "chosen"), "chosen")
    rejected = read_dialogue(text_in(columns.take("rejected"), "rejected"), "rejected")
    prompt, won, lost = split_common(chosen, rejected)
    if not prompt:
        raise RowError("rejected", "does not begin with the same turn as chosen")
    rating = ImportedRating(drafting.layout, Choice.FIRST, 1) if drafting.with_ratings else None
    completions, ratings = in_neutral_order(Completion(won), Completion(lost), rating)
    return drafting.draft(row, columns, prompt, completions, ratings)
