"""What a dataset card says that no row of the release can tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Facts for the card. What is left empty is left out: a card never shows a placeholder.

    No field holds a name, an address or an opt-out. Figures about people must already be
    suppressed below k. Everything that the rows themselves tell (votes per item, ties, drops,
    agreement, position, length, models, harm) is counted while the release is written.
    """

    title: str
    summary: str
    creator: str  # the organisation that publishes the release
    licence: str = "other"  # an id that the Hub knows
    licence_name: str = ""
    licence_url: str = ""
    url: str = ""
    languages: tuple[str, ...] = ()  # BCP 47
    tags: tuple[str, ...] = ()
    annotators: str = "expert-generated"  # or crowdsourced
    purpose: str = ""
    out_of_scope: str = ""
    rationale: str = ""  # why these items
    sources: str = ""
    instrument: str = ""  # the question, in a sentence
    guidelines: str = ""  # Markdown, as the labelers read it
    guidelines_version: str = ""
    overlap: int = 0
    labelers: int = 0
    imported_raters: int = 0
    annotator_notes: str = ""
    conditions: str = ""  # limits kept, vendor standard and version
    pay: str = ""
    content_notice: str = ""
    sensitive: str = ""
    limitations: str = ""
    first_day: str = ""  # ISO dates of the first and last judgment
    last_day: str = ""
    citation: str = ""
    contact: str = ""
    maintenance: str = ""
