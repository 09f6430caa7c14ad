"""The one settings class: environment, ``.env`` and ``beatwire.toml`` (strongest first)."""

import difflib
import os
import re
import tempfile
from email.utils import parseaddr
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from services.errors import SettingsError
from services.settings_sources import (
    ENV_FILE,
    FILE,
    PREFIX,
    TOML_FILE,
    given_settings,
    secrets_from_files,
)
from services.smtp import mail_server

__all__ = ["MAY_HOLD_SECRETS", "PREFIX", "SHARED", "Settings", "load_settings", "read_settings"]

Network = IPv4Network | IPv6Network
SHARED = ("bus", "index", "store", "broker")
"""The addresses that workers of several machines share."""
MAY_HOLD_SECRETS = (*SHARED, "smtp")
"""Addresses, which may hold a password: no message shows them, and each may be in a file."""


def _days(default: int, what: str) -> Any:
    return Field(default, ge=0, le=36_500, description=f"Days that {what}; 0: for ever.")


class Settings(BaseSettings):
    """Everything that can be set; see ``docs/settings.md``. Unset addresses mean: embedded."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        toml_file=TOML_FILE,
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    home: Path = Field(
        default_factory=lambda: default_home(os.environ),
        description="The folder that holds everything of the embedded mode.",
    )
    bus: str = Field("", description="Address of the log; unset: a file in the home folder.")
    index: str = Field("", description="Address of the index; unset: a folder in the home folder.")
    store: str = Field("", description="Address of the store; unset: a file in the home folder.")
    broker: str = Field("", description="Address of the Celery broker; unset: tasks in process.")
    group_member: str = Field(
        "",
        description="Stable name of this member of its consumer groups (a pod's name), "
        "for restarts without a rebalance.",
    )
    allow_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Networks that fetching may reach although private, as 127.0.0.1/32."
    )
    hosts: Annotated[dict[str, str], NoDecode] = Field(
        {}, description="Names with fixed addresses, as ledger.example=127.0.0.1."
    )
    contact: str = Field(
        "", description="Address or page in the user agent, for publishers who want to write."
    )
    crawl_delay: float = Field(
        1.0,
        ge=0,
        le=3600,
        description="Least seconds between two requests to one host, by all crawlers.",
    )
    opt_outs: Literal["note", "obey"] = Field(
        "note",
        description="What publishers reserve from text mining and training: noted, or left out.",
    )
    fetch_timeout: float = Field(30.0, gt=0, le=600, description="Seconds that one fetch may take.")
    poll_every: float = Field(
        600.0,
        ge=1,
        le=31_536_000,
        description="Seconds to the next look at a source of which nothing is known; its own "
        "rhythm makes that a tenth to 24 times as long.",
    )
    render: str = Field(
        "",
        description="Chromium, as a name or path, that renders pages which are empty without "
        "scripts; unset: they stay empty.",
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=0,
        le=256,
        description="Processes that read articles; 0, with a broker: Celery workers elsewhere do.",
    )
    port: int = Field(8321, ge=0, le=65535, description="Port of the web pages; 0: any free one.")
    address: str = Field(
        "", description="Public address of the pages, as https://news.example; asks for logins."
    )
    login: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Who must log in. auto: everybody once more than this machine can ask; always; "
        "never: whoever reaches the port is in.",
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Networks of proxies whose X-Forwarded-For and -Proto are believed."
    )
    smtp: str = Field(
        "", description="Address of the mail server that takes alerts; unset: no e-mail is sent."
    )
    mail_from: str = Field(
        "", description="Who e-mails come from, as Beatwire <alerts@news.example>."
    )
    webhook_networks: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Networks that webhooks may go to although private, as 10.1.0.0/16."
    )
    requests_per_minute: int = Field(
        300, ge=0, le=1_000_000, description="Most requests of one user, key or address; 0: any."
    )
    metrics_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="First port of the probes and metrics of processes; 0: none.",
    )
    metrics_host: str = Field("127.0.0.1", description="Address that probes and metrics listen on.")
    log: Literal["text", "json"] = Field(
        "text", description="What processes write on standard error: lines of text, or of JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="The least that is written; info: how every event ended."
    )
    traces: str = Field(
        "", description="Address of an OpenTelemetry collector that takes OTLP over HTTP."
    )
    keep_pages_days: int = _days(
        0, "fetched pages stay in the log, from which they can be read anew"
    )
    keep_articles_days: int = _days(0, "articles stay in the log, from which the index is built")
    keep_outcomes_days: int = _days(365, "it stays known how each event ended in each stage")
    keep_messages_days: int = _days(365, "messages stay that were sent, failed or dropped")
    keep_letters_days: int = _days(365, "dead letters stay that were retried or dropped")
    keep_alerts_days: int = _days(0, "alerts stay")
    gazetteer: Path | None = Field(
        None, description="A file of your own names, read after those that Beatwire knows."
    )

    site_rules: Path | None = Field(
        None, description="A file of your own rules for single sites; see docs/extraction.md."
    )
    mood: str = Field(
        "fast",
        description="The model of mood: fast, accurate, or one that another package registers.",
    )

    @field_validator("home", "gazetteer", "site_rules")
    @classmethod
    def _from_anywhere(cls, value: Path | None) -> Path | None:
        try:
            return value and value.expanduser().absolute()
        except RuntimeError as error:  # ``~nobody``
            raise ValueError(str(error)) from None

    @field_validator("traces")
    @classmethod
    def _collector(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError("no address of the web")
        return value

    @field_validator("address")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value)
        whole = (
            parts.scheme in ("http", "https")
            and parts.hostname
            and parts.port != 0
            and "@" not in parts.netloc
            and not (parts.path.strip("/") or parts.query or parts.fragment)
        )
        if value and not whole:
            raise ValueError("not a scheme and a host")
        usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}" if value else ""

    @field_validator("smtp")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            mail_server(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        address = parseaddr(value)[1]
        local, _, domain = address.rpartition("@")
        plain = address.isascii() and not re.search(r"[^!-~]|[<>()\[\],;:\\\"]", address)
        if value and not (local and domain and plain and value.isprintable()):
            raise ValueError("no e-mail address")
        return value

    @field_validator("allow_networks", "trusted_proxies", "webhook_networks", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        if not all(name.strip() for name, _, _ in pairs):
            raise ValueError("a name is missing")
        return {name.strip().lower(): str(ip_address(at.strip())) for name, _, at in pairs}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, toml

    @cached_property
    def bus_file(self) -> Path:
        return self.home / "bus.sqlite"

    @cached_property
    def index_folder(self) -> Path:
        return self.home / "index"

    @cached_property
    def store_url(self) -> str:
        return self.store or f"sqlite:///{self.home / 'store.sqlite'}"


def default_home(environ: "os._Environ[str] | dict[str, str]") -> Path:
    """``$XDG_DATA_HOME/beatwire``, ``~/.local/share/beatwire``; without a home, ``./.beatwire``."""
    if data := environ.get("XDG_DATA_HOME"):
        return Path(data) / "beatwire"
    if home := environ.get("HOME"):
        return Path(home) / ".local" / "share" / "beatwire"
    return Path(".beatwire").absolute()


def load_settings() -> Settings:
    """Read the settings, and see that the home folder can be used; nothing is made.

    Raises SettingsError with one line: the setting, what is wrong with it, what is expected.
    """
    settings = read_settings()
    check_home(settings.home)
    return settings


def read_settings() -> Settings:
    """The settings for what needs no home folder. Raises SettingsError as ``load_settings``."""
    given = given_settings()
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {PREFIX + name.upper() + FILE for name in MAY_HOLD_SECRETS}
    for name, setting in sorted(given.items()):
        if name not in known:
            raise SettingsError(_unknown(name, setting.shown, sorted(known)))
    secrets: dict[str, Any] = secrets_from_files(given, MAY_HOLD_SECRETS)
    try:
        return Settings(**secrets)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0] if first["loc"] else "")
        name = PREFIX + field.upper()
        shown = given[name].shown if name in given else name
        given_as = " ".join(str(first["input"]).split())[:100]
        value = "" if field in MAY_HOLD_SECRETS else f"={given_as}"
        raise SettingsError(f"{shown}{value}: expected {expected(field)}") from None


def check_home(home: Path) -> None:
    """Raise SettingsError unless the folder is there and can be written, or can be made."""
    there = next(path for path in (home, *home.parents) if os.path.lexists(path))
    try:
        if not there.is_dir():
            raise NotADirectoryError(20, f"{there} is no folder")
        if there != home:
            with tempfile.TemporaryDirectory(prefix=".beatwire-", dir=there):
                return
        if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "it cannot be written")
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}HOME={home}: the folder cannot be used ({error.strerror}); "
            "set it to a folder that you may write"
        ) from None


_EXPECTED = {
    "smtp": "smtp://[USER:PASSWORD@]HOST[:PORT] (encrypted by STARTTLS), smtps://, or "
    "smtp+plain:// and no password to another machine",
    "mail_from": "an e-mail address such as Beatwire <alerts@news.example>",
    "webhook_networks": "networks such as 10.1.0.0/16, with commas between them",
    "address": "http:// or https:// and a name, with a port where it is another, and nothing more",
    "login": "auto, always or never",
    "opt_outs": "note or obey",
    "log": "text or json",
    "traces": "an address such as http://127.0.0.1:4318",
    "log_level": "debug, info, warning or error",
    "trusted_proxies": "networks such as 10.0.0.1/32, with commas between them",
    "allow_networks": "networks such as 127.0.0.1/32, with commas between them",
    "hosts": "NAME=ADDRESS such as ledger.example=127.0.0.1, with commas between them",
    "home": "the path of a folder",
    "gazetteer": "the path of a file",
    "site_rules": "the path of a file",
}


def expected(name: str) -> str:
    """What a setting takes, in words; the bounds of a number are those of its field."""
    field = Settings.model_fields[name]
    if field.annotation not in (int, float):
        return _EXPECTED.get(name, "a text")
    kind = "a whole number" if field.annotation is int else "a number"
    bounds = {
        sign: bound
        for each in field.metadata
        for sign in ("ge", "gt", "le")
        if (bound := getattr(each, sign, None)) is not None
    }
    least = f"from {bounds['ge']}" if "ge" in bounds else f"above {bounds['gt']}, up"
    return f"{kind} {least} to {bounds['le']}"


def _unknown(name: str, shown: str, known: list[str]) -> str:
    in_toml = shown.startswith(f"{TOML_FILE}: ")
    bare = {each.removeprefix(PREFIX): each for each in known}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1, cutoff=0.75)
    names = [each.lower() if in_toml else bare[each] for each in near or bare]
    hint = f"did you mean {names[0]}?" if near else f"known: {', '.join(names)}"
    return f"{shown} is not a setting of Beatwire; {hint}"
