"""The second factor: time-based codes (RFC 6238), each used once, and codes to recover with."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
import segno
from sqlmodel import Session

from labelhub.domain.accounts import PER_SECOND_FACTOR
from labelhub.domain.audiences import Visitor
from labelhub.domain.vocabulary import PersonId
from labelhub.services import sign_ins, throttling, tokens
from labelhub.store import accounts as store

STEP_S = 30
_DIGITS = 6
_SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 bits, written as 16 characters
_FRESH = timedelta(minutes=10)
_PURPOSE = "recovery-code"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret offered for an authenticator: typed in, or scanned."""

    secret: str = field(repr=False)
    picture: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a person gets once: a new token for the browser, and codes to keep elsewhere."""

    token: str = field(repr=False)
    recovery_codes: tuple[str, ...] = field(repr=False)


def may_enrol(visitor: Visitor, now: datetime) -> bool:
    """Whether a factor may be set up now: the first one, or after proving the present one."""
    if not visitor.has_second_factor:
        return True
    return visitor.second_factor_at is not None and now - visitor.second_factor_at < _FRESH


def propose(session: Session, visitor: Visitor, keys: Sequence[str]) -> Proposal:
    """Return the secret that this sign-in may confirm.

    It is derived, not stored: looking at the page changes nothing, and the account is the
    session's, never one that a request names.
    """
    secret = _proposed_secret(session, visitor, keys)
    address = pyotp.TOTP(secret).provisioning_uri(name=visitor.email, issuer_name="LabelHub")
    picture = segno.make(address, error="m", micro=False)
    return Proposal(
        secret, picture.svg_data_uri(border=2, xmldecl=False, svgclass=None, lineclass=None)
    )


def _proposed_secret(session: Session, visitor: Visitor, keys: Sequence[str]) -> str:
    present = store.find_second_factor(session, visitor.person_id)
    seed = f"{visitor.sign_in_id}\n{present.secret if present else ''}"
    digest = bytes.fromhex(tokens.keyed_hash("totp-secret", seed, keys[0]))
    return base64.b32encode(digest[:_SECRET_BYTES]).decode("ascii")


def enrol(
    session: Session, visitor: Visitor, code: str, keys: Sequence[str], now: datetime
) -> Enrolled | None:
    """Set the proposed factor up if *code* is one of its codes; None if it is not.

    Every other sign-in of the person ends, and this one gets a new token.
    """
    key = _throttle_key(visitor.person_id)
    if not may_enrol(visitor, now) or not throttling.take(session, key, PER_SECOND_FACTOR, now):
        return None
    secret = _proposed_secret(session, visitor, keys)
    step = _matching_step(secret, code, now)
    if step is None:
        return None
    throttling.clear(session, key)
    store.set_second_factor(session, visitor.person_id, secret, step, now)
    codes = tuple(_new_recovery_code() for _ in range(_RECOVERY_CODES))
    hashes = [tokens.keyed_hash(_PURPOSE, _plain(one), keys[0]) for one in codes]
    store.replace_recovery_codes(session, visitor.person_id, hashes)
    sign_ins.end_all(session, visitor.person_id, now, but=visitor.sign_in_id)
    return Enrolled(sign_ins.rotate(session, visitor.sign_in_id, now, keys), codes)


def prove(
    session: Session, visitor: Visitor, code: str, keys: Sequence[str], now: datetime
) -> str | None:
    """Return a new token for the browser if *code* is right and was not used before."""
    key = _throttle_key(visitor.person_id)
    if not throttling.take(session, key, PER_SECOND_FACTOR, now):
        return None
    if not _right(session, visitor.person_id, code, keys, now):
        return None
    throttling.clear(session, key)
    return sign_ins.rotate(session, visitor.sign_in_id, now, keys)


def _right(
    session: Session, person_id: PersonId, code: str, keys: Sequence[str], now: datetime
) -> bool:
    factor = store.find_second_factor(session, person_id)
    if factor is None or not factor.confirmed:
        return False
    step = _matching_step(factor.secret, code, now)
    if step is not None:
        return store.use_step(session, person_id, step)
    hashes = tokens.keyed_hashes(_PURPOSE, _plain(code), keys)
    return store.use_recovery_code(session, person_id, hashes, now)


def _matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is: the present one, or one beside it."""
    digits = "".join(code.split())
    if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    present = int(now.timestamp()) // STEP_S
    generator = pyotp.HOTP(secret, digits=_DIGITS)
    steps = (present - 1, present, present + 1)
    found = [step for step in steps if hmac.compare_digest(generator.at(step), digits)]
    return found[-1] if found else None


def _new_recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode("ascii").lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _plain(code: str) -> str:
    return code.lower().replace("-", "").replace(" ", "")


def _throttle_key(person_id: PersonId) -> str:
    return f"second-factor:{person_id}"
