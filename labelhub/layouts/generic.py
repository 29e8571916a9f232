"""Generic rows: a prompt and its completions under names of one's own choice."""

from collections.abc import Mapping

from labelhub.domain.items import Completion, ImportedRating, ItemDraft, Turn
from labelhub.domain.vocabulary import Choice, SpeakerRole
from labelhub.layouts.conversation import assistant_turn, text_in, turns_in, type_name, user_turn
from labelhub.layouts.drafting import MOST_COMPLETIONS, Columns, Drafting
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.strict_json import json_cell
from labelhub.layouts.pairs import in_neutral_order, split_common, strength_in

FIRST_FIELDS = ("response_1", "response_a", "response1")
COMPLETION_FIELDS = ("responses", *FIRST_FIELDS, "completion", "chosen")
_NUMBERED = {
    "response_a": (("response_a", "model_a"), ("response_b", "model_b")),
    **{
        f"{stem}1": tuple(
            (f"{stem}{number}", f"model{stem.removeprefix('response')}{number}")
            for number in range(1, MOST_COMPLETIONS + 2)  # one more, to be refused
        )
        for stem in ("response_", "response")
    },
}
FIELDS = frozenset(
    {
        "prompt", "messages", "system", "responses", "response_a", "response_b", "completion",
        "chosen", "rejected", "model", "model_a", "model_b", "chosen_model", "rejected_model",
        "id", "severity", "hazards", "language", "source", "source_id",
    }
    | {f"{field}_{n}" for field in ("response", "model") for n in range(1, MOST_COMPLETIONS + 1)}
)  # fmt: skip
"""What `--map FIELD=COLUMN` may name."""


def generic(row: Row, drafting: Drafting) -> ItemDraft:
    columns = drafting.columns(row)
    given = columns.given(COMPLETION_FIELDS)
    if len(given) > 1:
        raise RowError(given[1], f"stands beside {given[0]}; only one of them can be read")
    if given == ["chosen"]:
        return pair(row, columns, drafting)
    prompt, last = _prompt(row, columns)
    if not given:
        if last is None:
            named = next((field for field in COMPLETION_FIELDS if columns.named(field)), "")
            raise RowError(named or "completion", "is empty" if named else "is missing")
        completions = [Completion((last,), columns.take_name("model"))]
    elif last is not None:
        raise RowError("messages", "end with the assistant although there are completions")
    else:
        completions = _completions(row, columns, given[0])
    return drafting.draft(row, columns, prompt, completions)


def pair(row: Row, columns: Columns, drafting: Drafting) -> ItemDraft:
    """Draft a comparison of `chosen` and `rejected`, as text or as messages."""
    won = _listed(row, columns.take("chosen"), "chosen")
    lost = _listed(row, columns.take("rejected"), "rejected")
    prompt, won_turns, lost_turns = _sides(row, columns, won, lost)
    rating = None
    if drafting.with_ratings:
        field = "margin" if "margin" in columns.rest else "preference_strength"
        strength = strength_in(columns.rest.get(field), field)
        rating = ImportedRating(drafting.layout, Choice.FIRST, strength)
    completions, ratings = in_neutral_order(
        Completion(won_turns, columns.take_name("chosen_model")),
        Completion(lost_turns, columns.take_name("rejected_model")),
        rating,
    )
    return drafting.draft(row, columns, prompt, completions, ratings)


def _sides(
    row: Row, columns: Columns, won: object, lost: object
) -> tuple[tuple[Turn, ...], tuple[Turn, ...], tuple[Turn, ...]]:
    if isinstance(won, str) or isinstance(lost, str):
        chosen: tuple[Turn, ...] = (assistant_turn(text_in(won, "chosen")),)
        rejected: tuple[Turn, ...] = (assistant_turn(text_in(lost, "rejected")),)
    else:
        chosen, rejected = turns_in(won, "chosen"), turns_in(lost, "rejected")
    if chosen[0].role is not SpeakerRole.ASSISTANT:
        # Both repeat the prompt, whether or not it also has a column of its own.
        prompt, chosen, rejected = split_common(chosen, rejected)
        if not prompt:
            raise RowError("rejected", "does not begin with the same turns as chosen")
        columns.take("prompt")
        return prompt, chosen, rejected
    prompt, last = _prompt(row, columns)
    if last is not None:
        raise RowError("messages", "end with the assistant although there are completions")
    return prompt, chosen, rejected


def _prompt(row: Row, columns: Columns) -> tuple[tuple[Turn, ...], Turn | None]:
    """Return the prompt, and the assistant's last turn where the messages end with one."""
    field = "messages" if columns.has("messages") else "prompt"
    value = columns.take(field)
    if field == "messages":
        value = _listed(row, value, field)
    turns = (
        turns_in(value, field) if isinstance(value, list) else (user_turn(text_in(value, field)),)
    )
    system = columns.take("system")
    if system is not None and system != "":
        if turns[0].role is SpeakerRole.SYSTEM:
            raise RowError("system", f"stands beside a system turn in {field}")
        turns = (Turn(SpeakerRole.SYSTEM, text_in(system, "system")), *turns)
    if turns[-1].role is SpeakerRole.ASSISTANT:
        return turns[:-1], turns[-1]
    return turns, None


def _listed(row: Row, value: object, field: str) -> object:
    """Return the messages that a CSV cell holds as JSON; other texts are themselves."""
    if row.flat and isinstance(value, str) and value.startswith("[{"):
        return json_cell(value, field)
    return value


def _completions(row: Row, columns: Columns, field: str) -> list[Completion]:
    if field == "completion":
        turns = _turns(_listed(row, columns.take(field), field), field)
        return [Completion(turns, columns.take_name("model"))]
    if field == "responses":
        return _response_list(row, columns)
    found: list[Completion] = []
    for place, (name, model) in enumerate(_NUMBERED[field]):
        # Of a comparison neither text may be empty; a third and later cell may be left out.
        if place and not (columns.named(name) if place == 1 else columns.has(name)):
            break
        turns = _turns(_listed(row, columns.take(name), name), name)
        found.append(Completion(turns, columns.take_name(model)))
    return found


def _response_list(row: Row, columns: Columns) -> list[Completion]:
    value = columns.take("responses")
    if row.flat and isinstance(value, str):
        value = json_cell(value, "responses")
    if not isinstance(value, list):
        raise RowError("responses", f"is {type_name(value)}, not a list")
    found: list[Completion] = []
    for number, part in enumerate(value, start=1):
        field = f"responses[{number - 1}]"
        model = columns.take_name(f"model_{number}") if number <= MOST_COMPLETIONS else ""
        if isinstance(part, Mapping):
            given = part.get("model", model)
            if not isinstance(given, str):
                raise RowError(f"{field}.model", f"is {type_name(given)}, not text")
            body = part.get("text", part.get("messages"))
            found.append(Completion(_turns(body, field), given))
        else:
            found.append(Completion(_turns(part, field), model))
    return found


def _turns(value: object, field: str) -> tuple[Turn, ...]:
    if isinstance(value, list):
        return turns_in(value, field)
    return (assistant_turn(text_in(value, field)),)
