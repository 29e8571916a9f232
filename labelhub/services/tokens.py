"""Random tokens that people and browsers carry, and the only form in which they are kept."""

import hmac
import secrets
from collections.abc import Sequence

TOKEN_BYTES = 32
"""256 bits (safety-case.md, R10)."""


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def keyed_hash(purpose: str, text: str, key: str) -> str:
    """Return what is stored of *text*: useless without the key, and for any other purpose."""
    message = f"{purpose}\n{text}".encode("utf-8", "surrogatepass")
    return hmac.digest(key.encode(), message, "sha256").hex()


def keyed_hashes(purpose: str, text: str, keys: Sequence[str]) -> list[str]:
    """Return the hashes under every key that is still understood, the one in use first."""
    return [keyed_hash(purpose, text, key) for key in keys]
