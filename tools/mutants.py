"""Put each fault of the gallery into a copy of the program and see that its test notices.

`python tools/mutants.py` runs all of them; `--quick` the few of every change; a word picks by name.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.mutants.gallery import GALLERY, Edit, Mutant  # noqa: E402 found through the path above

PARTS = ("labelhub", "templates", "migrations", "seed", "tests", "pyproject.toml")
LONGEST_S = 300
_FAILED = 1
_CLUMSY = re.compile(r"^E +(?:Name|Syntax|Import|Attribute|Type|UnboundLocal)Error", re.MULTILINE)
"""A fault that cannot even run is noticed by anything; it proves nothing about its test."""


class Fate(StrEnum):
    CAUGHT = "caught"
    SURVIVED = "SURVIVED"
    DOES_NOT_APPLY = "DOES NOT APPLY"
    TEST_BROKEN = "TEST DOES NOT RUN"
    CLUMSY = "FAULT IS NO PROGRAM"


@dataclass(frozen=True, slots=True)
class Trial:
    mutant: Mutant
    fate: Fate
    seconds: float


def main() -> int:
    """Print a table of fates; 0 only if every fault was caught."""
    parser = argparse.ArgumentParser(description="Show that the tests notice faults.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("words", nargs="*", help="only faults whose name has one of these")
    asked = parser.parse_args()
    chosen = [
        one
        for one in GALLERY
        if (one.quick or not asked.quick)
        and (not asked.words or any(word in one.name for word in asked.words))
    ]
    trials = try_all(chosen)
    print(table(trials))
    return 0 if trials and all(trial.fate is Fate.CAUGHT for trial in trials) else 1


def try_all(mutants: Sequence[Mutant]) -> list[Trial]:
    """Try the faults one after the other, all in one copy that is mended after each.

    The tests must pass without a fault first: one that fails anyway would prove nothing.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        _copy_to(copy)
        sound = sorted({mutant.test for mutant in mutants})
        code, told = _run(copy, sound)
        if code:
            raise SystemExit(f"without any fault the tests do not pass:\n{told}")
        return [_try(copy, mutant) for mutant in mutants]


def table(trials: Sequence[Trial]) -> str:
    wide = max((len(trial.mutant.name) for trial in trials), default=0)
    lines = [
        f"{trial.mutant.name:<{wide}}  {trial.fate:<8} {trial.seconds:5.1f} s  {trial.mutant.test}"
        for trial in trials
    ]
    caught = sum(trial.fate is Fate.CAUGHT for trial in trials)
    return "\n".join([*lines, f"{caught} of {len(trials)} caught"])


def _try(copy: Path, mutant: Mutant) -> Trial:
    began = time.monotonic()
    before = {edit.file: (copy / edit.file).read_text("utf-8") for edit in mutant.edits}
    try:
        if not all(_apply(copy, edit) for edit in mutant.edits):
            fate = Fate.DOES_NOT_APPLY
        else:
            code, told = _run(copy, [mutant.test])
            fate = {0: Fate.SURVIVED, _FAILED: Fate.CAUGHT}.get(code, Fate.TEST_BROKEN)
            if fate is Fate.CAUGHT and _CLUMSY.search(told):
                fate = Fate.CLUMSY
    finally:
        for file, text in before.items():
            (copy / file).write_text(text, "utf-8")
    return Trial(mutant, fate, time.monotonic() - began)


def _apply(copy: Path, edit: Edit) -> bool:
    path = copy / edit.file
    text = path.read_text("utf-8")
    if text.count(edit.old) != 1:
        return False
    path.write_text(text.replace(edit.old, edit.new), "utf-8")
    return True


def _copy_to(copy: Path) -> None:
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "_bundled")
            shutil.copytree(source, copy / part, ignore=ignored)
        else:
            shutil.copyfile(source, copy / part)


def _run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run tests in the copy; 0 passed, 1 failed, anything else did not run."""
    command = [
        sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:randomly",
        "-p", "no:cacheprovider", *tests,
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 our own tests in our own copy
        command, cwd=copy, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    return done.returncode, done.stdout[-3_000:]


if __name__ == "__main__":
    sys.exit(main())
