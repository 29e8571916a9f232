"""`labelhub serve`: the web server, with the jobs in whichever of its processes is elected."""

import click

from labelhub.cli.place import Place, data_option, pass_place
from labelhub.cli.ports import listenable


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Where to listen; 0 takes a free port.",
)
@click.option(
    "--workers",
    default=0,
    type=click.IntRange(0, 64),
    help="Processes; 0 (the default): one on SQLite, two on PostgreSQL.",
)
@data_option
@pass_place
def serve(place: Place, host: str, port: int, workers: int) -> None:
    """Serve the installation until interrupted."""
    loaded = place.settings()
    port = listenable(host, port)
    with place.database() as database:
        chosen = workers or (1 if database.is_sqlite else 2)
    from labelhub.cli.server import run  # noqa: PLC0415 slow to load, needed here alone

    click.echo(f"Serving on http://{host}:{port} with {chosen} process(es); Ctrl-C ends it.")
    run(loaded, host, port, chosen)


COMMANDS = {"serve": serve}
