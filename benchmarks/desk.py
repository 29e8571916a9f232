"""Labels per second at the desk, beside a bare reference: one run, interleaved, as ratios.

    python benchmarks/desk.py [--database sqlite|postgresql] [--items 10000] [--labelers 8 32]
                              [--seconds 6] [--rounds 4] [--workers N] [--driver] [--heavy]
                              [--json FILE]

Both programs run as real servers with the same settings on this machine; signed-in labelers send
*submit + next* as a browser does. Rounds alternate between the two, so that whatever else the
machine does falls on both alike.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import databases
import heavy
import laying
import processes
import reference
from browsing import Labeler, Work, work
from databases import Place, place

from labelhub.settings import make_folder, make_key, read_keys
from labelhub.store import migrations
from labelhub.store.database import Database

WARM_UP_S = 2.0
WANTED, WANTED_HEAVY = 0.5, 0.4


@dataclass(slots=True)
class Figures:
    """What one program did with so many labelers, over all its rounds."""

    program: str
    labelers: int
    labels_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_cpu_ms: float  # a label, processes of the web server
    database_cpu_ms: float  # a label, backends of PostgreSQL
    bytes_received: int  # a label, headers included
    bytes_sent: int


class Program:
    """One of the two: its server, its database, its labelers."""

    def __init__(self, name: str, served: processes.Served, url: str, tokens: list[str]) -> None:
        self.name = name
        self.url = url
        self.served = served
        self._all = [Labeler(served.port, token, laying.SLUG) for token in tokens]
        self._first = 0

    def take(self, count: int) -> list[Labeler]:
        """Return labelers who have not worked yet, each with an item on screen."""
        chosen = self._all[self._first : self._first + count]
        self._first += count
        for one in chosen:
            one.begin()
        return chosen


def main() -> int:
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="lh-bench-") as folder, place(asked.database) as at:
        programs = prepare(Path(folder), at, asked)
        try:
            found = compare(programs, asked.labelers, asked.seconds, asked.rounds)
        finally:
            for program in programs:
                program.served.stop()
    show(asked, found)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n")
    return 0


def prepare(folder: Path, at: Place, asked: argparse.Namespace) -> list[Program]:
    """Lay both databases and start both servers."""
    make_folder(folder / "data")
    make_key(folder / "data" / "keys" / "secret-key")
    keys = read_keys(folder / "data" / "keys" / "secret-key")
    ours, bare = at.url("labelhub", folder), at.url("reference", folder)
    workers = asked.workers or at.workers
    database = Database(ours)
    migrations.upgrade(database)
    many = sum(asked.labelers)
    ids, tokens = laying.lay_labelhub(database, keys, items=asked.items, labelers=many)
    if asked.heavy:
        heavy.weigh_down(database, ids)
    database.dispose()
    pool = [text.html for text in laying.texts()]
    numbered = ((number, *pool[number % len(pool)]) for number in range(asked.items))
    reference.lay(bare, tokens, numbered)
    return [
        Program("LabelHub", processes.labelhub(folder / "data", ours, workers, folder / "a.log"),
                ours, tokens),
        Program("reference", processes.reference(bare, workers, folder / "b.log",
                driver=asked.driver), bare, tokens),
    ]  # fmt: skip


def compare(
    programs: list[Program], counts: list[int], seconds: float, rounds: int
) -> list[Figures]:
    """Let few labelers work on one program, then on the other, then many, and so on."""
    desks = [(program, program.take(count)) for count in counts for program in programs]
    for _, labelers in desks:
        work(labelers, WARM_UP_S)
    for program in programs:
        databases.analyse(program.url)
    done: dict[tuple[str, int], list[tuple[Work, float, float]]] = {}
    for _ in range(rounds):
        for program, labelers in desks:
            before = program.served.cpu_seconds(), processes.database_cpu(program.url)
            worked = work(labelers, seconds)
            spent = program.served.cpu_seconds() - before[0]
            below = processes.database_cpu(program.url) - before[1]
            done.setdefault((program.name, len(labelers)), []).append((worked, spent, below))
    for _, labelers in desks:
        for one in labelers:
            one.close()
    return [_figures(name, count, seconds, each) for (name, count), each in done.items()]


def _figures(
    name: str, count: int, seconds: float, rounds: list[tuple[Work, float, float]]
) -> Figures:
    times = sorted(one for worked, _, _ in rounds for one in worked.seconds)
    cuts = statistics.quantiles(times, n=100)
    labels = len(times)
    return Figures(
        program=name,
        labelers=count,
        labels_per_second=labels / (seconds * len(rounds)),
        p50_ms=cuts[49] * 1e3,
        p95_ms=cuts[94] * 1e3,
        p99_ms=cuts[98] * 1e3,
        server_cpu_ms=sum(spent for _, spent, _ in rounds) / labels * 1e3,
        database_cpu_ms=sum(below for _, _, below in rounds) / labels * 1e3,
        bytes_received=sum(worked.received for worked, _, _ in rounds) // labels,
        bytes_sent=sum(worked.sent for worked, _, _ in rounds) // labels,
    )


def show(asked: argparse.Namespace, found: list[Figures]) -> None:
    wanted = WANTED_HEAVY if asked.heavy else WANTED
    print(f"\n{asked.database}{', a heavy month behind everyone' if asked.heavy else ''}")
    print("program    labelers  labels/s  p50 ms  p95 ms  p99 ms  CPU ms  db CPU ms  kB in")
    for one in found:
        print(
            f"{one.program:10} {one.labelers:8} {one.labels_per_second:9.1f} {one.p50_ms:7.1f}"
            f" {one.p95_ms:7.1f} {one.p99_ms:7.1f} {one.server_cpu_ms:7.2f}"
            f" {one.database_cpu_ms:10.2f} {one.bytes_received / 1e3:6.1f}"
        )
    for ours, bare in zip(found[::2], found[1::2], strict=True):
        rate = ours.labels_per_second / bare.labels_per_second
        print(
            f"{ours.labelers} labelers: {rate:.2f} of the reference's labels/s"
            f" (wanted {wanted:.2f}), p95 {ours.p95_ms / bare.p95_ms:.2f}× (wanted at most 2.5)"
        )
    rates = [one.labels_per_second for one in found[::2]]
    if len(rates) > 1:
        few, many = found[0].labelers, found[-2].labelers
        print(f"{many} labelers against {few}: {rates[-1] / rates[0]:.2f} (wanted at least 1)")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--labelers", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--workers", type=int, default=0, help="0: what `labelhub serve` chooses")
    parser.add_argument(
        "--driver", action="store_true", help="the reference without SQLAlchemy, for scale"
    )
    parser.add_argument(
        "--heavy", action="store_true", help="28 days of exposures and every rule at work"
    )
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
