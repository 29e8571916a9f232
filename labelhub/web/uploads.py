"""Uploaded files: kept under generated names, bounded in size, never served back (S-10)."""

import hashlib
import os
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from flask import abort
from werkzeug.datastructures import FileStorage

from labelhub.domain.imports import SourceFile
from labelhub.settings import make_folder
from labelhub.web.context import running

LARGEST = 200 * 1000 * 1000
"""Bytes of an upload; a larger file comes in by the command line, which reads it where it is."""
LARGEST_WORDS = "200 MB"
_PIECE = 1024 * 1024
_LONGEST_NAME = 200


def folder() -> Path:
    return running().settings.data / "uploads"


def keep(upload: FileStorage) -> SourceFile:
    """Write an upload to the data folder and return what it is; its own name is only a label."""
    make_folder(folder())
    stored_as = uuid4().hex
    digest, size = hashlib.sha256(), 0
    handle = os.open(folder() / stored_as, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            while piece := upload.stream.read(_PIECE):
                size += len(piece)
                if size > LARGEST:
                    abort(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                digest.update(piece)
                file.write(piece)
    except BaseException:
        (folder() / stored_as).unlink(missing_ok=True)
        raise
    return SourceFile(_label(upload.filename or ""), stored_as, digest.hexdigest(), size)


def _label(name: str) -> str:
    """Return a name to show: the last part of what the browser said, printable and short."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable())
    return plain[-_LONGEST_NAME:] or "file"
