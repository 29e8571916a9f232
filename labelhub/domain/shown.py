"""The text of an item as a page shows it: values only; reading them is `store.content`'s."""

from dataclasses import dataclass

from labelhub.domain.vocabulary import SpeakerRole


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One message: cleaned HTML made at import, and the plain text it was made from."""

    role: SpeakerRole
    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text of an item, completions in the order of display."""

    prompt: tuple[ShownTurn, ...]
    completions: tuple[tuple[ShownTurn, ...], ...]
    renderer: str
    sha256: str
    hidden_characters: int
