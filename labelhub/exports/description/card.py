"""README.md of a release: the block that the Hub and `datasets` read, then the prose."""

import re

import orjson

from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.spec import Format
from labelhub.exports.columns import STRUCTS, Column, Kind, Table
from labelhub.exports.description.card_prose import prose
from labelhub.exports.description.summary import Summary

_TAGS = {
    Format.TRL_UNPAIRED: ("kto", "unpaired-preference"),
    Format.REWARD_MARGIN: ("reward-model",),
    Format.RAW: ("disaggregated",),
}
_BRACKETS = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
)
# Characters that YAML does not allow in plain sight, though JSON does.
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def size_category(rows: int) -> str:
    """Return the Hub's bracket for a number of rows."""
    return next((name for upper, name in _BRACKETS if rows < upper), "100M<n<1B")


def quoted(text: str) -> str:
    """Return the text as a double-quoted YAML string."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", orjson.dumps(text).decode())


def card(summary: Summary) -> str:
    """Return the whole card. It holds no placeholder: what is not known is not mentioned."""
    return "\n".join(["---", *_header(summary), "---", "", *prose(summary), ""])


def _header(summary: Summary) -> list[str]:
    facts, tables = summary.facts, summary.tables
    tags = ["preference", "human-feedback", "rlhf", "labelhub"]
    tags += [*_TAGS.get(summary.spec.format, ("dpo",)), *facts.tags]
    lines = _licence(facts)
    if facts.languages:
        lines += [f"language: [{', '.join(quoted(tag) for tag in _languages(facts))}]"]
    lines += [
        f"pretty_name: {quoted(facts.title)}",
        f"size_categories: [{size_category(summary.written)}]",
        "task_categories: [text-generation]",
        f"tags: [{', '.join(quoted(tag) for tag in dict.fromkeys(tags))}]",
        f"annotations_creators: [{facts.annotators}]",
        "configs:",
    ]
    for place, (table, files) in enumerate(tables):
        lines += _config(summary, table, files, default=place == 0)
    lines.append("dataset_info:")
    for table, files in tables:
        lines += _info(summary, table, files)
    return lines


def _languages(facts: CardFacts) -> list[str]:
    """Return the languages without their regions: the Hub knows no others."""
    return list(dict.fromkeys(tag.split("-")[0].lower() for tag in facts.languages))


def _licence(facts: CardFacts) -> list[str]:
    if facts.licence != "other":
        return [f"license: {facts.licence}"]
    if not facts.licence_name:
        return ["license: unknown"]
    named = ["license: other", f"license_name: {quoted(facts.licence_name)}"]
    return [*named, *([f"license_link: {quoted(facts.licence_url)}"] if facts.licence_url else [])]


def _config(
    summary: Summary, table: Table, files: tuple[FileEntry, ...], *, default: bool
) -> list[str]:
    lines = [f"- config_name: {table.name}"]
    if default:
        lines.append("  default: true")
    lines.append("  data_files:")
    for split in summary.rows(files):
        lines += [f"  - split: {split}", f"    path: {table.folder}/{split}-*"]
    return lines


def _info(summary: Summary, table: Table, files: tuple[FileEntry, ...]) -> list[str]:
    lines = [f"- config_name: {table.name}", "  features:"]
    for column in table.columns:
        lines += [f"  - name: {column.name}", *_feature(column)]
    lines.append("  splits:")
    for split, entries in summary.rows(files).items():
        lines += [
            f"  - name: {split}",
            f"    num_bytes: {sum(entry.size for entry in entries)}",
            f"    num_examples: {sum(entry.rows for entry in entries)}",
        ]
    return lines


def _feature(column: Column) -> list[str]:
    if column.kind in STRUCTS:
        parts = [
            line
            for name, scalar in STRUCTS[column.kind]
            for line in (f"    - name: {name}", f"      dtype: {scalar}")
        ]
        return ["    list:", *parts]
    if column.kind is Kind.STRINGS:
        return ["    list: string"]
    if column.kind is Kind.RANKING:
        return ["    list:", "      list: string"]
    if column.kind is Kind.LONG_TEXT:
        return ["    dtype: string"]
    return [f"    dtype: {column.kind.value}"]
