"""`labelhub demo`: whole or not there at all, served when it is whole, kept when it is to be."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from labelhub import settings
from labelhub.cli import demo
from labelhub.clock import SystemClock
from labelhub.services import demonstration_laying, demonstration_making, installation
from labelhub.services.demonstration_history import BEGAN, PastClock
from labelhub.services.demonstration_making import HalfMadeError, RealInstallationError
from labelhub.store import migrations
from labelhub.store.database import Database
from labelhub.tables import metadata
from tests.cli.serving import MAIN, answer, free_port

_CUT = """
import os, signal, sys
from pathlib import Path
from labelhub.clock import SystemClock
from labelhub.services import {module} as cut
from labelhub.services import demonstration_making
from labelhub.store.database import Database
real, calls = cut.{name}, []
def cut_off(*given, **named):
    calls.append(None)
    if len(calls) == {at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **named)
cut.{name} = cut_off
folder = Path(sys.argv[1])
database = Database(f"sqlite:///{{folder / 'labelhub.db'}}")
demonstration_making.make(database, folder / "uploads", SystemClock())
"""


def ratings(database: Database) -> int:
    with database.reading() as session:
        count = sa.select(sa.func.count()).select_from(metadata.tables["rating"])
        found: int = session.connection().execute(count).scalar_one()
        return found


def opened(folder: Path) -> Database:
    return Database(settings.database_url({}, folder))


@pytest.mark.parametrize(
    ("module", "name", "at"),
    [
        ("demonstration_laying", "lay", 1),  # there are only tables
        ("demonstration_laying", "_import", 2),  # there are people, and items of one project
        ("demonstration_history", "live_through", 1),  # all but the history
        ("demonstration_history", "_answer", 60),  # in the middle of the history
    ],
)
def test_a_start_that_is_killed_leaves_nothing_and_the_next_one_makes_all(
    tmp_path: Path, module: str, name: str, at: int
) -> None:
    script = _CUT.format(module=module, name=name, at=at)
    killed = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, timeout=120, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not (tmp_path / "labelhub.db").exists()
    assert (tmp_path / "labelhub.db.unfinished").exists()

    database = opened(tmp_path)
    demonstration_making.make(database, tmp_path / "uploads", SystemClock())

    assert ratings(database) > 100
    database.dispose()
    assert {path.name for path in tmp_path.iterdir()} == {"labelhub.db", "labelhub.db.writer"}


def test_it_is_made_once(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(made, folder)
    database = opened(folder)
    before = ratings(database)

    demonstration_making.make(database, folder / "uploads", SystemClock())

    assert ratings(database) == before
    database.dispose()


def test_two_starts_at_once_make_it_once(tmp_path: Path) -> None:
    script = _CUT.format(module="demonstration_laying", name="lay", at=0)
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)])  # noqa: S603 our own program
        for _ in range(2)
    ]

    assert [one.wait(timeout=120) for one in both] == [0, 0]

    database = opened(tmp_path)
    with database.reading() as session:
        people = sa.select(sa.func.count()).select_from(metadata.tables["person"])
        assert session.connection().execute(people).scalar_one() == 18
    database.dispose()


def test_one_cut_off_in_place_is_not_taken_for_whole(database: Database, tmp_path: Path) -> None:
    """PostgreSQL, and a file that has tables, are filled where they are."""
    past = PastClock(SystemClock(), BEGAN)
    demonstration_laying.lay(database, past, tmp_path / "uploads")

    with pytest.raises(HalfMadeError):
        demonstration_making.make(database, tmp_path / "uploads", SystemClock())

    assert ratings(database) == 0


def test_an_empty_database_is_filled_where_it_is(database: Database, tmp_path: Path) -> None:
    demonstration_making.make(database, tmp_path / "uploads", SystemClock())

    assert ratings(database) > 100
    assert migrations.check(database) == []


def test_nothing_is_laid_over_a_real_installation(database: Database, tmp_path: Path) -> None:
    database.run(lambda session: installation.make(session, SystemClock()))

    with pytest.raises(RealInstallationError):
        demonstration_making.make(database, tmp_path / "uploads", SystemClock())


def test_it_is_served_whole_and_continues_where_it_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    said = [served(folder) for _ in range(2)]

    assert said[0] == said[1]  # the same people, from the same file
    for role in ("labeler", "researcher", "vendor manager", "auditor", "administrator"):
        assert f"  {role} " in said[0]
    assert f"Kept in {folder}." in said[0]
    database = opened(folder)
    assert ratings(database) > 100
    database.dispose()
    left = {path.name.removeprefix("labelhub.db") for path in folder.glob("labelhub.db*")}
    assert left <= {"", "-wal", "-shm", ".writer"}


def served(folder: Path) -> str:
    """Start, look at the first page, end it; return what it told without the address."""
    port = free_port()
    words = ["demo", "--data", str(folder), "--port", str(port), "--no-open"]
    with subprocess.Popen(  # noqa: S603 our own program
        [*MAIN, *words], env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            status, page = answer(f"http://127.0.0.1:{port}/sign-in", 60)
        finally:
            server.send_signal(signal.SIGINT)
        said = server.communicate(timeout=60)[0]
    assert status == 200
    assert "Northlight Lab" in page
    assert "Traceback" not in said
    return said.replace(str(port), "PORT")


def test_a_real_installation_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "real"
    subprocess.run(  # noqa: S603 our own program
        [*MAIN, "init", "--data", str(folder)], check=True, capture_output=True, timeout=60
    )

    refused = subprocess.run(  # noqa: S603 our own program
        [*MAIN, "demo", "--data", str(folder), "--no-open"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert refused.returncode == 1
    assert "is a real installation; name another folder" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_first_start_that_fails_says_why_in_one_line(tmp_path: Path) -> None:
    """What makes the demonstration is a process of its own; its failure is the command's."""
    folder = tmp_path / "full"
    folder.mkdir(mode=0o700)
    (folder / "labelhub.db.unfinished-wal").mkdir()

    failed = subprocess.run(  # noqa: S603 our own program
        [*MAIN, "demo", "--data", str(folder), "--no-open"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert failed.returncode == 1
    assert "IsADirectoryError" in failed.stderr or "PermissionError" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
    assert not (folder / "labelhub.db").exists()


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = subprocess.run(  # noqa: S603 our own program
            [*MAIN, "demo", "--data", str(tmp_path / "demo"), "--port", str(port), "--no-open"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert refused.returncode == 1
    assert f"port {port} of 127.0.0.1: Address already in use" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not (tmp_path / "demo").exists()


def test_where_the_usual_port_is_taken_a_free_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setattr(demo, "_PORT", taken)

        assert demo._usual_or_free() not in {0, taken}
    assert demo._usual_or_free() == taken


@pytest.mark.parametrize(("screen", "opens"), [("DISPLAY", True), ("TERM", False)])
def test_a_browser_is_opened_on_a_desktop_alone(
    monkeypatch: pytest.MonkeyPatch, screen: str, *, opens: bool
) -> None:
    """Without a screen Python would start a browser that draws in the terminal."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(screen, ":0")
    monkeypatch.setattr(demo, "_OPEN_AFTER_S", 0.0)
    opened = threading.Event()
    monkeypatch.setattr("webbrowser.open", lambda _address: opened.set())

    demo._open_later("http://127.0.0.1:1/")

    assert opened.wait(5 if opens else 0.2) is opens
