"""How long a start takes: python benchmarks/startup.py [--runs N] [--program .venv/bin/labelhub].

From pressing Enter to the first page with status 200: the demonstration in an empty folder, the
same folder again, and `serve` on an installation; and `labelhub --help`. Seconds on the clock, and
of the processor in the program and its workers until they have ended.
"""

import argparse
import http.client
import resource
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_PATIENCE_S = 60
_POLL_S = 0.01


class Start(NamedTuple):
    """One start, in seconds."""

    waited: float
    processor: float


def processor_used() -> float:
    """Return the processor time of all processes of ours that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def status_of(port: int) -> int:
    """Return the status of the first page; 0 while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def served(program: Sequence[str], words: Sequence[str]) -> Start:
    """Start a server, wait for its first page, and end it.

    Raises:
        RuntimeError: it ended, or answered with anything but 200.

    """
    port, before, began = free_port(), processor_used(), time.monotonic()
    command = [*program, *words, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 our own program
        while not (status := status_of(port)):
            if server.poll() is not None or time.monotonic() - began > _PATIENCE_S:
                raise RuntimeError(f"{shlex.join(command)} does not serve")
            time.sleep(_POLL_S)
        waited = time.monotonic() - began
        server.send_signal(signal.SIGINT)
    if status != http.client.OK:
        raise RuntimeError(f"{shlex.join(command)} answers {status}")
    return Start(waited, processor_used() - before)


def ran(program: Sequence[str], words: Sequence[str]) -> Start:
    """Run a command to its end."""
    before, began = processor_used(), time.monotonic()
    subprocess.run([*program, *words], stdout=subprocess.DEVNULL, check=True)  # noqa: S603 our own program
    return Start(time.monotonic() - began, processor_used() - before)


def one_round(program: Sequence[str], folder: Path) -> dict[str, Start]:
    """Start everything once, in new folders."""
    demo = ("demo", "--data", str(folder / "demo"), "--no-open")
    installed = ("--data", str(folder / "installed"))
    return {
        "demo, empty folder": served(program, demo),
        "demo, kept folder": served(program, demo),
        "init": ran(program, (*installed, "init")),
        "serve": served(program, (*installed, "serve")),
        "--help": ran(program, ("--help",)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--program", default=str(Path(sys.executable).with_name("labelhub")))
    asked = parser.parse_args()
    rounds = []
    for _ in range(asked.runs):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(one_round(shlex.split(asked.program), Path(folder)))
    print(f"{asked.runs} runs; seconds     waited: min  median    processor: min  median")
    for what in rounds[0]:
        waited = [each[what].waited for each in rounds]
        processor = [each[what].processor for each in rounds]
        print(
            f"{what:<26}{min(waited):12.2f}{statistics.median(waited):8.2f}"
            f"{min(processor):16.2f}{statistics.median(processor):8.2f}"
        )


if __name__ == "__main__":
    main()
