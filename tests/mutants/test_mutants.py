"""The tests themselves, tried: faults put in on purpose are noticed (M22).

Here a few; all of them by `python tools/mutants.py`.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.gallery import GALLERY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    path = ROOT / "tools" / "mutants.py"
    spec = importlib.util.spec_from_file_location("mutants", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.timeout(240)
def test_a_few_faults_are_noticed_by_their_tests(mutants: ModuleType) -> None:
    trials = mutants.try_all([one for one in GALLERY if one.quick])
    print(mutants.table(trials))  # noqa: T201 the table is the result
    assert trials
    assert [one.mutant.name for one in trials if one.fate is not mutants.Fate.CAUGHT] == []


@pytest.mark.parametrize("mutant", GALLERY, ids=lambda mutant: mutant.name)
def test_every_fault_can_still_be_put_in(mutant: object) -> None:
    """A fault whose place has changed proves nothing any more: it must be put in anew."""
    for edit in mutant.edits:  # type: ignore[attr-defined]
        text = (ROOT / edit.file).read_text("utf-8")
        assert text.count(edit.old) == 1, edit


def test_names_are_told_apart_and_tests_exist() -> None:
    assert len({one.name for one in GALLERY}) == len(GALLERY)
    for one in GALLERY:
        file, name = one.test.split("::")
        assert f"def {name.split('[')[0]}(" in (ROOT / file).read_text("utf-8")
