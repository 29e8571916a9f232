"""`labelhub import`: bring a file of items, and the ratings in it, into a project."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.cli.rejects import Rejects
from labelhub.domain.imports import BatchState, ImportBatch, ImportOptions
from labelhub.domain.items import BadRow
from labelhub.domain.projects import Project
from labelhub.domain.screening import Declared
from labelhub.layouts import LAYOUTS, ReadOptions, UnreadableFileError, detect
from labelhub.services import intake, projects
from labelhub.services.projects import NoSuchProjectError
from labelhub.store.database import Database

_SHOWN = 10
_STEPS = {
    BatchState.STAGING: "Reading",
    BatchState.STAGED: "Rendering",
    BatchState.PUBLISHING: "Publishing",
}
UPLOADS = "uploads"
"""The folder of uploaded files in the installation's folder."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--project", "slug", required=True)
@click.option("--layout", type=click.Choice(list(LAYOUTS)), help="Found by looking, unless given.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="May be repeated.")
@click.option(
    "--severity",
    type=click.Choice([each.value for each in Declared]),
    help="Declared of every text.",
)
@click.option("--ratings", is_flag=True, help="Bring in the ratings that the file holds.")
@click.option("--questions", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="The prompts of MT-bench's votes.")  # fmt: skip
@click.option("--reject", type=click.Path(path_type=Path, dir_okay=False),
              help="Import the good rows and collect the bad ones here.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the summary for a program.")
@data_option
@pass_place
def import_file(place: Place, /, file: Path, slug: str, *, as_json: bool, **asked: Any) -> int:
    """Import FILE into a project, all of it or its good rows.

    An item without a severity, in a column or by --severity, is kept but never served.
    """
    options = _options(file, asked)
    problems: list[BadRow] = []
    with place.database() as database, _collected(asked["reject"], file, problems) as refused:
        try:
            batch = _run(place, database, slug, file, options, refused)
        except NoSuchProjectError as error:
            raise click.ClickException(f"there is no project {slug}") from error
        except intake.BusyImportError as error:
            message = f"{slug}: another import ({error}) is not finished; finish or withdraw it"
            raise click.ClickException(message) from error
    _tell(file, batch, problems, as_json=as_json, rejects=asked["reject"])
    return 0 if batch.state is BatchState.COMPLETE and batch.refused == 0 else 1


def _options(file: Path, asked: dict[str, Any]) -> ImportOptions:
    mapping: dict[str, str] = {}
    for pair in asked["pairs"]:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            raise click.UsageError(f"--map {pair}: write FIELD=COLUMN")
        mapping[field] = column
    layout = asked["layout"] or ""
    if not layout:
        try:
            layout = detect(file, ReadOptions(mapping=mapping)).layout
        except UnreadableFileError as error:
            raise click.ClickException(str(error)) from error
    return ImportOptions(
        layout=layout,
        mapping=mapping,
        severity=Declared(asked["severity"]) if asked["severity"] else None,
        with_ratings=asked["ratings"],
        keep_good=asked["reject"] is not None,
        questions=str(asked["questions"] or ""),
    )


def _run(
    place: Place,
    database: Database,
    slug: str,
    file: Path,
    options: ImportOptions,
    refused: Callable[[BadRow], None],
) -> ImportBatch:
    with database.reading() as session:
        scope = projects.scope_of_operator(session, slug)
        project: Project = projects.of_slug(session, scope, slug)
    with _progress_bar(file.stat().st_size) as heard:
        return intake.run_file(
            database,
            project,
            file,
            options,
            place.clock,
            uploads=place.data / UPLOADS,
            reports=intake.Reports(progress=heard, refused=refused),
        )


@contextmanager
def _progress_bar(size: int) -> Iterator[Callable[[intake.Progress], None]]:
    """Draw a bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=max(size, 1), rows=0)

        def heard(progress: intake.Progress) -> None:
            done, total = _share(progress, size)
            words = _STEPS.get(progress.state, "Reading")
            bar.update(task, completed=done, total=total, description=words, rows=progress.rows)

        yield heard


def _share(progress: intake.Progress, size: int) -> tuple[int, int]:
    """Return how much of the present step is done, of how much."""
    if progress.state is BatchState.STAGING:
        return progress.bytes_read, max(size, 1)
    if progress.state is BatchState.STAGED:
        return progress.checked, max(progress.rows, 1)
    return progress.published, max(progress.added, progress.published, 1)


@contextmanager
def _collected(
    asked: Path | None, original: Path, problems: list[BadRow]
) -> Iterator[Callable[[BadRow], None]]:
    """Keep the first refused rows for the summary, and write all of them to the reject file."""

    def keep(row: BadRow) -> None:
        if len(problems) < _SHOWN:
            problems.append(row)

    if asked is None:
        yield keep
        return
    try:
        rejects = Rejects(asked)
    except OSError as error:
        raise click.ClickException(f"--reject {asked}: {error.strerror}") from error

    def write(row: BadRow) -> None:
        keep(row)
        rejects.add(row)

    with closing(rejects):
        yield write
        rejects.finish(original)


def _tell(
    file: Path, batch: ImportBatch, problems: list[BadRow], *, as_json: bool, rejects: Path | None
) -> None:
    for row in sorted(problems, key=lambda row: row.line):
        field = f", {row.field}" if row.field else ""
        click.echo(f"{file.name}, line {row.line}{field}: {row.reason}", err=True)
    if batch.refused > len(problems):
        more = f"and {batch.refused - len(problems)} more"
        click.echo(f"{more}, in {rejects}" if rejects else f"{more}; --reject FILE collects them",
                   err=True)  # fmt: skip
    if as_json:
        click.echo(json.dumps(_summary(batch)))
    elif batch.state is BatchState.COMPLETE:
        click.echo(
            f"{file.name}: {batch.added} items added, {batch.known} known already,"
            f" {batch.refused} rows refused, {batch.ratings} ratings ({batch.options.layout})."
        )
        if batch.options.severity is None and batch.added:
            click.echo("Items without a severity on record are never served; see --severity.")
    else:
        click.echo(f"labelhub: {file.name}: {batch.message or batch.state.value}", err=True)


def _summary(batch: ImportBatch) -> dict[str, object]:
    return {
        "import": str(batch.id),
        "state": batch.state.value,
        "layout": batch.options.layout,
        "rows": batch.rows,
        "added": batch.added,
        "known": batch.known,
        "refused": batch.refused,
        "ratings": batch.ratings,
        "message": batch.message,
    }


COMMANDS = {"import": import_file}
