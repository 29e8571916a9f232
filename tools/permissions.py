"""Writes docs/permissions.md: who may use which address, from the program's own declarations."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from labelhub.app import create_app
from labelhub.domain.audiences import Audience, Standing
from labelhub.domain.vocabulary import Role
from labelhub.settings import KEY_BYTES, Settings
from labelhub.web.access import audience_of

PATH = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HEAD = """# Who may use which address

Made by `python -m tools.permissions` from the audience that each endpoint declares; a test checks
that it is current, and another that the program behaves like it. Everyone else gets 404 where the
address names an object, otherwise 403; who is not signed in is sent to the sign-in page.

"""


def matrix(app: Flask) -> str:
    """Return the whole document."""
    roles = list(Role)
    lines = [
        "| verb | address | anyone | signed in | " + " | ".join(r.value for r in roles) + " |",
        "|---|---|---|---|" + "---|" * len(roles),
    ]
    rules = sorted(
        app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))
    )
    for rule in rules:
        audience = audience_of(app, rule.endpoint)
        verbs = (verb for verb in _VERBS if verb in (rule.methods or ()))
        lines += [_row(verb, rule.rule, audience, roles) for verb in verbs]
    return _HEAD + "\n".join(lines) + "\n"


def _row(verb: str, address: str, audience: Audience, roles: list[Role]) -> str:
    public = audience.standing is Standing.PUBLIC
    everyone = public or not audience.roles
    half = " (password given)" if audience.standing is Standing.PASSWORD_GIVEN else ""
    marks = ["yes" if public else "", f"yes{half}" if everyone else ""]
    own = "yes, and after leaving" if audience.former else "yes"
    marks += ["yes" if everyone else own if role in audience.roles else "" for role in roles]
    return f"| {verb} | `{address}` | " + " | ".join(marks) + " |"


def application() -> Flask:
    """Return the application on an empty database that is thrown away."""
    with TemporaryDirectory() as folder:
        key = "".join(chr(ord("A") + n % 26) + str(n % 10) for n in range(KEY_BYTES))
        return create_app(
            Settings(data=Path(folder), database_url=f"sqlite:///{folder}/none.db", secret_key=key)
        )


def main() -> int:
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(matrix(application()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
