"""Style sheets, scripts and pictures: listed at start, compressed once, kept long by browsers."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, request

from labelhub.web.access import PUBLIC, audience
from labelhub.web.context import running

FOLDER = Path(__file__).resolve().parent.parent / "static"
_KINDS = frozenset({".css", ".js", ".svg", ".txt", ".woff2", ".png"})
_LONG = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=0, must-revalidate"
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    compressed: bytes
    kind: str
    tag: str


def install(app: Flask) -> None:
    """Serve the listed files under the endpoint name that templates use."""
    app.add_url_rule("/static/<path:filename>", "static", serve)


@audience(PUBLIC)
def serve(filename: str) -> Response:
    """Send one listed file. A path is looked up, never opened: nothing else can be reached."""
    listed = _listed()
    if filename not in listed:
        abort(HTTPStatus.NOT_FOUND)
    asset = _read(filename, listed[filename].stat().st_mtime_ns)
    small = bool(asset.compressed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.compressed if small else asset.content, mimetype=asset.kind)
    if small:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(asset.tag + ("-gz" if small else ""))
    named = filename.startswith("vendor/")  # the version is in the file's name
    fresh = named or request.args.get("v") == running().asset_version
    response.headers["Cache-Control"] = _LONG if fresh else _SHORT
    response.make_conditional(request)
    return response


def version() -> str:
    """Return a short name of the present contents of all files; it changes when one does."""
    digest = hashlib.sha256()
    for name, path in sorted(_listed().items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _listed() -> dict[str, Path]:
    return _list(FOLDER.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _list(_changed: int) -> dict[str, Path]:
    return {
        path.relative_to(FOLDER).as_posix(): path
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix in _KINDS
    }


@lru_cache(maxsize=256)
def _read(filename: str, _changed: int) -> Asset:
    content = (FOLDER / filename).read_bytes()
    compressed = gzip.compress(content, _LEVEL, mtime=0)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    if kind == "application/javascript":  # what older Python says
        kind = "text/javascript"
    smaller = compressed if len(compressed) < len(content) else b""
    return Asset(content, smaller, kind, hashlib.sha256(content).hexdigest()[:16])
