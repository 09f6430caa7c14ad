"""The one settings class: environment, ``.env`` and ``beatwire.toml`` (strongest first)."""

import difflib
import os
import tomllib
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from services.errors import SettingsError

Network = IPv4Network | IPv6Network
PREFIX = "BEATWIRE_"


class Settings(BaseSettings):
    """Everything that can be set; see ``docs/settings.md``. Unset addresses mean: embedded."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        toml_file="beatwire.toml",
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
        1.0, ge=0, le=3600, description="Least seconds between two requests to one host."
    )
    fetch_timeout: float = Field(30.0, gt=0, le=600, description="Seconds that one fetch may take.")
    poll_every: float = Field(
        600.0, ge=1, description="Seconds between two looks at a source while `beatwire up` runs."
    )
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=256,
        description="Processes that read articles in the embedded mode.",
    )
    port: int = Field(8321, ge=0, le=65535, description="Port of the web pages; 0: any free one.")
    gazetteer: Path | None = Field(
        None, description="A file of your own names, read after those that Beatwire knows."
    )

    @field_validator("allow_networks", mode="before")
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
    """Read the settings.

    Raises SettingsError with one line: the setting, what is wrong with it, what is expected.
    """
    refuse_unknown()
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0] if first["loc"] else "").upper()
        raise SettingsError(f"{name}={first['input']!s:.100}: {first['msg']}") from None


def refuse_unknown() -> None:
    """Raise SettingsError for a name that no setting has, with the nearest one.

    Looks at ``BEATWIRE_`` names of the environment and ``.env``, and all keys of ``beatwire.toml``.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {name: name for name in (*os.environ, *dotenv_values(".env"))}
    given |= {key: PREFIX + key for key in _toml_keys(Path("beatwire.toml"))}
    for shown, name in sorted(given.items()):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
            raise SettingsError(f"{shown} is not a setting of Beatwire; {hint}")


def _toml_keys(path: Path) -> list[str]:
    try:
        return list(tomllib.loads(path.read_text()))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
