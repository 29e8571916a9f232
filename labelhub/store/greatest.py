"""The greatest of two values, in one statement on both databases."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class greatest(GenericFunction[int]):  # noqa: N801 SQL's own name
    """`GREATEST` in PostgreSQL, `max` of several arguments in SQLite.

    A CASE would name what it compares twice; a planner then looks it up as often.
    """

    inherit_cache = True


@compiles(greatest, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"
