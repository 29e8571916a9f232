"""The card's figures: the box at the top, agreement, position and length, harm, models."""

from labelhub.domain.release.figures import median
from labelhub.domain.release.spec import LABELERS_SHOWN_FROM
from labelhub.exports.description.summary import Summary

MODELS_SHOWN = 50


def people_shown(number: int) -> str:
    """Return a number of people, without the exact one where it is small (decisions.md, k)."""
    if number < LABELERS_SHOWN_FROM:
        return f"fewer than {LABELERS_SHOWN_FROM}"
    return f"{number:,}"


def key_facts(summary: Summary) -> list[str]:
    """Return the box that tells on one screen what this is."""
    counts, figures, facts = summary.counts, summary.figures, summary.facts
    rows = [
        ("Rows", f"{summary.written:,} ({_shares(summary)})"),
        ("Made from", f"{counts.units:,} {counts.unit}, {counts.judgments:,} ratings"),
    ]
    if facts.labelers:
        rows.append(("Labelers", people_shown(facts.labelers)))
    votes = figures.votes_per_item
    if votes:
        spread = f"{min(votes)}, {median(votes):g}, {max(votes)}"
        rows.append(("Ratings per item (least, median, most)", spread))
    if figures.votes:
        rows.append(("Ties", f"{figures.ties / figures.votes:.1%} of votes"))
        rows.append(("Both bad", f"{figures.both_bad / figures.votes:.1%} of votes"))
    agreement = figures.agreement()
    if agreement is not None:
        interval = f"95 % interval {agreement.low:.2f} to {agreement.high:.2f}"
        rows.append(("Agreement (Krippendorff's α)", f"{agreement.value:.2f}, {interval}"))
    if facts.content_notice:
        rows.append(("Content", facts.content_notice))
    return ["| | |", "|---|---|", *[f"| {name} | {_cell(value)} |" for name, value in rows]]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _shares(summary: Summary) -> str:
    return ", ".join(f"{split} {rows:,}" for split, rows in summary.counts.written.items())


def bias(summary: Summary) -> list[str]:
    """Return what is known of position, length and time."""
    figures, parts = summary.figures, []
    sided = figures.sided
    if sided:
        parts.append(
            f"Position: where the display is on record, the left side was preferred in "
            f"{figures.left / sided:.1%} of {sided:,} votes for a side."
        )
    longer, total = figures.longer[1], figures.longer.total()
    if total:
        parts.append(f"Length: the longer completion was chosen in {longer / total:.1%} of pairs.")
    if figures.near_duplicates:
        parts.append(
            f"Near-duplicates: in {figures.near_duplicates:,} pairs the two texts differ only in "
            "white space, case or the form of characters."
        )
    if figures.seconds:
        parts.append(f"Time: half of the ratings took {figures.median_seconds():g} s or less.")
    return parts


def harm(summary: Summary) -> list[str]:
    """Return how often each category and severity was given."""
    found = summary.figures.harm
    if not found:
        return []
    rows = [
        f"| {_cell(category)} | S{severity} | {times:,} |"
        for (category, severity), times in sorted(found.items())
    ]
    return ["\n".join(["| harm category | severity | times given |", "|---|---|---|", *rows])]


def model_table(summary: Summary) -> list[str]:
    """Return how often each model's text was chosen in written pairs."""
    models = list(summary.figures.models().items())[:MODELS_SHOWN]
    if not models:
        return []
    rows = [
        f"| {_cell(name)} | {record.chosen:,} | {record.rejected:,} | "
        f"{record.chosen / (record.chosen + record.rejected):.1%} |"
        for name, record in models
    ]
    return ["\n".join(["| model | chosen | rejected | share |", "|---|---|---|---|", *rows])]
