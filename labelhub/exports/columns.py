"""The columns of every file a release can hold: their types in Arrow, in the card, in Croissant."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from labelhub.domain.release.spec import Format

TURN = (("role", "string"), ("content", "string"))
SCORE = (
    ("response_id", "string"),
    ("dimension", "string"),
    ("value", "int16"),
    ("scale_min", "int16"),
    ("scale_max", "int16"),
)
FLAG = (
    ("response_id", "string"),
    ("taxonomy", "string"),
    ("category", "string"),
    ("severity", "int8"),
)
SPAN = (
    ("response_id", "string"),
    ("message_index", "int16"),
    ("start", "int32"),
    ("end", "int32"),
    ("unit", "string"),
    ("label", "string"),
    ("text", "string"),
)


class Kind(StrEnum):
    STRING = "string"
    LONG_TEXT = "long_text"  # a string that never repeats: no dictionary is built for it
    INTEGER = "int64"
    SMALL = "int8"
    FLOAT = "float64"
    BOOLEAN = "bool"
    DAY = "timestamp[us, tz=UTC]"
    MESSAGES = "messages"
    STRINGS = "strings"
    RANKING = "ranking"
    SCORES = "scores"
    FLAGS = "flags"
    SPANS = "spans"


STRUCTS = {Kind.MESSAGES: TURN, Kind.SCORES: SCORE, Kind.FLAGS: FLAG, Kind.SPANS: SPAN}
_SCALARS = {
    "string": pa.string(),
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind in a release: a configuration in the card, a folder on disk."""

    name: str
    folder: str
    columns: tuple[Column, ...]
    meaning: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def arrow_type(kind: Kind) -> pa.DataType:
    if kind in STRUCTS:
        fields = [pa.field(name, _SCALARS[scalar]) for name, scalar in STRUCTS[kind]]
        return pa.list_(pa.struct(fields))
    if kind is Kind.LONG_TEXT:
        return pa.string()
    if kind is Kind.DAY:
        return pa.timestamp("us", tz="UTC")
    if kind is Kind.STRINGS:
        return pa.list_(pa.string())
    if kind is Kind.RANKING:
        return pa.list_(pa.list_(pa.string()))
    return _SCALARS[kind.value]


def arrow_schema(table: Table) -> pa.Schema:
    """Return the explicit schema of a table. No column can be null."""
    return pa.schema(
        [pa.field(column.name, arrow_type(column.kind), nullable=False) for column in table.columns]
    )


_PROMPT = Column("prompt", Kind.MESSAGES, "the conversation before the compared turns")
_PAIR_TAIL = (
    Column("pair_id", Kind.STRING, "the item's id; of several pooled items the smallest"),
    Column("prompt_id", Kind.STRING, "the prompt's id, made from its text alone"),
    Column("chosen_response_id", Kind.STRING, "the id of the chosen completion"),
    Column("rejected_response_id", Kind.STRING, "the id of the rejected completion"),
    Column("chosen_model", Kind.STRING, "the model of the chosen text, several joined by |"),
    Column("rejected_model", Kind.STRING, "the model of the rejected text, several joined by |"),
    Column("preference_strength", Kind.FLOAT, "mean signed strength over all votes, above 0 to 3"),
    Column("n_votes", Kind.INTEGER, "votes counted"),
    Column("n_chosen", Kind.INTEGER, "votes for the chosen side"),
    Column("n_rejected", Kind.INTEGER, "votes for the rejected side"),
    Column("n_tie", Kind.INTEGER, "votes for neither side (tie, both good, both bad)"),
    Column("agreement", Kind.FLOAT, "votes for the chosen side divided by all votes"),
)
_PREFERENCE = (
    _PROMPT,
    Column("chosen", Kind.MESSAGES, "the preferred completion"),
    Column("rejected", Kind.MESSAGES, "the other completion"),
    *_PAIR_TAIL,
)
_PREFERENCE_TEXT = (
    Column("prompt", Kind.LONG_TEXT, "the prompt as text, up to where the completion begins"),
    Column("chosen", Kind.LONG_TEXT, "the preferred completion as text"),
    Column("rejected", Kind.LONG_TEXT, "the other completion as text"),
    *_PAIR_TAIL,
)
_MARGIN = (Column("margin", Kind.FLOAT, "preference_strength times the release's margin scale"),)
_UNPAIRED = (
    _PROMPT,
    Column("completion", Kind.MESSAGES, "one completion"),
    Column("label", Kind.BOOLEAN, "true if it was judged good, false if bad"),
    Column("response_id", Kind.STRING, "the completion's id"),
    Column("prompt_id", Kind.STRING, "the prompt's id, made from its text alone"),
    Column("model", Kind.STRING, "the model of the text, several joined by |"),
    Column("n_votes", Kind.INTEGER, "ratings counted on the completion"),
    Column("n_good", Kind.INTEGER, "evidence that it is good"),
    Column("n_bad", Kind.INTEGER, "evidence that it is bad"),
    Column("evidence", Kind.STRING, "absolute, or pair where wins and losses were taken"),
)
_HH = (
    Column("chosen", Kind.LONG_TEXT, "the whole dialogue with the preferred last turn"),
    Column("rejected", Kind.LONG_TEXT, "the whole dialogue with the other last turn"),
)

_TRAINER = {
    Format.TRL_PREFERENCE: _PREFERENCE,
    Format.REWARD_MARGIN: _PREFERENCE + _MARGIN,
    Format.TRL_PREFERENCE_TEXT: _PREFERENCE_TEXT,
    Format.TRL_UNPAIRED: _UNPAIRED,
    Format.HH_RLHF: _HH,
}
_MEANING = {
    Format.TRL_UNPAIRED: "One row per completion with a label of its own.",
}


def trainer_table(release_format: Format) -> Table:
    """Return the table of a trainer format."""
    meaning = _MEANING.get(release_format, "One row per preference pair.")
    return Table("default", "data", _TRAINER[release_format], meaning)
