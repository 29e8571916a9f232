"""Why a release cannot be written."""


class ReleaseOrderError(ValueError):
    """The items did not come in the order of the release's plan."""


class NothingToReleaseError(ValueError):
    """No row was left to write; the message says why."""
