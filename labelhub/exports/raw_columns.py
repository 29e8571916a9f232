"""The columns of raw ratings, prompts and responses (export-formats.md, section 5)."""

from labelhub.domain.release.spec import FileType, ReleaseSpec
from labelhub.exports.columns import Column, Kind, Table

_LABELER = Column("labeler", Kind.STRING, "a pseudonym that no other release shares")
_RATINGS = (
    Column("judgment_id", Kind.STRING, "the rating's name in this release"),
    Column("prompt_id", Kind.STRING, "the prompt's id, made from its text alone"),
    _LABELER,
    Column("project", Kind.STRING, "the project"),
    Column("guideline_version", Kind.STRING, "the guidelines the rating was made under"),
    Column("instrument", Kind.STRING, "what was asked"),
    Column("kind", Kind.STRING, "pair (a comparison) or flag (a harm rating)"),
    Column("response_a", Kind.STRING, "the item's first completion; empty for harm ratings"),
    Column("response_b", Kind.STRING, "the item's second completion; empty for harm ratings"),
    Column("left", Kind.STRING, "the completion shown first; empty where it is not known"),
    Column("choice", Kind.STRING, "a, b, tie, both_good, both_bad or unsure; empty for flags"),
    Column("strength", Kind.SMALL, "1 to 3 for a side, 0 when not asked or for neither"),
    Column("ratings", Kind.SCORES, "ratings on scales; none in this version"),
    Column("ranking", Kind.RANKING, "ranked groups; none in this version"),
    Column("flags", Kind.FLAGS, "harm found; category none and severity 0 mean none was found"),
    Column("spans", Kind.SPANS, "marked passages; none in this version"),
    Column("rationale", Kind.LONG_TEXT, "free text, if the project declared it"),
    Column("rewrite", Kind.STRING, "none in this version"),
    Column("seconds_active", Kind.FLOAT, "time on the item, rounded to 5 seconds"),
    Column("seconds_total", Kind.FLOAT, "time from display to answer, rounded to 5 seconds"),
    Column("is_gold", Kind.BOOLEAN, "an item with a settled rating"),
    Column("is_practice", Kind.BOOLEAN, "a practice item"),
    Column("is_adjudication", Kind.BOOLEAN, "a rating that settles others"),
    Column("used", Kind.BOOLEAN, "whether it entered an aggregate of this release"),
)
_CREATED_AT = Column("created_at", Kind.DAY, "the day of the rating, at midnight UTC")
_CREATED_MS = Column("created_ms", Kind.INTEGER, "the day of the rating, milliseconds since 1970")
_PROMPTS = (
    Column("prompt_id", Kind.STRING, "the prompt's id, made from its text alone"),
    Column("messages", Kind.MESSAGES, "the conversation"),
    Column("source", Kind.STRING, "where the prompt came from"),
    Column("source_id", Kind.STRING, "its id there"),
    Column("language", Kind.STRING, "a BCP 47 tag, empty where not known"),
    Column("tags", Kind.STRINGS, "tags"),
    Column("licence", Kind.STRING, "its licence, where it has its own"),
    Column("split", Kind.STRING, "the split that all rows of the prompt are in"),
)
_RESPONSES = (
    Column("response_id", Kind.STRING, "the item's id and the completion's place in it"),
    Column("prompt_id", Kind.STRING, "the prompt's id"),
    Column("model_id", Kind.STRING, "the model"),
    Column("messages", Kind.MESSAGES, "the completion"),
)

PROMPTS = Table("prompts", "raw/prompts", _PROMPTS, "One row per prompt.")
RESPONSES = Table("responses", "raw/responses", _RESPONSES, "One row per completion of an item.")


def ratings_table(spec: ReleaseSpec) -> Table:
    """Return the table of ratings; without pseudonyms where too few labelers took part (R7)."""
    day = _CREATED_AT if spec.files_as is FileType.PARQUET else _CREATED_MS
    columns = [column for column in _RATINGS if spec.labelers_shown or column is not _LABELER]
    return Table("ratings", "raw/ratings", (*columns, day), "One row per rating.")
