"""The wheel alone, installed elsewhere, makes an installation and renders a page."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SCRIPT = """
import sys
from pathlib import Path
import labelhub
from labelhub import settings
from labelhub.app import create_app
from labelhub.resources import resource_dir

assert "site-packages" in labelhub.__file__, labelhub.__file__
assert "_bundled" in str(resource_dir("templates"))
app = create_app(settings.load())
page = app.test_client().get("/sign-in")
assert page.status_code == 200, page.status
assert "<h1>Sign in</h1>" in page.text
style = app.test_client().get("/static/labelhub.css")
assert style.status_code == 200
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603 our own build
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=180,
    )
    found: Path = next(folder.glob("labelhub-*.whl"))
    return found


def test_the_wheel_holds_what_it_needs_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for needed in (
        "labelhub/_bundled/templates/base.html",
        "labelhub/_bundled/migrations/env.py",
        "labelhub/_bundled/seed/support/contacts.json",
        "labelhub/static/labelhub.css",
    ):
        assert needed in names
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]
    assert not [name for name in names if "__pycache__" in name]


def test_an_installed_wheel_works_anywhere(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies are borrowed from this environment: no network is needed."""
    place = tmp_path / "env"
    venv.EnvBuilder(with_pip=False, symlinks=True).create(place)
    packages = next((place / "lib").glob("python*")) / "site-packages"
    zipfile.ZipFile(wheel).extractall(packages)
    borrowed = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (packages / "borrowed.pth").write_text(f"{borrowed}\n")
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "LABELHUB_DATA": str(tmp_path / "data"),
    }  # fmt: skip

    def python(*words: str) -> None:
        done = subprocess.run(  # noqa: S603 our own program
            [str(place / "bin" / "python"), "-I", *words],
            cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    python("-c", "from labelhub.cli import main; main()", "init")
    python("-c", "from labelhub.cli import main; main()", "db", "check")
    python("-c", _SCRIPT)
