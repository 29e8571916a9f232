"""Intake: a file becomes items in short transactions, so that nobody waits for an import.

Stages: staging (rows are read, checked and stored), rendering, publishing. Each can be repeated
after a crash; until the last one nothing of the file can be served or released.
"""

from labelhub.services.intake.looking import GENERIC_LAYOUTS, Look, SampleRow, look
from labelhub.services.intake.progress import Progress, Reports
from labelhub.services.intake.running import (
    BusyImportError,
    carry_on,
    finish,
    forget_upload,
    run_file,
)

__all__ = [
    "GENERIC_LAYOUTS",
    "BusyImportError",
    "Look",
    "Progress",
    "Reports",
    "SampleRow",
    "carry_on",
    "finish",
    "forget_upload",
    "look",
    "run_file",
]
