"""The installation that a command works on: its settings, its database, its clock."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from labelhub import settings
from labelhub.clock import Clock, SystemClock
from labelhub.settings import Settings, SettingsError

if TYPE_CHECKING:
    from labelhub.store.database import Database

# The database's modules take half a second to load; whoever asks for help has no use for them.
# ruff: noqa: PLC0415

T = TypeVar("T", bound=Callable[..., Any])


@dataclass(slots=True)
class Place:
    """Where a command works. `given` is what `--data` named."""

    given: Path | None = None
    clock: Clock = field(default_factory=SystemClock)

    @property
    def data(self) -> Path:
        return settings.data_folder(os.environ, self.given)

    def settings(self) -> Settings:
        """Read the settings, or end the command saying what is wrong with them."""
        try:
            return settings.load(os.environ, self.given)
        except SettingsError as error:
            raise click.ClickException(str(error)) from error

    @contextmanager
    def database(self, *, current: bool = True) -> "Iterator[Database]":
        """Open the installation's database; *current*: refuse one that needs an upgrade."""
        from labelhub.store import migrations

        with opened(self.settings().database_url) as database:
            if current and (problems := migrations.check(database)):
                raise click.ClickException(f"{problems[0]}; run `labelhub db upgrade`")
            yield database


@contextmanager
def opened(url: str) -> "Iterator[Database]":
    """Open a database and close it; say in one line if it cannot be reached."""
    from sqlalchemy.exc import DBAPIError

    database = _made(url)
    try:
        yield database
    except DBAPIError as error:
        # Without a statement it failed at connecting, whatever the driver calls that.
        if type(error).__name__ != "OperationalError" and error.statement is not None:
            raise
        where = database.url.set(query={}).render_as_string(hide_password=True)
        raise click.ClickException(f"cannot use the database {where}") from error
    finally:
        database.dispose()


def _made(url: str) -> "Database":
    """Return the database of an address; the address is never repeated: it holds a password."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from labelhub.store.database import Database, UnsafeStorageError, normalised

    try:
        known = make_url(normalised(url)).get_backend_name() in {"sqlite", "postgresql"}
        if known:
            return Database(url)
    except UnsafeStorageError as error:
        raise click.ClickException(str(error)) from error
    except (ArgumentError, ImportError, ValueError):
        pass  # a driver that is not there, or a port that is no number, like any other slip
    raise click.ClickException(
        f"{settings.DATABASE_URL} is no address of a database that LabelHub knows: write"
        " postgresql://USER:PASSWORD@HOST/NAME, or unset it for the embedded database"
    )


def data_option(command: T) -> T:
    """Let `--data` also stand after the command's own word: `labelhub init --data DIR`."""

    def remember(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.ensure_object(Place).given = value

    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        expose_value=False,
        callback=remember,
        help="The installation's folder.",
    )(command)


pass_place = click.make_pass_decorator(Place, ensure=True)
