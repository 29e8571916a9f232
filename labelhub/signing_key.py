"""The installation's key for what it signs: records that labelers take with them."""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labelhub.settings import make_key, record_key_file, record_seed


def make(data: Path) -> bool:
    """Make the key unless there is one; tell whether one was made.

    Older installations lack it, so it is also made when the program starts.
    """
    return make_key(record_key_file(data))


def load(data: Path) -> Ed25519PrivateKey:
    """Return the key that signs.

    Raises:
        SettingsError: there is none, it is malformed, or others may read it.

    """
    return _made(record_seed(record_key_file(data)))


@lru_cache(maxsize=4)
def _made(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)
