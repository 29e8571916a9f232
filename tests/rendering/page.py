"""A strict reader of rendered HTML, independent of how it was made."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from labelhub.rendering import ELEMENTS

VOID = {"br", "hr"}
WORD = re.compile(r"[^\W_]+")


@dataclass
class Page(HTMLParser):
    """Collects text and elements, and refuses whatever inert content cannot have."""

    text: list[str] = field(default_factory=list)
    elements: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert attrs == [], attrs
        self.elements.append(tag)
        self.text.append(" ")
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"ol", "ul"}:
            self.counts.append(0)
        elif tag == "li":
            self.counts[-1] += 1
            if [each for each in self.open if each in {"ol", "ul"}][-1] == "ol":
                self.text.append(f"{self.counts[-1]} ")

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        self.text.append(" ")
        if tag in {"ol", "ul"}:
            self.counts.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def read_page(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def visible(html: str) -> str:
    return "".join(read_page(html).text)


def in_order(words: list[str], text: str) -> bool:
    following = iter(WORD.findall(text))
    return all(word in following for word in words)
