"""Reads a labeler's record as another installation wrote it: signature first, then line by line.

It is read as `exports.sealed` writes it, so a file of any size needs little memory, and one that
was changed or written by other means is refused before anything in it is believed.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from labelhub.domain.record.carried import (
    ALGORITHM,
    MOST_EXPOSURES,
    SCHEMA,
    CarriedCharge,
    CarriedError,
    Fault,
    Issue,
    charge_of,
    issue_of,
    signed_text,
)

LARGEST = 96 * 1000 * 1000
"""Bytes of a record: 200,000 exposures of 300 bytes, and room for the rest."""
_LONGEST_LINE = 128 * 1024
_KEY_BYTES = 32
_SIGNATURE = b'"signature":'
_COUNTED = ("exposures", "carried")
"""The lists that hold charges; a carried one was brought to the issuer from elsewhere."""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record whose signature is good. Its entries are read from the file when they are asked."""

    path: Path
    digest: str
    issuer: str
    issue: Issue
    email: str

    def charges(self, *, but_not_from: str) -> Iterator[CarriedCharge]:
        """Return every charge; not those that the installation *but_not_from* has itself.

        Raises:
            CarriedError: there are too many, or one cannot be true.

        """
        number = 0
        for name, line, entry in _entries(self.path):
            if name not in _COUNTED:
                continue
            number += 1
            if number > MOST_EXPOSURES:
                raise CarriedError(Fault.TOO_MANY, f"line {line}")
            charge = charge_of(entry, self.issue, f"line {line}")
            if charge is not None and entry.get("issuer") != but_not_from:
                yield charge


def open_record(path: Path) -> OwnRecord:
    """Check a file's signature and read who and when it is about.

    Raises:
        CarriedError: it is no such record, or not as it was signed.

    """
    if path.stat().st_size > LARGEST:
        raise CarriedError(Fault.TOO_MANY)
    signature, digest = _signature(path)
    _require_signed(signature, digest)
    members = _members(path)
    person = members.get("person")
    email = person.get("email") if isinstance(person, dict) else None
    if members.get("schema") != SCHEMA:
        raise CarriedError(Fault.OTHER_SCHEMA, "schema")
    if not isinstance(email, str):
        raise CarriedError(Fault.NOT_A_RECORD, "person.email")
    return OwnRecord(path, digest, signature["public_key"], issue_of(members.get("issued")), email)


def _signature(path: Path) -> tuple[dict[str, Any], str]:
    """Return the signature's member and the digest of all that stands before it."""
    digest, held = hashlib.sha256(), b""
    lines = _lines(path)
    for line in lines:
        if line.startswith(_SIGNATURE) and line.endswith(b"}\n"):
            digest.update(held.removesuffix(b",\n"))
            # What comes after it was never signed.
            if not held.endswith(b",\n") or next(lines, None) is not None:
                raise CarriedError(Fault.CHANGED, "signature")
            return _signed(line), digest.hexdigest()
        digest.update(held)
        held = line
    raise CarriedError(Fault.NOT_SIGNED, "signature")


def _signed(line: bytes) -> dict[str, Any]:
    found = _json(b"{" + line.removesuffix(b"}\n") + b"}", "signature").get("signature")
    if not isinstance(found, dict) or found.get("algorithm") != ALGORITHM:
        raise CarriedError(Fault.NOT_SIGNED, "signature")
    if line != _SIGNATURE + orjson.dumps(found, option=orjson.OPT_SORT_KEYS) + b"}\n":
        raise CarriedError(Fault.CHANGED, "signature")
    return found


def _require_signed(signature: dict[str, Any], digest: str) -> None:
    if signature.get("sha256") != digest:
        raise CarriedError(Fault.CHANGED, "signature.sha256")
    key = _bytes(signature.get("public_key"), "signature.public_key")
    value = _bytes(signature.get("value"), "signature.value")
    if len(key) != _KEY_BYTES:
        raise CarriedError(Fault.NOT_SIGNED, "signature.public_key")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, signed_text(SCHEMA, digest))
    except (InvalidSignature, ValueError) as error:
        raise CarriedError(Fault.CHANGED, "signature.value") from error


def _members(path: Path) -> dict[str, Any]:
    """Return the members that stand on one line; lists are not among them."""
    found: dict[str, Any] = {}
    inside = False
    for number, line in enumerate(_lines(path), start=1):
        if line.startswith(b"]"):
            inside = False
        elif line.startswith(b'"') and line.endswith(b":[\n"):
            inside = True
        elif not inside and not line.startswith(_SIGNATURE):
            text = line.strip().removeprefix(b"{").removesuffix(b",")
            found |= _json(b"{" + text + b"}", f"line {number}")
    return found


def _entries(path: Path) -> Iterator[tuple[str, int, Any]]:
    """Return every entry of every list, with the list's name and the line."""
    name = ""
    for number, line in enumerate(_lines(path), start=1):
        if line.startswith(b"]"):
            name = ""
        elif line.startswith(b'"') and line.endswith(b":[\n"):
            name = line[1:-4].decode("utf-8", "replace")
        elif name:
            yield name, number, _json(line.strip().removesuffix(b","), f"line {number}")


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise CarriedError(Fault.NOT_A_RECORD)
            yield line


def _json(text: bytes, place: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise CarriedError(Fault.NOT_A_RECORD, place) from error


def _bytes(text: Any, place: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (TypeError, ValueError) as error:
        raise CarriedError(Fault.NOT_SIGNED, place) from error
    if base64.b64encode(found).decode() != text:  # its last letter has bits that say nothing
        raise CarriedError(Fault.CHANGED, place)
    return found
