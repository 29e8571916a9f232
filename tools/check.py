"""Runs every check that needs no test: style, types, layers, templates. One command for all."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy", "-p", "labelhub")),
    ("layers", ("lint-imports",)),
    (
        "djlint",
        ("djlint", "templates", "--lint", "--profile=jinja", "--ignore=H006,H030,H031,T028"),
    ),
)
"""H006: pictures without sizes (SVG scales); H030, H031: nobody searches for these pages;
T028: spaceless tags are no matter of style here."""


def main() -> int:
    """Run all checks and print one line each; the output of those that fail follows."""
    failed = []
    commands = [(what, (str(BIN / words[0]), *words[1:])) for what, words in CHECKS]
    commands.append(("templates", (sys.executable, "-m", "tools.templates")))
    for what, command in commands:
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603 our own tools
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
        state = "ok" if done.returncode == 0 else "FAILED"
        print(f"{what}: {state} ({time.monotonic() - began:.1f} s)")
        if done.returncode:
            failed.append(done.stdout + done.stderr)
    for output in failed:
        print("\n" + output.strip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
