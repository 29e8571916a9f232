"""The environment, read once into frozen settings; LabelHub does not start with unsafe ones."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DATA = "LABELHUB_DATA"
DATABASE_URL = "LABELHUB_DATABASE_URL"
SECRET_KEY_FILE = "LABELHUB_SECRET_KEY_FILE"  # noqa: S105 the name of a setting
TRUSTED_HOSTS = "LABELHUB_TRUSTED_HOSTS"
CHECK_IN_KEY_FILE = "LABELHUB_CHECK_IN_KEY_FILE"
PROXIES = "LABELHUB_PROXIES"
TLS = "LABELHUB_TLS"

KEY_BYTES = 32
_SHORTEST_KEY = 43
"""32 random bytes in URL-safe base64; anything shorter was not made by us."""
_FEWEST_SYMBOLS = 16
"""A random key of that length has about 30 different characters; a typed example far fewer."""
_MOST_PROXIES = 5
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_OTHERS_MAY = 0o077


class SettingsError(ValueError):
    """A setting is missing, wrong or unsafe. The message says which and where."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. Secrets stay out of its printed form."""

    data: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    trusted_hosts: tuple[str, ...] = _LOOPBACK
    proxies: int = 0
    tls: bool = False
    check_in_key: Path | None = None  # the file of the vault's key; None: in the usual place

    def __post_init__(self) -> None:
        for key in self.secret_keys:
            _require_own_key(key)
        if not self.trusted_hosts:
            raise SettingsError(f"{TRUSTED_HOSTS} is empty; name the hosts people use")
        if not 0 <= self.proxies <= _MOST_PROXIES:
            raise SettingsError(f"{PROXIES} must be a number from 0 to {_MOST_PROXIES}")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the key in use, then the older ones that are still understood."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def check_in_key_file(self) -> Path:
        """Return where the key of the check-ins lies; their page alone reads it."""
        return self.check_in_key or check_in_key_file({}, self.data)


def data_folder(environ: Mapping[str, str] = os.environ, given: Path | None = None) -> Path:
    """Return the installation's folder: named by the caller, by the environment, or ours."""
    return (given or Path(environ.get(DATA) or "labelhub-data")).expanduser().absolute()


def database_url(environ: Mapping[str, str], data: Path) -> str:
    return environ.get(DATABASE_URL) or f"sqlite:///{data / 'labelhub.db'}"


def load(environ: Mapping[str, str] = os.environ, data: Path | None = None) -> Settings:
    """Read the settings of an installation made by `labelhub init`.

    Raises:
        SettingsError: something is missing, malformed or open to others.

    """
    folder = data_folder(environ, data)
    if not folder.is_dir():
        raise SettingsError(f"{folder} does not exist; run `labelhub init` first")
    _require_private(folder)
    key, *older = read_keys(key_file(environ, folder))
    check_in_keys(check_in := check_in_key_file(environ, folder))
    make_key(record_key_file(folder))  # an installation made before there was one lacks it
    record_seed(record_key_file(folder))
    hosts = environ.get(TRUSTED_HOSTS)
    return Settings(
        data=folder,
        database_url=database_url(environ, folder),
        secret_key=key,
        secret_key_fallbacks=tuple(older),
        trusted_hosts=_words(hosts) if hosts is not None else _LOOPBACK,
        proxies=_whole_number(environ, PROXIES),
        tls=_yes_or_no(environ, TLS),
        check_in_key=check_in,
    )


def key_file(environ: Mapping[str, str], data: Path) -> Path:
    return Path(environ.get(SECRET_KEY_FILE) or data / "keys" / "secret-key")


def check_in_key_file(environ: Mapping[str, str], data: Path) -> Path:
    return Path(environ.get(CHECK_IN_KEY_FILE) or data / "keys" / "check-in-key")


def check_in_keys(path: Path) -> tuple[str, ...]:
    """Return the keys of the check-ins' vault, newest first; an installation without gets one.

    All hosts of an installation need the same file. Without it the answers cannot be read again.

    Raises:
        SettingsError: it cannot be made or read, or is none of ours.

    """
    try:
        if not path.exists():
            make_key(path)
        keys = tuple(read_keys(path))
        for key in keys:
            _require_own_key(key)
    except (OSError, SettingsError) as error:
        raise SettingsError(
            f"the check-ins have no usable key in {path} ({error}); put the installation's file"
            f" back, or name it in {CHECK_IN_KEY_FILE}"
        ) from error
    return keys


def read_keys(path: Path) -> list[str]:
    """Return the keys in *path*, one a line, newest first.

    To rotate, put a new line on top and restart: what the older keys signed stays valid until
    their lines are removed, so nobody is signed out.
    """
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"no secret key in {path}; run `labelhub init` first") from error
    _require_private(path)
    keys = text.split()
    if not keys:
        raise SettingsError(f"no secret key in {path}; run `labelhub init` first")
    return keys


def record_key_file(data: Path) -> Path:
    """Return where the key lies that signs what labelers take with them."""
    return data / "keys" / "record-key"


def record_seed(path: Path) -> bytes:
    """Return the seed of the signing key: 32 random bytes, in URL-safe base64 on the first line.

    Raises:
        SettingsError: there is none, it is malformed, or others may read it.

    """
    text = read_keys(path)[0]
    try:
        seed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise SettingsError(f"the key in {path} is not base64; put the right file back") from error
    if len(seed) != KEY_BYTES:
        raise SettingsError(f"the key in {path} has {len(seed)} bytes instead of {KEY_BYTES}")
    return seed


def make_folder(folder: Path) -> None:
    """Create the installation's folder for its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def make_key(path: Path) -> bool:
    """Write a new random key to *path* unless it exists; tell whether one was made.

    It appears whole or not at all: several processes may begin at once, and none reads half of it.
    """
    make_folder(path.parent)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
    try:
        path.hardlink_to(draft)  # unlike renaming, it never replaces
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _require_own_key(key: str) -> None:
    if len(key) < _SHORTEST_KEY:
        raise SettingsError(f"the secret key is shorter than {_SHORTEST_KEY} characters")
    if len(set(key)) < _FEWEST_SYMBOLS:
        raise SettingsError("the secret key looks like an example, not like a random one")


def _require_private(path: Path) -> None:
    if path.stat().st_mode & _OTHERS_MAY:
        mode = "700" if path.is_dir() else "600"
        raise SettingsError(f"other users may read {path}; run `chmod {mode} {path}`")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _whole_number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= len("99")):
        raise SettingsError(f"{name} is not a small whole number")
    return int(text)


def _yes_or_no(environ: Mapping[str, str], name: str) -> bool:
    text = (environ.get(name) or "no").lower()
    if text in {"1", "yes", "true", "on"}:
        return True
    if text in {"0", "no", "false", "off"}:
        return False
    raise SettingsError(f"{name} must be yes or no")
