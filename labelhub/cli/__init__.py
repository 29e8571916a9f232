"""The `labelhub` command: which words it knows, and how it says what went wrong."""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from labelhub import __version__
from labelhub.cli.loading import loading
from labelhub.cli.place import Place
from labelhub.settings import DATA

COMMANDS = {
    "db": ("database", "Upgrade, downgrade or check the database."),
    "demo": ("demo", "Serve a populated installation with sample accounts for each role."),
    "health": ("health", "Look at settings, database, schema and gate time."),
    "import": ("imports", "Import FILE into a project, all of it or its good rows."),
    "init": ("init", "Make an empty installation and a link for its administrator."),
    "limits": ("limits", "Show the limits that protect people, or make them stricter."),
    "organisation": ("organisations", "Add a lab, which owns projects, or a vendor of labelers."),
    "person": ("people", "Invite somebody to a role, or let them back in."),
    "plan": (
        "plan",
        "Plan the project SLUG: days to finish inside the limits, and which limit binds.",
    ),
    "project": ("projects", "Make a project, change it, offer it to labelers, give it guidelines."),
    "release": ("releases", "Build a release of a project's ratings, or verify one."),
    "serve": ("serve", "Serve the installation until interrupted."),
}
"""For each word its module in this package, and its own first sentence for `labelhub --help`.

A module is loaded when its word is used: nobody who asks for help waits for SQLAlchemy. It holds
its command in `COMMANDS`, a mapping of word to click command.
"""

_TRACEBACK = "LABELHUB_TRACEBACK"
_FAILED, _MISUSED, _INTERRUPTED = 1, 2, 130


class Words(click.Group):
    """A group that loads its commands late and reports every error in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        with loading():
            loaded = importlib.import_module(f"labelhub.cli.{COMMANDS[cmd_name][0]}")
        found: click.Command = loaded.COMMANDS[cmd_name]
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the words with what is said of them above, so that none is loaded."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(word, says) for word, (_module, says) in sorted(COMMANDS.items())])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Run, and end the process with 0 only when all was done."""
        del rest
        options |= {"standalone_mode": False, "prog_name": "labelhub"}
        try:
            outcome = super().main(args, **options)
        except click.exceptions.Exit as ended:
            sys.exit(ended.exit_code)
        except click.UsageError as error:
            _end(_usage(error), _MISUSED)
        except click.ClickException as error:
            _end(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _end("interrupted", _INTERRUPTED)
        except Exception as error:  # noqa: BLE001 the last line of defence of a command line
            _end(_unexpected(error), _FAILED)
        sys.exit(outcome if isinstance(outcome, int) else 0)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx is not None else "labelhub"
    return f"{error.format_message()} (see `{command} --help`)"


def _unexpected(error: Exception) -> str:
    if os.environ.get(_TRACEBACK):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    return f"unexpected {type(error).__name__} at {where}; {_TRACEBACK}=1 shows all of it"


def _end(message: str, code: int) -> None:
    line = " ".join(message.split())
    click.echo(f"labelhub: {line}", err=True)
    sys.exit(code)


@click.group(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The installation's folder (else {DATA}, else ./labelhub-data).",
)
@click.version_option(__version__, prog_name="labelhub")
@click.pass_context
def main(ctx: click.Context, data: Path | None) -> None:
    """People rate the outputs of language models, and nobody is hurt or cheated."""
    ctx.obj = Place(data)
