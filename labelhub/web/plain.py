"""Pages that need nothing: no template, no database, no address. For when all else failed."""

from labelhub.web.support import everywhere

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} · LabelHub</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>{words}</main></body></html>
"""
_WORDS = {
    "400": ("Not understood", "<p>This request could not be read. Nothing was changed.</p>"),
    "500": (
        "Something failed here",
        (
            "<p>The fault is ours. Nothing more is shown until it is clear; what was saved "
            "stays saved.</p>"
        ),
    ),
}


def page(name: str) -> bytes:
    title, words = _WORDS[name]
    contacts = "".join(
        f"<li>{contact['name']}: {contact['reach']}</li>" for contact in everywhere()
    )
    help_lines = f"<p>If you would like to talk to someone:</p><ul>{contacts}</ul>"
    text = _FRAME.format(title=title, words=words + (help_lines if name == "500" else ""))
    return text.encode()


def headers(body: bytes) -> list[tuple[str, str]]:
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
