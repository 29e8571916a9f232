"""The prose of a dataset card, section by section after the Hub's template."""

from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import Format, Neither
from labelhub.exports.description.card_figures import (
    bias,
    harm,
    key_facts,
    model_table,
    people_shown,
)
from labelhub.exports.description.summary import Summary

_REASONS = {
    "not_a_comparison": "not two completions",
    "empty_response": "a completion says nothing",
    "identical": "both completions say the same",
    "gold_or_practice": "only gold or practice ratings",
    "too_few_votes": "too few votes",
    "both_bad": "a majority found both bad",
    "tie": "a majority saw no difference",
    "no_majority": "no strict majority",
    "low_agreement": "agreement below the minimum, or strengths that point the other way",
    "no_evidence": "nothing was said of the completion alone",
    "not_sayable": "the format cannot carry these turns",
}
_NEITHER = {
    Neither.DROP: "counts among the votes; a pair with a majority of them is dropped",
    Neither.ABSTAIN: "is not counted; the other votes decide",
    Neither.BAD: "is evidence that both completions are bad",
    Neither.NOTHING: "says nothing about a completion alone",
    Neither.KEEP: "is written as it is",
}
_SPLIT_RULE = (
    "Prompts that share a first user message, a source conversation or their whole normalised "
    "text form a group, and a group is in one split only. A group's place is decided by a hash "
    "of the seed and its key, so it stays the same in later releases."
)
_PEOPLE = (
    "No name, address, account or e-mail of a person is in any file. Ratings carry no times "
    "but the day, and working times rounded to five seconds."
)


def prose(summary: Summary) -> list[str]:
    """Return the lines of the card's body."""
    facts = summary.facts
    lines = [f"# {facts.title}", "", facts.summary, "", *key_facts(summary)]
    for title, parts in (
        ("Uses", _uses(summary)),
        ("Structure", _structure(summary)),
        ("Creation", _creation(summary)),
        ("Bias, risks and limitations", _limitations(summary)),
        ("Conditions of work", [part for part in (facts.conditions, facts.pay) if part]),
        ("Versions", _versions(summary)),
        ("Citation", [summary.citation]),
        ("Contact", [facts.contact] if facts.contact else []),
    ):
        if parts:
            lines += ["", f"## {title}"]
            for part in parts:
                lines += ["", part]
    return lines


def _uses(summary: Summary) -> list[str]:
    facts = summary.facts
    parts = [facts.purpose] if facts.purpose else []
    if facts.out_of_scope:
        parts.append(f"Out of scope: {facts.out_of_scope}")
    return parts


def _structure(summary: Summary) -> list[str]:
    parts = []
    for table, files in summary.tables:
        sizes = ", ".join(
            f"{split} {sum(entry.rows for entry in entries):,}"
            for split, entries in summary.rows(files).items()
        )
        fields = [f"- `{column.name}`: {column.meaning}" for column in table.columns]
        title = f"### `{table.name}`"
        parts += [title, f"{table.meaning} Rows: {sizes}.", "\n".join(fields)]
    parts.append(f"### Splits\n\n{_SPLIT_RULE}{_groups(summary)}")
    return parts


def _groups(summary: Summary) -> str:
    if summary.splits is None:
        return ""
    found = summary.splits.groups
    text = ", ".join(f"{split} {found[split]:,}" for split in Split if split in found)
    merged = len(summary.splits.merged)
    joined = f" New data joined {merged} groups of different splits; they are in train now."
    return f" Groups: {text}.{joined if merged else ''}"


def _creation(summary: Summary) -> list[str]:
    facts = summary.facts
    parts = []
    for title, text in (("Rationale", facts.rationale), ("Source data", facts.sources)):
        if text:
            parts += [f"### {title}", text]
    parts += ["### Annotation process", *_process(summary)]
    notes = [facts.annotator_notes] if facts.annotator_notes else []
    people = (
        [f"{people_shown(facts.labelers)} labelers rated these items."] if facts.labelers else []
    )
    if facts.imported_raters:
        people.append(f"{facts.imported_raters:,} raters came with imported data.")
    if people or notes:
        parts += ["### Who the annotators are", " ".join(people + notes)]
    parts += ["### Personal and sensitive information", _personal(summary)]
    return parts


def _process(summary: Summary) -> list[str]:
    facts, spec = summary.facts, summary.spec
    parts = [facts.instrument] if facts.instrument else []
    if facts.overlap:
        parts.append(f"Each item was offered to {facts.overlap} labelers.")
    parts.append(_aggregation(summary))
    dropped = summary.counts.dropped
    if dropped:
        rows = [f"| {_REASONS[reason]} | {times:,} |" for reason, times in dropped.items()]
        parts.append("\n".join([f"| {summary.counts.unit} not written | |", "|---|---|", *rows]))
    if facts.guidelines:
        version = f" (version {facts.guidelines_version})" if facts.guidelines_version else ""
        quote = "\n".join(f"> {line}".rstrip() for line in facts.guidelines.splitlines())
        parts.append(f"The guidelines{version}, as the labelers read them:\n\n{quote}")
    if spec.raw and spec.rationales:
        finds = ", ".join(f"{kind} {n}" for kind, n in sorted(summary.scrubbed.items()))
        parts.append(f"Free text was searched for addresses and numbers; removed: {finds or '0'}.")
    return parts


def _aggregation(summary: Summary) -> str:
    spec, rules = summary.spec, summary.spec.rules
    if spec.format is Format.RAW:
        return "Nothing was aggregated: every rating is a row, and disagreement is data."
    votes = f"at least {rules.min_votes} vote{'s' if rules.min_votes > 1 else ''}"
    text = (
        f"Ratings on the same texts were pooled. A row needs {votes}, a strict majority, and an "
        f"agreement of at least {rules.min_agreement:g}. A tie {_NEITHER[spec.ties]}. A vote that "
        f"both are bad {_NEITHER[spec.both_bad]}."
    )
    if spec.format is Format.TRL_UNPAIRED:
        if rules.harm_threshold is not None:
            text += f" Harm of severity {rules.harm_threshold} or more is evidence of a bad one,"
            text += " less of a good one."
        if rules.unpaired_from_pairs:
            text += " Where a completion has no label of its own, its wins and losses were taken."
    return text


def _personal(summary: Summary) -> str:
    facts, parts = summary.facts, [_PEOPLE]
    if summary.spec.raw and summary.spec.labelers_shown:
        parts.append("Raters are pseudonyms made for this release alone.")
    elif summary.spec.raw:
        parts.append("Too few people rated for pseudonyms to protect them, so there are none.")
    parts += [text for text in (facts.sensitive, facts.content_notice) if text]
    return " ".join(parts)


def _limitations(summary: Summary) -> list[str]:
    facts = summary.facts
    parts = [*bias(summary), *harm(summary), *model_table(summary)]
    return [*([facts.limitations] if facts.limitations else []), *parts]


def _versions(summary: Summary) -> list[str]:
    spec, facts = summary.spec, summary.facts
    made = f"Version {spec.version}, from the state of {summary.created_at}."
    same = "The release `" + spec.release + "` never changes; manifest.json has every hash."
    return [" ".join(part for part in (made, same, facts.maintenance) if part)]
