"""S-11: no default secret; the program does not start without one of its own, kept private."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from labelhub import settings
from labelhub.settings import Settings, SettingsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "data"
    settings.make_folder(place)
    settings.make_key(place / "keys" / "secret-key")
    return place


def write_key(folder: Path, text: str) -> None:
    (folder / "keys" / "secret-key").write_text(text)


def test_a_new_installation_is_private_and_has_a_key_of_its_own(folder: Path) -> None:
    loaded = settings.load({}, folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "keys" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert len(loaded.secret_key) >= 43
    assert loaded.database_url == f"sqlite:///{folder}/labelhub.db"
    assert loaded.trusted_hosts == ("localhost", "127.0.0.1", "[::1]")


def test_two_installations_never_share_a_key(tmp_path: Path) -> None:
    keys = set()
    for name in "ab":
        settings.make_key(tmp_path / name / "key")
        keys.add((tmp_path / name / "key").read_text())
    assert len(keys) == 2


def test_an_existing_key_is_never_replaced(folder: Path) -> None:
    before = settings.load({}, folder).secret_key

    assert settings.make_key(folder / "keys" / "secret-key") is False
    assert settings.load({}, folder).secret_key == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "short",
        "change-me",
        "x" * 64,
        "secret" * 10,
        "0123456789" * 5,
        "é" * 50,
    ],
)
def test_a_missing_short_or_example_key_refuses(folder: Path, text: str) -> None:
    write_key(folder, text)

    with pytest.raises(SettingsError, match="key"):
        settings.load({}, folder)


def test_a_key_that_others_may_read_refuses(folder: Path) -> None:
    (folder / "keys" / "secret-key").chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600"):
        settings.load({}, folder)


def test_a_folder_that_others_may_read_refuses(folder: Path) -> None:
    folder.chmod(0o755)

    with pytest.raises(SettingsError, match="chmod 700"):
        settings.load({}, folder)


def test_no_folder_and_no_key_refuse(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="labelhub init"):
        settings.load({}, tmp_path / "nothing")
    settings.make_folder(tmp_path / "empty")
    with pytest.raises(SettingsError, match="labelhub init"):
        settings.load({}, tmp_path / "empty")


def test_older_keys_stay_understood_while_they_are_listed(folder: Path) -> None:
    old = settings.load({}, folder).secret_key
    settings.make_key(folder / "keys" / "new")
    new = (folder / "keys" / "new").read_text().strip()
    write_key(folder, f"{new}\n{old}\n")

    loaded = settings.load({}, folder)

    assert loaded.secret_key == new
    assert loaded.secret_key_fallbacks == (old,)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LABELHUB_PROXIES", "many"),
        ("LABELHUB_PROXIES", "6"),
        ("LABELHUB_PROXIES", "-1"),
        ("LABELHUB_TLS", "perhaps"),
        ("LABELHUB_TRUSTED_HOSTS", " , "),
    ],
)
def test_malformed_settings_refuse_and_name_themselves(folder: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings.load({name: value}, folder)


def test_settings_come_from_the_environment(folder: Path) -> None:
    loaded = settings.load(
        {
            "LABELHUB_DATA": str(folder),
            "LABELHUB_DATABASE_URL": "postgresql://u:p@db/labelhub",
            "LABELHUB_TRUSTED_HOSTS": "labels.example, [::1]",
            "LABELHUB_PROXIES": "1",
            "LABELHUB_TLS": "yes",
        }
    )

    assert loaded.data == folder
    assert loaded.database_url == "postgresql://u:p@db/labelhub"
    assert loaded.trusted_hosts == ("labels.example", "[::1]")
    assert (loaded.proxies, loaded.tls) == (1, True)


def test_printed_settings_hold_no_secret(folder: Path) -> None:
    loaded: Settings = settings.load(
        {"LABELHUB_DATABASE_URL": "postgresql://u:hunter2@db/labelhub"}, folder
    )

    assert loaded.secret_key not in repr(loaded)
    assert "hunter2" not in repr(loaded)
    assert os.fspath(folder) in repr(loaded)


def test_an_older_installation_gets_a_key_for_check_ins_of_its_own(folder: Path) -> None:
    path = folder / "keys" / "check-in-key"
    assert not path.exists()

    loaded = settings.load({}, folder)

    key = path.read_text()
    assert loaded.check_in_key_file == path
    assert path.stat().st_mode & 0o777 == 0o600
    assert key.strip() != loaded.secret_key
    assert key.strip() not in repr(loaded)
    settings.load({}, folder)
    assert path.read_text() == key


def test_processes_that_begin_at_once_take_the_same_key(tmp_path: Path) -> None:
    """None meets a key that is half written: it appears whole."""
    for number in range(20):
        path = tmp_path / str(number) / "key"
        with ThreadPoolExecutor(8) as together:
            keys = list(together.map(settings.check_in_keys, [path] * 8))
        assert len(set(keys)) == 1
        assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_the_key_of_check_ins_lies_where_the_environment_says(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "shared" / "key"

    loaded = settings.load({"LABELHUB_CHECK_IN_KEY_FILE": str(elsewhere)}, folder)

    assert loaded.check_in_key_file == elsewhere
    assert elsewhere.exists()
    assert not (folder / "keys" / "check-in-key").exists()


@pytest.mark.parametrize("text", ["", "short", "x" * 64])
def test_a_key_of_check_ins_that_is_none_refuses_and_names_the_file(
    folder: Path, text: str
) -> None:
    settings.load({}, folder)
    (folder / "keys" / "check-in-key").write_text(text)

    with pytest.raises(SettingsError, match=r"check-in-key.*LABELHUB_CHECK_IN_KEY_FILE"):
        settings.load({}, folder)


def test_a_key_of_check_ins_that_others_may_read_refuses(folder: Path) -> None:
    settings.load({}, folder)
    (folder / "keys" / "check-in-key").chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600"):
        settings.load({}, folder)


def test_a_key_of_check_ins_that_cannot_be_made_refuses(folder: Path) -> None:
    (folder / "file").write_text("")
    beneath = {"LABELHUB_CHECK_IN_KEY_FILE": str(folder / "file" / "key")}

    with pytest.raises(SettingsError, match="LABELHUB_CHECK_IN_KEY_FILE"):
        settings.load(beneath, folder)
