"""Files that are hashed while they are written, and folders that appear whole or not at all."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from labelhub.domain.release.manifest import FileEntry

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BUFFER = 1 << 20  # one write a row into 1 MB is the fastest way (export-formats.md, section 10)


class _HashingFile(io.RawIOBase):
    """Passes bytes on to a file and into a hash, a buffer at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self.hash = sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        view = memoryview(data).cast("B")
        written = 0
        while written < len(view):
            written += self._file.write(view[written:]) or 0
        self.hash.update(view)
        self.size += len(view)
        return len(view)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            super().close()

    def sync(self) -> None:
        os.fsync(self._file.fileno())


class HashedFile:
    """A buffered file that knows its size and SHA-256 once it is finished."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._raw = _HashingFile(path)
        self.stream = io.BufferedWriter(self._raw, BUFFER)

    def finish(self) -> tuple[int, str]:
        """Write everything to the disk, close, and return size and SHA-256."""
        self.stream.flush()
        self._raw.sync()
        size, hashed = self._raw.size, self._raw.hash.hexdigest()
        self.stream.close()
        return size, hashed

    def abandon(self) -> None:
        self.stream.close()


def write_whole(root: Path, name: str, content: bytes) -> FileEntry:
    """Write a small file of the release and return its entry."""
    file = HashedFile(root / name)
    file.stream.write(content)
    size, hashed = file.finish()
    return FileEntry(name, 0, size, hashed)


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """Give a temporary folder beside *folder*, and rename it there when all went well.

    Raises:
        FileExistsError: the folder is there and holds something.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} exists and is not an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield temporary
        temporary.chmod(0o755)  # mkdtemp gives 0700
        for path in sorted(temporary.rglob("*")):
            if path.is_dir():
                _sync_folder(path)
        _sync_folder(temporary)
        temporary.replace(folder)
        _sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _sync_folder(path: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and syncs names with the file
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
