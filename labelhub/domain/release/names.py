"""Names and order in a release: what stays the same between releases, and what must not.

People, ratings and rows are named and ordered under K_release, so that nothing links two
releases (P-6). Prompts are named by their text alone: the text is public in the release anyway,
and a name that stays lets releases and formats be joined.
"""

from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256
from hmac import digest

from labelhub.domain.release.conversation import with_system
from labelhub.domain.release.rated import AnyTurn
from labelhub.domain.release.spec import System

PSEUDONYM_LENGTH = 16  # 80 bits in base32 (safety-case.md, R7), 64 in hexadecimal


def labeler_name(key: bytes, rater: str) -> str:
    """Return base32(HMAC-SHA256(K_release, organisation || person))[:16] (R7)."""
    return b32encode(digest(key, rater.encode(), "sha256"))[:PSEUDONYM_LENGTH].decode()


# Ratings, items and prompts are many, and base32 takes nine times as long as hexadecimal.
def rating_name(key: bytes, rating_id: str) -> str:
    return digest(key, b"rating\0" + rating_id.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]


def item_name(key: bytes, item_id: str) -> str:
    """Return a name for an item whose researcher gave it none."""
    return digest(key, b"item\0" + item_id.encode(), "sha256").hex()[:PSEUDONYM_LENGTH]


def text_key(turns: Sequence[AnyTurn]) -> str:
    """Return 32 characters (128 bits) that stand for these turns."""
    text = "\0".join([part for turn in turns for part in (turn.role, turn.content)])
    return sha256(text.encode()).hexdigest()[:32]


def prompt_key(prompt: tuple[AnyTurn, ...], system: System = System.KEEP) -> str:
    """Return the name of a prompt as a release writes it.

    It is taken after the system prompt was kept, folded or dropped, since two prompts that differ
    only there become one when it is dropped.
    """
    return text_key(with_system(prompt, system))


def order_key(key: bytes, name: str) -> bytes:
    """Return where a row stands: pseudorandom, and the same in each build of one release."""
    return digest(key, name.encode(), "sha256")
