"""Reads files of every supported layout into items, and says exactly what it could not read."""

from labelhub.layouts.catalogue import LAYOUTS
from labelhub.layouts.detection import Detection
from labelhub.layouts.errors import UnreadableFileError
from labelhub.layouts.generic import FIELDS
from labelhub.layouts.options import Limits, ReadOptions
from labelhub.layouts.reading import detect, read

__all__ = [
    "FIELDS",
    "LAYOUTS",
    "Detection",
    "Limits",
    "ReadOptions",
    "UnreadableFileError",
    "detect",
    "read",
]
