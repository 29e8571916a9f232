"""Turns the values of a row into the turns of a conversation, and refuses what is none."""

from collections.abc import Sequence

from labelhub.domain.items import Turn
from labelhub.domain.vocabulary import SpeakerRole
from labelhub.layouts.errors import RowError

WITHHELD = "[withheld]"
"""What publishers put in place of a text; there is nothing in it to rate."""

_ROLES = {role.value: role for role in SpeakerRole}
_ASKS = frozenset({SpeakerRole.USER, SpeakerRole.TOOL})  # a tool's result counts as the user's
_MESSAGE = frozenset({"role", "content"})


def text_in(value: object, field: str) -> str:
    """Return a text that says something."""
    if not isinstance(value, str):
        wanted = "is missing" if value is None else f"is {type_name(value)}, not text"
        raise RowError(field, wanted)
    if not value or value.isspace():
        raise RowError(field, "is empty")
    if value == WITHHELD:
        raise RowError(field, "was withheld by the publisher, so there is no text to rate")
    return value


def turns_in(value: object, field: str) -> tuple[Turn, ...]:
    """Return the turns of a list of `{role, content}`."""
    if not isinstance(value, list):
        wanted = "is missing" if value is None else f"is {type_name(value)}, not a list of messages"
        raise RowError(field, wanted)
    if not value:
        raise RowError(field, "is empty")
    return tuple(_turn(message, f"{field}[{index}]") for index, message in enumerate(value))


def _turn(message: object, field: str) -> Turn:
    if not isinstance(message, dict):
        raise RowError(field, f"is {type_name(message)}, not a message with role and content")
    named = message.get("role")
    role = _ROLES.get(named) if isinstance(named, str) else None
    if role is None:
        raise RowError(f"{field}.role", f"is not one of {', '.join(_ROLES)}")
    if len(message) > len(_MESSAGE):
        further = [k for k, v in message.items() if k not in _MESSAGE and v not in (None, "", [])]
        if further:
            raise RowError(f"{field}.{further[0]}", "cannot be shown beside role and content")
    return Turn(role, text_in(message.get("content"), f"{field}.content"))


def user_turn(text: str) -> Turn:
    return Turn(SpeakerRole.USER, text)


def assistant_turn(text: str) -> Turn:
    return Turn(SpeakerRole.ASSISTANT, text)


def check_prompt(prompt: Sequence[Turn], field: str) -> None:
    """Refuse a prompt that no model could have been given."""
    if not prompt or prompt[-1].role not in _ASKS:
        raise RowError(field, "does not end with a turn of the user or a tool")
    if len(prompt) > 1:
        check_alternation(prompt[1:] if prompt[0].role is SpeakerRole.SYSTEM else prompt, field)


def check_completion(turns: Sequence[Turn], field: str) -> None:
    if turns[0].role is not SpeakerRole.ASSISTANT or turns[-1].role is not SpeakerRole.ASSISTANT:
        raise RowError(field, "does not begin and end with a turn of the assistant")
    if len(turns) > 1:
        check_alternation(turns, field)


def check_alternation(turns: Sequence[Turn], field: str) -> None:
    before: bool | None = None
    for turn in turns:
        if turn.role is SpeakerRole.SYSTEM:
            raise RowError(field, "has a system turn that is not the first")
        asks = turn.role in _ASKS
        if asks is before:
            raise RowError(field, "has two turns of one side in a row; the roles must alternate")
        before = asks


def check_lengths(turns: Sequence[Turn], field: str, max_text: int) -> None:
    for turn in turns:
        text = turn.content
        # A character is four bytes at most: only long texts are worth encoding.
        if len(text) * 4 > max_text and len(text.encode()) > max_text:
            raise RowError(field, f"is longer than {max_text} bytes")


def type_name(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, list):
        return "a list"
    return "null" if value is None else "an object"
