"""`labelhub demo`: a populated installation, served; nothing to set up."""

import os
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path

import click

from labelhub import settings
from labelhub.cli.loading import loading
from labelhub.cli.meanwhile import meanwhile
from labelhub.cli.place import Place, opened, pass_place
from labelhub.cli.ports import listenable
from labelhub.settings import Settings

# What serves and what makes take a second to load; whoever asks for help has no use for them.
# ruff: noqa: PLC0415

_HOST = "127.0.0.1"  # the switcher signs anybody in as anybody: never beyond this machine
_PORT = 8000
_OPEN_AFTER_S = 1.0


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demonstration in this folder; starting again continues it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="Where to listen; 0 takes a free port.  [default: 8000, or a free one if it is taken]",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@pass_place
def demo(place: Place, data: Path | None, port: int | None, *, no_open: bool) -> None:
    """Serve a populated installation with sample accounts for each role."""
    place.given = data or place.given
    port = _usual_or_free() if port is None else listenable(_HOST, port)
    if place.given is None and settings.DATA not in os.environ:
        with tempfile.TemporaryDirectory(prefix="labelhub-demo-") as folder:
            place.given = Path(folder)
            _serve(place, port, no_open=no_open, kept=False)
    else:
        _serve(place, port, no_open=no_open, kept=True)


def _serve(place: Place, port: int, *, no_open: bool, kept: bool) -> None:
    settings.make_folder(place.data)
    settings.make_key(settings.key_file(os.environ, place.data))
    loaded = place.settings()
    accounts = _made(place, loaded)
    with loading():
        from labelhub.cli import server
    _tell(accounts, port, place.data if kept else None)
    if not no_open:
        _open_later(f"http://{_HOST}:{port}/")
    server.run(loaded, _HOST, port, 1)


def _made(place: Place, loaded: Settings) -> list[dict[str, str]]:
    """Make the demonstration unless it is there, and return its accounts."""
    with loading():
        from labelhub.services import demonstration
        from labelhub.store.unfinished import new_file
    with opened(loaded.database_url) as database:
        if new_file(database) is not None:
            with meanwhile(lambda: _make(place, loaded)), loading():
                from labelhub.cli import server

                server.load()
        else:
            _make(place, loaded)
        with database.reading() as session:
            return demonstration.accounts(session)


def _make(place: Place, loaded: Settings) -> None:
    with loading():
        from labelhub.services import demonstration_making as making
    try:
        with opened(loaded.database_url) as database:
            making.make(database, loaded.data / "uploads", place.clock)
    except making.RealInstallationError as error:
        raise click.ClickException(
            f"{place.data} is a real installation; name another folder with --data"
        ) from error
    except making.HalfMadeError as error:
        raise click.ClickException(
            f"the demonstration in {place.data} was cut off while it was made;"
            " name another folder with --data, or delete this one"
        ) from error


def _tell(accounts: list[dict[str, str]], port: int, kept: Path | None) -> None:
    click.echo(f"LabelHub's demonstration: http://{_HOST}:{port}/")
    click.echo("Its first page signs you in as any of these, or others, with one press:")
    shown: set[str] = set()
    for account in accounts:
        if account["role"] not in shown:
            shown.add(account["role"])
            role = account["role"].replace("_", " ")
            click.echo(f"  {role:<15} {account['name']}, {account['organisation']}")
    where = f"Kept in {kept}." if kept else "Kept nowhere: it goes when you end it."
    click.echo(f"{where} Ctrl-C ends it.")


def _usual_or_free() -> int:
    try:
        return listenable(_HOST, _PORT)
    except click.ClickException:
        return listenable(_HOST, 0)


def _open_later(address: str) -> None:
    """Open the browser of a desktop; one that draws in the terminal would only be in the way."""
    desktop = {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ) or sys.platform == "darwin"
    if desktop:
        opener = threading.Timer(_OPEN_AFTER_S, webbrowser.open, [address])
        opener.daemon = True
        opener.start()


COMMANDS = {"demo": demo}
