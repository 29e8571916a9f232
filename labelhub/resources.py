"""Finds templates, migrations and seed data in an installed wheel or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """Return directory *name* from the installed wheel, or else from the checkout.

    Raises:
        FileNotFoundError: the installation is incomplete.

    """
    for root in (_PACKAGE / "_bundled", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"LabelHub resource directory {name!r} is missing")
