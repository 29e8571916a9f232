"""A text made ready to be shown: HTML that is safe by construction, and what was found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["markdown", "plain"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The outcome of rendering one text.

    `html` holds only listed elements without attributes. `renderer` names the version that made
    it, so that what a labeler saw can be made again (safety-case.md, D-5). `fell_back` says that
    Markdown was asked for and plain text given, because Markdown would have hidden something or
    cost too much. `hidden` counts characters that were shown as marks, by kind. `words` counts
    the words of the source.
    """

    html: str
    renderer: str
    fell_back: bool = False
    hidden: Mapping[str, int] = field(default_factory=dict)
    words: int = 0
