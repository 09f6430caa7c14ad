"""A setting that is wrong stops the start with one line that says what to do."""

from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings import Settings, default_home, load_settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default(home: str) -> None:
    settings = load_settings()
    assert settings.home == Path(home)
    assert settings.allow_networks == ()
    assert settings.bus_file.parent == settings.home


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BEATWIRE_ALLOW_NETWORKS", "127.0.0.1/33", "BEATWIRE_ALLOW_NETWORKS=127.0.0.1/33"),
        ("BEATWIRE_HOSTS", "ledger.example=nowhere", "BEATWIRE_HOSTS=ledger.example=nowhere"),
        ("BEATWIRE_PORT", "http", "BEATWIRE_PORT=http"),
        ("BEATWIRE_WORKERS", "0", "BEATWIRE_WORKERS=0"),
        ("BEATWIRE_WORKRES", "2", "did you mean BEATWIRE_WORKERS?"),
        ("BEATWIRE_QQQ", "2", "not a setting of Beatwire"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_environment_wins_over_env_file_and_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("beatwire.toml").write_text("port = 1\nworkers = 1\ncontact = 'toml'\n")
    Path(".env").write_text("BEATWIRE_PORT=2\nBEATWIRE_WORKERS=2\nOTHER=1\n")
    monkeypatch.setenv("BEATWIRE_PORT", "3")
    settings = load_settings()
    assert (settings.port, settings.workers, settings.contact) == (3, 2, "toml")


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATWIRE_ALLOW_NETWORKS", "127.0.0.1/32, ::1/128")
    monkeypatch.setenv("BEATWIRE_HOSTS", "Ledger.example=127.0.0.1,wire.example=::1")
    settings = load_settings()
    assert [str(network) for network in settings.allow_networks] == ["127.0.0.1/32", "::1/128"]
    assert settings.hosts == {"ledger.example": "127.0.0.1", "wire.example": "::1"}


def test_an_unknown_name_in_the_env_file_is_refused() -> None:
    Path(".env").write_text("BEATWIRE_HOEM=/somewhere\n")
    with pytest.raises(SettingsError, match="BEATWIRE_HOME"):
        load_settings()


def test_a_broken_toml_is_named() -> None:
    Path("beatwire.toml").write_text("port = = 1\n")
    with pytest.raises(SettingsError, match=r"beatwire\.toml"):
        load_settings()


def test_an_unknown_key_in_the_toml_is_refused() -> None:
    Path("beatwire.toml").write_text("prot = 1\n")
    with pytest.raises(SettingsError, match="did you mean BEATWIRE_PORT"):
        load_settings()


def test_the_home_folder_follows_the_platform() -> None:
    assert default_home({"XDG_DATA_HOME": "/data"}) == Path("/data/beatwire")
    assert default_home({"HOME": "/home/ada"}) == Path("/home/ada/.local/share/beatwire")
    assert default_home({}) == Path(".beatwire").absolute()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())
