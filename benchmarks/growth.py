"""What a label costs the server as items grow: processor time of the same work, few items and many.

    python benchmarks/growth.py [--database sqlite|postgresql] [--items 1000 1000000]
                                [--labelers 4] [--labels 80] [--rounds 5]

Each installation has a server of its own; rounds alternate between them, so that whatever else the
machine does falls on all alike. Processor time of the web server and of PostgreSQL's backends is
counted, not waiting. In a round each labeler rates so many items: a fixed number, since a
thousand items are soon all rated. Laying a million items takes some minutes and about 4 GB.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import databases
import laying
import processes
from browsing import work_through
from databases import Place, place
from desk import Program

from labelhub.settings import make_folder, make_key, read_keys
from labelhub.store import migrations
from labelhub.store.database import Database


def main() -> int:
    asked = _asked()
    enough = laying.OVERLAP * min(asked.items) // asked.labelers
    if asked.labels * (asked.rounds + 1) >= enough:
        raise SystemExit(f"the items would be rated out: at most {enough} labels a labeler")
    with tempfile.TemporaryDirectory(prefix="lh-grow-") as folder, place(asked.database) as at:
        served = []
        try:
            for items in asked.items:
                place_for = Path(folder) / str(items)
                served.append(prepare(place_for, at, items, asked))
            costs = compare(served, asked)
        finally:
            for program in served:
                program.served.stop()
    show(asked, costs)
    return 0


def prepare(folder: Path, at: Place, items: int, asked: argparse.Namespace) -> Program:
    """Lay one installation and start its server."""
    make_folder(folder)
    make_key(folder / "keys" / "secret-key")
    url = at.url(f"labelhub_{items}", folder)
    database = Database(url)
    migrations.upgrade(database)
    keys = read_keys(folder / "keys" / "secret-key")
    _, tokens = laying.lay_labelhub(database, keys, items=items, labelers=asked.labelers)
    database.dispose()
    print(f"{items:,} items laid", flush=True)
    server = processes.labelhub(folder, url, at.workers, folder / "log")
    return Program(f"{items:,}", server, url, tokens)


def compare(programs: list[Program], asked: argparse.Namespace) -> dict[str, list[float]]:
    """Return milliseconds of processor time a label, round by round, for each installation."""
    desks = [(program, program.take(asked.labelers)) for program in programs]
    for _, labelers in desks:
        work_through(labelers, asked.labels)
    for program in programs:
        databases.analyse(program.url)
    costs: dict[str, list[float]] = {program.name: [] for program in programs}
    for _ in range(asked.rounds):
        for program, labelers in desks:
            before = _spent(program)
            done = len(work_through(labelers, asked.labels).seconds)
            costs[program.name].append((_spent(program) - before) / done * 1e3)
    return costs


def _spent(program: Program) -> float:
    return program.served.cpu_seconds() + processes.database_cpu(program.url)


def show(asked: argparse.Namespace, costs: dict[str, list[float]]) -> None:
    print(f"\n{asked.database}: processor time a label, web server and database")
    print("    items   median ms   least ms")
    for name, each in costs.items():
        print(f"{name:>9} {statistics.median(each):11.2f} {min(each):10.2f}")
    few, many = (statistics.median(costs[name]) for name in (next(iter(costs)), list(costs)[-1]))
    print(f"growth {many / few:.2f}× (wanted at most 1.15)")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--items", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--labelers", type=int, default=4)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
