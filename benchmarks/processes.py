"""Server processes under test: started, waited for, their processor time read, and ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_S = 60


class Served:
    """A server on a free port of this machine."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 our own programs
                [*command, "--port", str(self.port)],
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def cpu_seconds(self) -> float:
        """Return the processor time of the server and its workers since they began."""
        return sum(_cpu(pid) for pid in _family(self._process.pid))

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def _wait(self) -> None:
        ends = time.monotonic() + _PATIENCE_S
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self._process.kill()
        raise RuntimeError(f"the server did not start: {self._log.read_text()[-3000:]}")


def labelhub(data: Path, url: str, workers: int, log: Path) -> Served:
    command = [str(Path(sys.executable).with_name("labelhub")), "serve", "--data", str(data)]
    chosen = ["--workers", str(workers)] if workers else []
    return Served([*command, *chosen], {"LABELHUB_DATABASE_URL": url}, log)


def reference(url: str, workers: int, log: Path, *, driver: bool) -> Served:
    script = Path(__file__).with_name("reference.py")
    command = [sys.executable, str(script), "--database", url, "--workers", str(workers)]
    return Served([*command, *(["--driver"] if driver else [])], {}, log)


def database_cpu(url: str) -> float:
    """Return the processor time of PostgreSQL's backends for this database; 0 on SQLite."""
    if url.startswith("sqlite"):
        return 0.0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchall()
    return sum(_cpu(pid) for (pid,) in rows)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _cpu(pid: int) -> float:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _family(pid: int) -> Iterable[int]:
    yield pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        for child in children.read_text().split():
            yield from _family(int(child))
    except FileNotFoundError:
        return
