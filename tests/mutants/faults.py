"""What a fault of the gallery is: how it is put in, and the test that must notice it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One exact replacement in a file; the old text must be there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: what it is, how it is put in, and the test that fails because of it."""

    name: str
    edits: tuple[Edit, ...]
    test: str
    quick: bool = False  # among the few that run at every change


def mutant(
    name: str, file: str, old: str, new: str, test: str, *more: Edit, quick: bool = False
) -> Mutant:
    return Mutant(name, (Edit(file, old, new), *more), test, quick)
