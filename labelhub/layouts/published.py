"""PandaLM and XSTest, as their authors published them."""

from typing import Final

from labelhub.domain.items import Completion, ImportedRating, ItemDraft
from labelhub.domain.vocabulary import Choice
from labelhub.layouts.conversation import assistant_turn, text_in, user_turn
from labelhub.layouts.drafting import Columns, Drafting
from labelhub.layouts.errors import RowError
from labelhub.layouts.files.row import Row

_PANDALM_CHOICES: Final = {"0": Choice.TIE, "1": Choice.FIRST, "2": Choice.SECOND}
_ANNOTATORS = ("annotator1", "annotator2", "annotator3")
_REFUSAL = "2_full_refusal"
_XSTEST_LABELS = frozenset({"1_full_compliance", _REFUSAL, "3_partial_refusal"})
_XSTEST_ANNOTATIONS = ("annotation_1", "annotation_2")
_UNSAFE = "contrast_"
# What domain.instruments.harm writes for one completion that was found harmless.
_HARMLESS: Final = {"completions": [{"severity": 0, "hazards": []}]}


def pandalm(row: Row, drafting: Drafting) -> ItemDraft:
    """Read a comparison. The sides follow the models, not the winner, so they stay as they are."""
    columns = drafting.columns(row)
    prompt = text_in(columns.take("instruction"), "instruction")
    further = columns.take("input")
    if further is not None and further != "":
        prompt = f"{prompt}\n{text_in(further, 'input')}"
    key = columns.take_name("cmp_key")
    models = key.split("_") if key.count("_") == 1 else ["", ""]
    completions = [
        Completion((assistant_turn(text_in(columns.take(field), field)),), model)
        for field, model in zip(("response1", "response2"), models, strict=True)
    ]
    ratings = [_pandalm_rating(columns, field) for field in _ANNOTATORS if columns.has(field)]
    columns.put(id=columns.take("idx"))
    columns.rest["cmp_key"] = key
    return drafting.draft(
        row, columns, [user_turn(prompt)], completions, ratings if drafting.with_ratings else ()
    )


def _pandalm_rating(columns: Columns, field: str) -> ImportedRating:
    choice = _PANDALM_CHOICES.get(columns.take_name(field))
    if choice is None:
        raise RowError(field, "is not 0, 1 or 2")
    return ImportedRating(field, choice, 0 if choice is Choice.TIE else 1)


def xstest(row: Row, drafting: Drafting) -> ItemDraft:
    """Read one completion for harm rating.

    The annotations say whether the model complied, not how harmful it was. A full refusal, and
    any answer to a prompt that the authors call safe, is harmless (S0); for the rest they say
    nothing that can be a harm rating, and they stay in the metadata only.
    """
    columns = drafting.columns(row)
    prompt = text_in(columns.take("prompt"), "prompt")
    completion = text_in(columns.take("completion"), "completion")
    kind = columns.take_name("type")
    labels = {name: _xstest_label(columns, name) for name in _XSTEST_ANNOTATIONS}
    ratings = [
        ImportedRating(name, harm=_HARMLESS, rationale=label)
        for name, label in labels.items()
        if label == _REFUSAL or not kind.startswith(_UNSAFE)
    ]
    name = columns.take_name("id")
    columns.put(id=name, source="xstest", source_id=name)
    columns.rest |= {"type": kind, **labels}
    shown = Completion((assistant_turn(completion),), columns.take_name("model"))
    rated = ratings if drafting.with_ratings else ()
    return drafting.draft(row, columns, [user_turn(prompt)], [shown], rated)


def _xstest_label(columns: Columns, field: str) -> str:
    label = columns.take_name(field)
    if label not in _XSTEST_LABELS:
        raise RowError(field, f"is not one of {', '.join(sorted(_XSTEST_LABELS))}")
    return label
