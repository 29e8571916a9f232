"""Everything that the card, the Croissant description and the manifest are filled from."""

from collections import Counter
from dataclasses import dataclass

from labelhub.domain.release.facts import CardFacts
from labelhub.domain.release.figures import Figures
from labelhub.domain.release.manifest import Counts, FileEntry
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import ReleaseSpec
from labelhub.domain.release.splits import SplitPlan
from labelhub.exports.columns import Table


@dataclass(frozen=True, slots=True)
class Summary:
    spec: ReleaseSpec
    facts: CardFacts
    counts: Counts
    figures: Figures
    tables: tuple[tuple[Table, tuple[FileEntry, ...]], ...]
    scrubbed: Counter[str]
    splits: SplitPlan | None

    @property
    def created_at(self) -> str:
        return self.spec.snapshot_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def citation(self) -> str:
        if self.facts.citation:
            return self.facts.citation
        year = self.spec.snapshot_at.year
        return f"{self.facts.creator} ({year}): {self.facts.title}, version {self.spec.version}"

    @property
    def written(self) -> int:
        return sum(self.counts.written.values())

    def rows(self, files: tuple[FileEntry, ...]) -> dict[Split, list[FileEntry]]:
        """Return the files of each split that has any."""
        of: dict[Split, list[FileEntry]] = {}
        for split in Split:
            found = [entry for entry in files if f"/{split}-" in entry.path]
            if found:
                of[split] = found
        return of
