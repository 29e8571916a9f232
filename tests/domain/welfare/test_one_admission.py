"""Only `gate.decide` constructs an `Admission`: the source tree is read to make sure."""

import ast
from pathlib import Path

import labelhub

SOURCE = Path(labelhub.__file__).parent
GATE = SOURCE / "domain/welfare/gate.py"


def makers(tree: ast.AST, inside: str = "") -> list[str]:
    """Return the functions in which something named Admission is called."""
    found = []
    for node in ast.iter_child_nodes(tree):
        here = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else inside
        if isinstance(node, ast.Call) and called(node) == "Admission":
            found.append(inside)
        found += makers(node, here)
    return found


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def renamed(tree: ast.AST) -> bool:
    """Say whether a module gives the class another name, which would hide a call."""
    imported = any(
        alias.name == "Admission" and alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )
    assigned = any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Admission"
        for node in ast.walk(tree)
    )
    return imported or assigned


def test_only_decide_constructs_an_admission() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}

    where = {path: found for path, tree in trees.items() if (found := makers(tree))}

    assert where == {GATE: ["decide"]}
    assert not [path for path, tree in trees.items() if renamed(tree)]


def test_the_search_would_find_another_maker() -> None:
    other = ast.parse("def serve(item):\n    return verdicts.Admission(1, item)\n")
    hidden = ast.parse("from x import Admission as Yes\n")

    assert makers(other) == ["serve"]
    assert renamed(hidden)
