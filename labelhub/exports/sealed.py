"""A signed JSON document, written line by line in bounded memory.

Each member stands on a line of its own, each entry of a list too. What is signed is every byte
before the signature's own line, by its SHA-256: one changed byte shows.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, BinaryIO

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from labelhub.domain.record.carried import ALGORITHM, signed_text

_BEFORE_SIGNATURE = b',\n"signature":'


class Sealed:
    """Writes one document to a file. `seal` ends it and returns its digest."""

    def __init__(self, file: BinaryIO, schema: str) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._schema = schema
        self._put(b'{"schema":' + _json(schema))

    def member(self, name: str, value: Any) -> None:
        self._put(b",\n" + _json(name) + b":" + _json(value))

    def entries(self, name: str, values: Iterable[Any]) -> int:
        """Write a list, one entry a line; return how many there were."""
        self._put(b",\n" + _json(name) + b":[")
        number = 0
        for number, value in enumerate(values, start=1):
            self._put((b",\n" if number > 1 else b"\n") + _json(value))
        self._put(b"\n]")
        return number

    def seal(self, key: Ed25519PrivateKey) -> str:
        digest = self._digest.hexdigest()
        signature = {
            "algorithm": ALGORITHM,
            "public_key": public_key(key),
            "sha256": digest,
            "value": _base64(key.sign(signed_text(self._schema, digest))),
        }
        self._file.write(_BEFORE_SIGNATURE + _json(signature) + b"}\n")
        return digest

    def _put(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._file.write(piece)


def public_key(key: Ed25519PrivateKey) -> str:
    """Return an installation's public key as documents carry it: 32 bytes in base64."""
    return _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
