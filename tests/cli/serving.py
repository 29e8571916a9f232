"""Starting our own program and asking it over HTTP."""

import socket
import sys
import time
import urllib.request

MAIN = [sys.executable, "-c", "from labelhub.cli import main; main()"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answer(address: str, seconds: float) -> tuple[int, str]:
    """Ask until the server answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 our own
                return response.status, response.read().decode()
        except OSError:  # not listening yet, or its worker is still loading
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
