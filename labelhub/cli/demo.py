"""`labelhub demo`: a populated installation, served; nothing to set up."""

import os
import socket
import tempfile
import threading
import webbrowser
from pathlib import Path

import click

from labelhub import settings
from labelhub.cli.place import Place, opened, pass_place
from labelhub.services import (
    demonstration,
    demonstration_history,
    demonstration_laying,
    installation,
)
from labelhub.services.demonstration_history import BEGAN, ENDED, PastClock
from labelhub.settings import Settings
from labelhub.store import migrations
from labelhub.store.database import Database

_HOST = "127.0.0.1"  # the switcher signs anybody in as anybody: never beyond this machine
_OPEN_AFTER_S = 1.0


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the demonstration in this folder; starting again continues it.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535))
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@pass_place
def demo(place: Place, data: Path | None, port: int, *, no_open: bool) -> None:
    """Serve a populated installation with sample accounts for each role."""
    place.given = data or place.given
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
    port = port or _free_port()
    with opened(loaded.database_url) as database:
        _populate(place, loaded, database)
        _tell(database, port, place.data if kept else None)
    from labelhub.cli.server import run  # noqa: PLC0415 slow to load, needed here alone

    address = f"http://{_HOST}:{port}/"
    if not no_open:
        threading.Timer(_OPEN_AFTER_S, webbrowser.open, [address]).start()
    run(loaded, _HOST, port, 1)


def _populate(place: Place, loaded: Settings, database: Database) -> None:
    """Make the demonstration, once; a database that is anything else is left alone."""
    migrations.upgrade(database)
    with database.reading() as session:
        facts = installation.find(session)
    if facts is not None and not facts.demonstration:
        raise click.ClickException(
            f"{place.data} is a real installation; name another folder with --data"
        )
    if facts is not None:
        return
    clock = PastClock(place.clock, BEGAN)
    laid = demonstration_laying.lay(database, clock, loaded.data / "uploads")
    demonstration_history.live_through(database, laid, clock)
    clock.move_to(place.clock.now() - ENDED)


def _tell(database: Database, port: int, kept: Path | None) -> None:
    with database.reading() as session:
        accounts = demonstration.accounts(session)
    click.echo(f"LabelHub's demonstration: http://{_HOST}:{port}/")
    click.echo("Sign in as any of these with one press on the first page:")
    shown: set[str] = set()
    for account in accounts:
        if account["role"] not in shown:
            shown.add(account["role"])
            role = account["role"].replace("_", " ")
            click.echo(f"  {role:<15} {account['name']}, {account['organisation']}")
    where = f"Kept in {kept}." if kept else "Kept nowhere: it goes when you end it."
    click.echo(f"{where} Ctrl-C ends it.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


COMMANDS = {"demo": demo}
