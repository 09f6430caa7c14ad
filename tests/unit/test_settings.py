"""A setting that is wrong stops the start with one line that says what to do."""

from pathlib import Path

import pytest

from services.errors import SettingsError
from services.settings import (
    MAY_HOLD_SECRETS,
    Settings,
    default_home,
    expected,
    load_settings,
    read_settings,
)
from services.smtp import mail_server


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
        ("BEATWIRE_HOSTS", "ledger.example", "expected NAME=ADDRESS"),
        ("BEATWIRE_HOSTS", "=127.0.0.1", "expected NAME=ADDRESS"),
        ("BEATWIRE_PORT", "http", "BEATWIRE_PORT=http: expected a whole number from 0 to 65535"),
        ("BEATWIRE_WORKERS", "-1", "BEATWIRE_WORKERS=-1: expected a whole number from 0 to 256"),
        ("BEATWIRE_FETCH_TIMEOUT", "0", "expected a number above 0, up to 600"),
        ("BEATWIRE_POLL_EVERY", "inf", "expected a number from 1 to"),
        ("BEATWIRE_GAZETTEER", "~nobody-of-that-name/x", "expected the path of a file"),
        ("BEATWIRE_LOGIN", "maybe", "BEATWIRE_LOGIN=maybe: expected auto, always or never"),
        ("BEATWIRE_TRUSTED_PROXIES", "proxy", "expected networks such as 10.0.0.1/32"),
        ("BEATWIRE_ADDRESS", "news.example", "expected http:// or https:// and a name"),
        ("BEATWIRE_ADDRESS", "https://news.example/x", "BEATWIRE_ADDRESS=https://news.example/x"),
        ("BEATWIRE_ADDRESS", "https://me@news.example", "expected http:// or https:// and a name"),
        ("BEATWIRE_ADDRESS", "https://news.example:x", "expected http:// or https:// and a name"),
        ("BEATWIRE_WEBHOOK_NETWORKS", "intranet", "expected networks such as 10.1.0.0/16"),
        ("BEATWIRE_MAIL_FROM", "Beatwire", "BEATWIRE_MAIL_FROM=Beatwire: expected an e-mail"),
        ("BEATWIRE_MAIL_FROM", "a@b.example\nBcc: e@evil.example", "expected an e-mail address"),
        ("BEATWIRE_SMTP", "mail.example", "BEATWIRE_SMTP: expected smtp://"),
        ("BEATWIRE_SMTP", "smtp://mail.example:0", "BEATWIRE_SMTP: expected smtp://"),
        ("BEATWIRE_SMTP", "smtp://ada@mail.example", "BEATWIRE_SMTP: expected smtp://"),
        ("BEATWIRE_SMTP", "smtp+plain://ada:x@mail.example", "no password to another machine"),
        ("BEATWIRE_WORKRES", "2", "did you mean BEATWIRE_WORKERS?"),
        ("BEATWIRE_QQQ", "2", "BEATWIRE_QQQ is not a setting of Beatwire; known: BEATWIRE_"),
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


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://News.example/", "https://news.example"),
        ("https://news.example:443", "https://news.example"),
        ("http://news.example:8080", "http://news.example:8080"),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    assert Settings(address=given).address == kept


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
    with pytest.raises(SettingsError, match=r"beatwire\.toml: prot .* did you mean port\?"):
        load_settings()


def test_the_home_folder_follows_the_platform() -> None:
    assert default_home({"XDG_DATA_HOME": "/data"}) == Path("/data/beatwire")
    assert default_home({"HOME": "/home/ada"}) == Path("/home/ada/.local/share/beatwire")
    assert default_home({}) == Path(".beatwire").absolute()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_what_a_setting_takes_can_be_said(name: str) -> None:
    assert expected(name)


def test_a_wrong_value_of_a_file_is_told_with_the_file() -> None:
    Path("beatwire.toml").write_text("port = 'x'\n")
    with pytest.raises(SettingsError, match=r"^beatwire\.toml: port=x: expected"):
        load_settings()
    Path(".env").write_text("BEATWIRE_PORT=y\n")
    with pytest.raises(SettingsError, match=r"^\.env: BEATWIRE_PORT=y: expected"):
        load_settings()


@pytest.mark.parametrize("content", [b'A=1\nB="never closed\n', b"A=\xff\n"])
def test_an_env_file_that_cannot_be_read_stops_the_start(content: bytes) -> None:
    Path(".env").write_bytes(content)
    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        load_settings()


def test_the_home_sign_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BEATWIRE_HOME", "~/news")
    monkeypatch.setenv("BEATWIRE_GAZETTEER", "~/names.jsonl")
    settings = load_settings()
    assert settings.home == tmp_path / "news"
    assert settings.gazetteer == tmp_path / "names.jsonl"
    assert not settings.home.exists()


@pytest.mark.parametrize("place", ["file", "file/below", "dangling"])
def test_a_home_that_cannot_be_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    monkeypatch.setenv("BEATWIRE_HOME", str(tmp_path / place))
    with pytest.raises(SettingsError, match=f"^BEATWIRE_HOME={tmp_path / place}: the folder"):
        load_settings()
    assert read_settings().home == tmp_path / place


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_may_not_be_written_is_no_home(
    monkeypatch: pytest.MonkeyPatch, home: str, there: bool
) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    if there:
        Path(home).mkdir()
        monkeypatch.setattr("os.access", lambda *_: False)
    else:
        monkeypatch.setattr("os.mkdir", refuse)
    with pytest.raises(SettingsError, match="the folder cannot be used"):
        load_settings()


PASSWORD = "s3cret-and-long"
ADDRESS = f"postgresql://ada:{PASSWORD}@db.example/news"


MAIL = f"smtps://ada:{PASSWORD}@mail.example"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("name", MAY_HOLD_SECRETS)
def test_an_address_may_be_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, ending: str
) -> None:
    address = MAIL if name == "smtp" else ADDRESS
    (tmp_path / "secret").write_bytes(f"{address}{ending}".encode())
    monkeypatch.setenv(f"BEATWIRE_{name.upper()}_FILE", str(tmp_path / "secret"))
    assert getattr(load_settings(), name) == address


@pytest.mark.parametrize("place", [".env", "beatwire.toml"])
def test_files_may_name_the_file_of_a_secret(place: str) -> None:
    Path("secret").write_text(ADDRESS)
    line = "BEATWIRE_STORE_FILE=secret" if place == ".env" else "store_file = 'secret'"
    Path(place).write_text(line + "\n")
    assert load_settings().store == ADDRESS


def test_an_empty_name_of_a_file_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATWIRE_STORE_FILE", "")
    assert load_settings().store == ""
    Path("secret").write_text(ADDRESS)
    Path(".env").write_text("BEATWIRE_STORE_FILE=secret\n")
    assert load_settings().store == ADDRESS


def test_an_address_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("secret").write_text(ADDRESS)
    Path(".env").write_text(f"BEATWIRE_STORE={ADDRESS}\n")
    monkeypatch.setenv("BEATWIRE_STORE_FILE", "secret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        ".env: BEATWIRE_STORE and BEATWIRE_STORE_FILE are both given; unset one"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file or directory"),
        (b"", "one address on one line"),
        (b"\n", "one address on one line"),
        (f"{ADDRESS}\n{ADDRESS}".encode(), "one address on one line"),
        (ADDRESS.encode() + b"\0", "one address on one line"),
        (ADDRESS.encode() + b"x" * 5000, "one address on one line"),
        (ADDRESS.encode() + b"\xff", "UTF-8"),
    ],
)
def test_a_file_of_a_secret_that_is_of_no_use_is_named_without_its_content(
    monkeypatch: pytest.MonkeyPatch, content: bytes | None, says: str
) -> None:
    if content is not None:
        Path("secret").write_bytes(content)
    monkeypatch.setenv("BEATWIRE_STORE_FILE", "secret")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith("BEATWIRE_STORE_FILE=secret: the file cannot be used: ")
    assert says in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_an_address_where_a_file_is_expected_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEATWIRE_STORE_FILE", ADDRESS)
    with pytest.raises(
        SettingsError, match=r"an address itself goes into BEATWIRE_STORE$"
    ) as caught:
        load_settings()
    assert PASSWORD not in str(caught.value)


def test_a_wrong_address_is_not_shown() -> None:
    Path("beatwire.toml").write_text(f"store = ['{ADDRESS}']\n")
    with pytest.raises(SettingsError, match=r"^beatwire\.toml: store: expected a text$"):
        load_settings()


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - set(MAY_HOLD_SECRETS)))
def test_only_addresses_may_be_in_files(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"BEATWIRE_{name.upper()}_FILE", "x")
    with pytest.raises(SettingsError, match="is not a setting"):
        load_settings()


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("smtp://mail.example", ("mail.example", 587, "", "", "starttls")),
        ("smtp://a%40b:p%2Fw@mail.example:26/", ("mail.example", 26, "a@b", "p/w", "starttls")),
        ("smtps://mail.example", ("mail.example", 465, "", "", "tls")),
        ("smtp+plain://mail.example", ("mail.example", 25, "", "", "plain")),
        ("smtp://127.0.0.1:1025", ("127.0.0.1", 1025, "", "", "plain")),
        ("smtp://[::1]", ("::1", 25, "", "", "plain")),
        ("smtps://localhost", ("localhost", 465, "", "", "tls")),
    ],
)
def test_what_the_address_of_a_mail_server_means(
    address: str, meant: tuple[str, int, str, str, str]
) -> None:
    found = mail_server(address)
    assert (found.host, found.port, found.user, found.password, found.security) == meant
    assert "p/w" not in repr(found)
