"""`labelhub serve` answers, keeps to its folder, and ends when told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def test_it_serves_from_one_folder_and_ends_when_told(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "LABELHUB_DATA": str(tmp_path / "data"),
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }
    for folder in ("home", "run"):
        (tmp_path / folder).mkdir()
    subprocess.run(  # noqa: S603 our own program
        [*MAIN, "init"], env=environ, check=True, capture_output=True, timeout=60
    )
    port = free_port()

    with subprocess.Popen(  # noqa: S603 our own program
        [*MAIN, "serve", "--port", str(port), "--workers", "2"],
        env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as server:  # fmt: skip
        try:
            status, page = answer(f"http://127.0.0.1:{port}/sign-in", 60)
        finally:
            server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=60)[0]

    assert status == 200
    assert "<h1>Sign in</h1>" in page
    assert server.returncode == 0, said
    assert "Traceback" not in said
    left = [path for folder in ("home", "run") for path in (tmp_path / folder).rglob("*")]
    assert left == []  # no control socket, nothing anywhere but the folder
