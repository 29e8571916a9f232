"""New identifiers: random ones for what appears in addresses, ordered ones for long tables."""

import secrets
from uuid import UUID, uuid4

from labelhub.clock import utc_now

_SIXTY_TWO = (1 << 62) - 1


def new_id() -> UUID:
    return uuid4()


def new_ordered_id() -> UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of time, so that indexes grow at their end.

    74 random bits keep it unguessable. Never used where the time itself would tell a secret:
    releases carry none of our identifiers.
    """
    milliseconds = int(utc_now().timestamp() * 1000)
    chance = int.from_bytes(secrets.token_bytes(10))
    return UUID(
        int=(milliseconds << 80)
        | (0x7 << 76)
        | (chance >> 68 << 64)
        | (0b10 << 62)
        | (chance & _SIXTY_TWO)
    )
