"""Shows untrusted text safely (safety-case.md, R9): Markdown or plain text to inert HTML."""

from labelhub.rendering.rendered import Rendered, Style
from labelhub.rendering.rendering import ELEMENTS, MARKDOWN_RENDERER, PLAIN_RENDERER, render

__all__ = ["ELEMENTS", "MARKDOWN_RENDERER", "PLAIN_RENDERER", "Rendered", "Style", "render"]
