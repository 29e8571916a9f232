"""P-4 by construction: who can reach a check-in at all, and what the vault's table hangs on."""

import ast
import re
import tomllib
from pathlib import Path

import sqlalchemy as sa

from labelhub.tables import metadata

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "labelhub"
WAYS = {
    "labelhub.store.vault": ["labelhub.services.check_ins"],
    "labelhub.services.check_ins": ["labelhub.web.check_ins"],
    "labelhub.web.check_ins": ["labelhub.app"],
}
"""The only way to an answer: each module and who may import it."""


def test_the_import_contracts_name_the_only_way_to_an_answer() -> None:
    """`test_the_layers_point_inwards` runs them."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    found = {
        contract["protected_modules"][0]: contract["allowed_importers"]
        for contract in contracts
        if contract["type"] == "protected" and contract["protected_modules"][0] in WAYS
    }
    assert found == WAYS


def test_only_the_vault_names_its_table() -> None:
    """Statements are made from `metadata`, past any import; so its name is looked for too."""
    named = re.compile(r"""tables\[["']check_in["']\]|\bcheck_in\b.{0,40}\b(?:FROM|INTO|JOIN)\b"""
                       r"""|\b(?:FROM|INTO|JOIN|UPDATE)\s+check_in\b""")  # fmt: skip
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert users == {"store/vault.py"}


def test_no_program_walks_over_all_tables() -> None:
    """An export of every table would take the vault along without naming it."""
    walked = re.compile(
        r"sorted_tables|metadata\.tables\.(?:values|items|keys)\(|\bin metadata\.tables\b"
    )
    assert [
        path.name
        for path in PACKAGE.rglob("*.py")
        if walked.search(path.read_text(encoding="utf-8"))
    ] == []


def test_nothing_points_at_a_check_in_and_it_points_at_nothing() -> None:
    vault = metadata.tables["check_in"]

    assert set(vault.columns.keys()) == {"id", "owner", "sealed"}
    assert vault.foreign_keys == set()
    for table in metadata.sorted_tables:
        assert all(key.column.table is not vault for key in table.foreign_keys), table.name
    assert not any(isinstance(column.type, sa.DateTime) for column in vault.columns)


def test_the_rule_of_the_prompt_knows_no_answer() -> None:
    """Neither the rule nor what keeps a prompt imports the value of an answer."""
    for name in (
        "domain/welfare/check_in.py", "services/check_in_prompts.py", "store/check_in_prompts.py",
    ):  # fmt: skip
        tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "labelhub.domain.check_ins" not in imported
        assert not any((module or "").endswith((".vault", ".check_ins")) for module in imported)
