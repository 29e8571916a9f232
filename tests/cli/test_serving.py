"""`labelhub serve` answers, keeps to its folder, and ends when told."""

import os
import signal
import subprocess
from pathlib import Path

from tests.cli.serving import MAIN, answer, free_port


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
