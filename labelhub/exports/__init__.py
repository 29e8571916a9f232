"""Release folders: trainer formats, raw ratings, card, manifest. Two functions are the door."""

from labelhub.exports.release import NothingToReleaseError, ReleaseOrderError, write_release
from labelhub.exports.verify import verify_release

__all__ = ["NothingToReleaseError", "ReleaseOrderError", "verify_release", "write_release"]
