"""The layouts by name: what each needs, how it is recognised, and how its rows become items."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from labelhub.domain.items import ItemDraft
from labelhub.layouts.drafting import Drafting
from labelhub.layouts.files.row import Row
from labelhub.layouts.files.source import FileKind
from labelhub.layouts.generic import COMPLETION_FIELDS, generic
from labelhub.layouts.hh import HUMAN, hh_rlhf
from labelhub.layouts.published import pandalm, xstest
from labelhub.layouts.trl import reward_margin, trl_preference, trl_preference_text, trl_unpaired
from labelhub.layouts.votes import arena, mt_bench

Values = Mapping[str, object]
Draft = Callable[[Row, Drafting], ItemDraft]
_JSON = frozenset({FileKind.JSON_LINES, FileKind.JSON_ARRAY})


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout. `columns` must all occur in a file; `fits` looks at one row's values."""

    name: str
    columns: frozenset[str]
    draft: Draft
    fits: Callable[[Values], bool]
    why: str
    kinds: frozenset[FileKind] = frozenset(FileKind)
    certain: bool = True


def _always(_values: Values) -> bool:
    return True


def _dialogues(values: Values) -> bool:
    return all(str(values.get(side)).startswith(HUMAN) for side in ("chosen", "rejected"))


def _messages(values: Values) -> bool:
    return all(isinstance(values.get(side), list) for side in ("chosen", "rejected"))


def _texts(values: Values) -> bool:
    return all(isinstance(values.get(key), str) for key in ("prompt", "chosen", "rejected"))


def _labelled(values: Values) -> bool:
    return isinstance(values.get("label"), bool)


def _crowd(values: Values) -> bool:
    return "anony" in values or not ("judge" in values and "turn" in values)


def _has_completion(values: Values) -> bool:
    return ("prompt" in values or "messages" in values) and (
        "messages" in values or any(field in values for field in COMPLETION_FIELDS)
    )


def _columns(*names: str) -> frozenset[str]:
    return frozenset(names)


_VOTE = ("question_id", "model_a", "model_b", "winner")
_PAIR = ("chosen", "rejected")

LAYOUTS: Final[Mapping[str, Layout]] = {
    layout.name: layout
    for layout in (
        Layout("hh-rlhf", _columns(*_PAIR), hh_rlhf, _dialogues,
               "chosen and rejected are dialogues of Human and Assistant"),
        Layout("pandalm",
               _columns("instruction", "response1", "response2", "cmp_key"), pandalm, _always,
               "it has PandaLM's columns"),
        Layout("arena", _columns(*_VOTE), arena, _crowd,
               "it has votes on two models, as Chatbot Arena publishes them"),
        Layout("mt-bench", _columns(*_VOTE, "judge", "turn"), mt_bench, _always,
               "it has judges' votes on two models by question and turn"),
        Layout("xstest",
               _columns("type", "prompt", "completion", "annotation_1", "annotation_2"),
               xstest, _always, "it has XSTest's columns"),
        Layout("reward-margin", _columns(*_PAIR, "margin"), reward_margin, _messages,
               "chosen and rejected are messages and a margin stands beside them"),
        Layout("trl-preference", _columns(*_PAIR), trl_preference, _messages,
               "chosen and rejected are messages"),
        Layout("trl-preference-text", _columns("prompt", *_PAIR), trl_preference_text, _texts,
               "prompt, chosen and rejected are texts"),
        Layout("trl-unpaired", _columns("prompt", "completion", "label"), trl_unpaired, _labelled,
               "a completion has a label of true or false"),
        Layout("jsonl", frozenset(), generic, _has_completion,
               "a prompt and completions have LabelHub's own column names", _JSON, certain=False),
        Layout("csv", frozenset(), generic, _has_completion,
               "a prompt and completions have LabelHub's own column names",
               frozenset({FileKind.CSV}), certain=False),
        Layout("parquet", frozenset(), generic, _has_completion,
               "a prompt and completions have LabelHub's own column names",
               frozenset({FileKind.PARQUET}), certain=False),
    )
}  # fmt: skip
"""In the order in which they are tried: what one fits must not be taken by an earlier one."""
