"""The layouts that TRL's trainers read, and that LabelHub's own releases have."""

from labelhub.domain.items import Completion, ItemDraft, Turn
from labelhub.domain.vocabulary import SpeakerRole
from labelhub.layouts.conversation import text_in, turns_in, type_name
from labelhub.layouts.drafting import Columns, Drafting
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row
from labelhub.layouts.generic import pair
from labelhub.layouts.hh import ASSISTANT, HUMAN, read_dialogue

_AWAITS = ASSISTANT.rstrip(" ")


def trl_preference(row: Row, drafting: Drafting) -> ItemDraft:
    """Read messages; the prompt may be a column or repeated in `chosen` and `rejected`."""
    columns = _named(row, drafting)
    return pair(row, columns, drafting)


def reward_margin(row: Row, drafting: Drafting) -> ItemDraft:
    columns = _named(row, drafting)
    margin = columns.rest.get("margin")
    if isinstance(margin, bool) or not isinstance(margin, (int, float)) or margin < 0:
        raise RowError("margin", "is missing or no number of zero or more")
    return pair(row, columns, drafting)


def trl_preference_text(row: Row, drafting: Drafting) -> ItemDraft:
    """Read strings; a prompt in the form of HH-RLHF is taken apart into its turns."""
    columns = _named(row, drafting)
    prompt = text_in(columns.rest.get("prompt"), "prompt")
    won, lost = columns.rest.get("chosen"), columns.rest.get("rejected")
    if _is_dialogue(prompt) and _continues(won) and _continues(lost):
        columns.rest["prompt"] = [
            {"role": turn.role.value, "content": turn.content} for turn in _dialogue(prompt)
        ]
        columns.rest["chosen"], columns.rest["rejected"] = str(won)[1:], str(lost)[1:]
    return pair(row, columns, drafting)


def trl_unpaired(row: Row, drafting: Drafting) -> ItemDraft:
    """Read one completion; its label stays in the metadata, as no instrument asks for one."""
    columns = _named(row, drafting)
    label = columns.rest.get("label")
    if not isinstance(label, bool):
        raise RowError("label", f"is {type_name(label)}, not true or false")
    prompt = _turns(columns.take("prompt"), "prompt", SpeakerRole.USER)
    completion = _turns(columns.take("completion"), "completion", SpeakerRole.ASSISTANT)
    return drafting.draft(
        row, columns, prompt, [Completion(completion, columns.take_name("model"))]
    )


def _named(row: Row, drafting: Drafting) -> Columns:
    """Take the names that LabelHub's releases give to ids for those of the item."""
    columns = drafting.columns(row)
    rest = columns.rest
    for theirs, ours in (("pair_id", "id"), ("prompt_id", "source_id")):
        if theirs in rest and ours not in rest:
            rest[ours] = rest.pop(theirs)
    return columns


def _turns(value: object, field: str, role: SpeakerRole) -> tuple[Turn, ...]:
    if isinstance(value, str):
        return (Turn(role, text_in(value, field)),)
    return turns_in(value, field)


def _is_dialogue(prompt: str) -> bool:
    return prompt.startswith(HUMAN) and prompt.endswith(_AWAITS)


def _continues(completion: object) -> bool:
    return isinstance(completion, str) and completion.startswith(" ")


def _dialogue(prompt: str) -> tuple[Turn, ...]:
    """Read a prompt that ends where the assistant is to speak."""
    return read_dialogue(f"{prompt} .", "prompt")[:-1]
