"""Release folders: trainer formats, raw ratings, card, manifest. Two functions are the door.

The door opens when it is used: Arrow takes longer to load than everything else together, and most
processes never write a release.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelhub.domain.release.errors import NothingToReleaseError, ReleaseOrderError

if TYPE_CHECKING:
    from labelhub.domain.release.manifest import Manifest

__all__ = ["NothingToReleaseError", "ReleaseOrderError", "verify_release", "write_release"]


def write_release(*args: Any, **options: Any) -> "Manifest":
    """Write a release: see `exports.release.write_release`, which says all about it."""
    from labelhub.exports.release import write_release as write  # noqa: PLC0415 slow to load

    return write(*args, **options)


def verify_release(folder: Path) -> list[str]:
    """Return what is wrong with the release in *folder*, a line each; none when it is whole."""
    from labelhub.exports.verify import verify_release as verify  # noqa: PLC0415 slow to load

    return verify(folder)
