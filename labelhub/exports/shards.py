"""The files of one table: a split each, cut into shards, named when their number is known."""

from dataclasses import dataclass
from pathlib import Path

from labelhub.domain.release.manifest import FileEntry
from labelhub.domain.release.rated import Split
from labelhub.domain.release.spec import FileType
from labelhub.exports.columns import Table
from labelhub.exports.writers import Row, RowFile, open_rows


@dataclass(frozen=True, slots=True)
class _Shard:
    path: Path
    rows: int
    size: int
    sha256: str


class SplitFiles:
    """The shards of one split. A shard is opened by its first row, so none is empty."""

    def __init__(
        self, root: Path, table: Table, split: Split, file_type: FileType, shard_rows: int
    ) -> None:
        self._root, self._table, self._split = root, table, split
        self._file_type, self._shard_rows = file_type, shard_rows
        self._open: tuple[Path, RowFile] | None = None
        self._rows = 0
        self._done: list[_Shard] = []

    def write(self, row: Row) -> None:
        if self._open is None:
            path = self._root / self._table.folder / f"{self._split}-{len(self._done):05d}.part"
            self._open = path, open_rows(self._file_type, path, self._table)
        self._open[1].write(row)
        self._rows += 1
        if self._rows == self._shard_rows:
            self._finish_shard()

    def _finish_shard(self) -> None:
        if self._open is not None:
            path, file = self._open
            size, hashed = file.finish()
            self._done.append(_Shard(path, self._rows, size, hashed))
            self._open, self._rows = None, 0

    def finish(self) -> list[FileEntry]:
        """Close the last shard, give every shard its name, and return their entries."""
        self._finish_shard()
        entries = []
        for number, shard in enumerate(self._done):
            name = f"{self._split}-{number:05d}-of-{len(self._done):05d}.{self._file_type}"
            shard.path.rename(shard.path.with_name(name))
            path = f"{self._table.folder}/{name}"
            entries.append(FileEntry(path, shard.rows, shard.size, shard.sha256))
        return entries

    def abandon(self) -> None:
        if self._open is not None:
            self._open[1].abandon()


class TableFiles:
    """The splits of one table."""

    def __init__(self, root: Path, table: Table, file_type: FileType, shard_rows: int) -> None:
        self.table = table
        self._splits = {
            split: SplitFiles(root, table, split, file_type, shard_rows) for split in Split
        }

    def write(self, split: Split, row: Row) -> None:
        self._splits[split].write(row)

    def finish(self) -> list[FileEntry]:
        return [entry for files in self._splits.values() for entry in files.finish()]

    def abandon(self) -> None:
        for files in self._splits.values():
            files.abandon()
