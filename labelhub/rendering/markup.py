"""Markdown to HTML in which every word of the source can be seen."""

# ruff: noqa: ARG002 — the library calls each rule with four arguments

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

DEEPEST = 24
"""Emphasis inside emphasis: more than people write, less than a sanitiser takes long over."""

_Env = MutableMapping[str, Any]


class TooDeepError(Exception):
    """The document is nested deeper than it is worth to show as Markdown."""


class _Markdown(MarkdownIt):
    """CommonMark that leaves addresses as they were written: they are shown, not followed."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 the library's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 the library's name
        return link


class _Renderer(RendererHTML):
    """HTML without links and images; what they point to stands beside them as text."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env) -> str:
        address = "" if tokens[idx].markup == "autolink" else _target(tokens[idx], "href")
        env.setdefault("addresses", []).append(address)
        return ""

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env) -> str:
        address = env["addresses"].pop()
        return f" [→ {address}]" if address else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env) -> str:
        token = tokens[idx]
        return f"[image: {escape(token.content, quote=False)} → {_target(token, 'src')}]"

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env
    ) -> str:
        opened: str = self.renderToken(tokens, idx, options, env)
        return opened + str(tokens[idx].meta.get("number", ""))

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: _Env) -> str:
        """Show the words after the fence too: they are part of what the model wrote."""
        token = tokens[idx]
        info = escape(token.info.strip(), quote=False)
        label = f"<em>{info}</em>\n" if info else ""
        return f"<pre>{label}<code>{escape(token.content, quote=False)}</code></pre>\n"


def _target(token: Token, attribute: str) -> str:
    address, title = str(token.attrs.get(attribute, "")), str(token.attrs.get("title", ""))
    return escape(f'{address} "{title}"' if title else address, quote=False)


def _configured() -> MarkdownIt:
    """Switch off what would hide words: definitions vanish, entities become other letters."""
    markdown = _Markdown(
        "commonmark",
        {"html": False, "linkify": False, "typographer": False, "breaks": True},
        renderer_cls=_Renderer,
    )
    return markdown.enable(["table", "strikethrough"]).disable(["reference", "entity"])


_MARKDOWN = _configured()


def markdown_html(text: str) -> str:
    """Return HTML for a text, not yet cleaned.

    Raises:
        TooDeepError: emphasis is nested too deeply.
    """
    tokens = _MARKDOWN.parse(text)
    _check_depth(tokens)
    _keep_numbers(tokens)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html


def _check_depth(tokens: Sequence[Token]) -> None:
    for token in tokens:
        depth = 0
        for child in token.children or ():
            depth += child.nesting
            if depth > DEEPEST:
                raise TooDeepError


def _keep_numbers(tokens: Sequence[Token]) -> None:
    """Let lists that do not count from 1 show their own numbers.

    Nothing in the HTML may have attributes, `start` and `value` neither, so a browser would
    count such a list from 1 and show numbers that the model did not write.
    """
    lists: list[tuple[Token, list[Token]]] = []
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            lists.append((token, []))
        elif token.type == "list_item_open":
            lists[-1][1].append(token)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            opened, items = lists.pop()
            numbers = [item.info for item in items]
            if opened.type == "ordered_list_open" and numbers != _counted(len(items)):
                opened.tag = token.tag = "ul"
                for item in items:
                    item.meta["number"] = f"{item.info}{item.markup} "


def _counted(length: int) -> list[str]:
    return [str(number) for number in range(1, length + 1)]
