"""One process that serves the pages on this machine, until it is told to stop."""

import errno
import gc
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import uvicorn
from fastapi import FastAPI

from services.bootstrap import check_accounts, open_bus, open_index, open_store, try_channel
from services.dead.reading import catch_up
from services.errors import UserError
from services.look import Held
from services.loopback import ADDRESS
from services.operations.lookout import Lookout
from services.probing.dependencies import EVERYTHING, look_at_index
from services.probing.exposition import show
from services.probing.process import probed
from services.settings import Settings
from services.web.app import create_app
from services.web.entrance import Entrance, entrance_for
from services.web.handover import Offer, Taken, take, way_to
from services.web.late import LateIndex
from services.web.leaving import Server
from services.web.place import place
from services.web.protocol import Protocol, make_room
from services.web.security import MOST_HEADER_BYTES
from services.web.stores import LateStore

GRACE = 5
"""Seconds that answers under way may take after a stop was asked for."""


def serve(
    settings: Settings,
    port: int | None = None,
    host: str = ADDRESS,
    *,
    take_over: bool = False,
    hand_over: bool = True,
) -> None:
    """Serve the pages until SIGTERM or Ctrl-C; prints the address first.

    With ``take_over`` the port is taken from the process that serves it now, which ends once this
    one is ready; without one it starts as usual. With ``hand_over`` a later one may do so to this.

    Servers that are away do not keep it from starting: pages and /readyz say so, and it is tried
    again. Port 0 takes any free one. Raises UserError when the port cannot be had, and
    SettingsError where everybody must log in and nobody could, for which the store must answer.
    """
    wanted = settings.port if port is None else port
    entrance = entrance_for(settings, host)
    check_accounts(settings, host)
    taken = take(way_to(settings.home, wanted), host) if take_over else None
    with (
        taken.listener if taken else listening(wanted, host) as listener,
        LateIndex(lambda: open_index(settings)) as index,
        LateStore(lambda: open_store(settings)) as store,
        probed(
            settings, "pages", EVERYTHING, look_at=lambda: look_at_index(index.opened())
        ) as probes,
        Lookout(place(settings, store)) as lookout,
    ):
        index.start()
        show_records(settings, store)
        app = create_app(
            index,
            probes,
            store=store,
            entrance=entrance,
            test=partial(try_channel, settings),
            allowed=settings.webhook_networks,
            allowed_sources=settings.allow_networks,
            lookout=lookout,
        )
        Protocol.most = make_room()
        # What is loaded stays, so the collector of garbage need not look through it again.
        gc.collect()
        gc.freeze()
        server = Server(configuration(app), probes)
        real = listener.getsockname()[1]
        with (
            Offer(way_to(settings.home, real), listener, server.hand_over) as offer,
            stopped_by_signal(server),
        ):
            server.begun = partial(_begun, taken, offer if hand_over else None)
            print(greeting(entrance, real), flush=True)
            server.run(sockets=[listener])


def _begun(taken: Taken | None, offer: Offer | None) -> None:
    if taken:
        taken.done()
    if offer:
        offer.open()


def show_records(settings: Settings, store: LateStore) -> None:
    """Let the metrics of this process tell what the store says of sources and dead letters."""
    from services.probing.looked_up import Records

    log = Held(lambda: open_bus(settings))
    show(Records(store, lambda: log.ask(lambda bus: catch_up(bus, store()))))


def greeting(entrance: Entrance, port: int) -> str:
    """Where the pages are, in one line."""
    here = f"http://{ADDRESS}:{port}/"
    there = f" and {entrance.address}/" if entrance.address else ""
    login = ", for those who log in" if entrance.login else ""
    return f"Beatwire is at {here}{there}{login} (Ctrl-C stops it)"


def configuration(app: FastAPI) -> uvicorn.Config:
    """Quiet, without its own signature, and deaf to headers that only a proxy may send."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )


@contextmanager
def listening(port: int, host: str = ADDRESS) -> Iterator[socket.socket]:
    """A socket that already takes connections, so that the printed address works at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError as error:
            raise UserError(port_problem(port, error)) from error
        yield listener


def port_problem(port: int, error: OSError) -> str:
    """One line: the port, why it cannot be had, what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is taken by another program; stop that one, or choose another: "
            f"beatwire serve --port {port + 1 if port < 65535 else 0}; "
            "from an older beatwire serve, take it over: --take-over"
        )
    return f"port {port} cannot be used ({error.strerror}); try: beatwire serve --port 0"


@contextmanager
def stopped_by_signal(server: Server) -> Iterator[None]:
    """SIGTERM and Ctrl-C stop the server, and nothing else, at whatever moment they come.

    Uvicorn has its own while it runs (``Server.handle_exit``), and puts these back when it is
    done. Elsewhere than in the main thread signals are not ours to take.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's own form
        server.should_exit = True

    theirs = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in theirs.items():
            signal.signal(number, handler)
