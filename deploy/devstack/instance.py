"""One instance of the servers: brings them up, ends them, tells how they are."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from deploy.devstack import processes, programs
from deploy.devstack.account import Account
from deploy.devstack.errors import DevstackError
from deploy.devstack.home import Home, Started, is_free
from deploy.devstack.servers import SERVERS
from deploy.devstack.servers.base import Place, Server
from deploy.devstack.software import Software

Condition = Literal["stopped", "running", "paused", "not answering"]

# A server needs 2 to 15 seconds; a machine that runs all the tests at once takes its time.
PATIENCE = 120.0
GRACE = 20.0


class Instance:
    """The servers whose ports, data and logs are in one home folder."""

    def __init__(self, folder: Path) -> None:
        self._account = Account.choose()
        self._software = Software(self._account)
        self.home = Home(folder, self._account)

    def missing(self, server: Server) -> list[str]:
        """The programs that this machine lacks for the server."""
        fetch = server.fetched and not self._software.is_here
        needs = [*server.needs, programs.MAVEN] if fetch else server.needs
        return [program for program in needs if not programs.is_here(program)]

    def up(self, names: Iterable[str], *, keep: bool = True) -> dict[str, bool]:
        """Bring servers up, at the same time; whether each was started by this call.

        Those that are not to be kept end with the last ``run``.
        """
        servers = [SERVERS[name] for name in names]
        if not servers:
            return {}
        if line := programs.missing_line({server.name: self.missing(server) for server in servers}):
            raise DevstackError(line)
        with self.home.lock():
            self.home.clear_leftovers()
            if any(server.fetched for server in servers):
                self._software.fetch()
            places = [self._place(server) for server in servers]
            with ThreadPoolExecutor(len(servers)) as pool:
                started = pool.map(partial(self._bring_up, keep), servers, places)
                return {server.name: new for server, new in zip(servers, started, strict=True)}

    def stop(self, names: Iterable[str]) -> list[str]:
        """End servers in good order; the names of those that ran."""
        with self.home.lock():
            return self._stop_all(names)

    def kill(self, name: str) -> None:
        """End a server as a power cut would: no process of it gets a chance to tidy up."""
        processes.kill(self._running(name).pid)

    def pause(self, name: str) -> None:
        """Stop a server in the middle of what it does: it stays connected and says nothing."""
        self._signal(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a paused server go on."""
        self._signal(name, signal.SIGCONT)

    def reset(self) -> None:
        """Stop all, and delete data and logs; the next ``up`` starts afresh, on other ports."""
        with self.home.lock():
            self._stop_all(SERVERS)
            self.home.delete()

    def leave(self) -> None:
        """At the end of a ``run``: the last one ends what no ``up`` asked for.

        Where no ``up`` was used since the last ``reset``, nothing is left behind either.
        """
        with self.home.lock():
            if self.home.is_in_use():
                return
            state = self.home.state()
            self._stop_all(name for name, one in state.processes.items() if not one.kept)
            if not state.lasting:
                self.home.delete()

    def exports(self, names: Iterable[str] = SERVERS) -> dict[str, str]:
        """The variables of those servers that run."""
        found: dict[str, str] = {}
        for name in names:
            if self.home.running(name):
                found |= SERVERS[name].exports(self._port(name))
        return found

    def condition(self, name: str) -> tuple[Condition, str]:
        """How a server is, and where: its address and process id."""
        started = self.home.running(name)
        if not started:
            return "stopped", ""
        where = f"127.0.0.1:{self._port(name)}  pid {started.pid}"
        if processes.is_paused(started.pid):
            return "paused", where
        answers = said_yes(SERVERS[name].answers, self._place(SERVERS[name]))
        return ("running" if answers else "not answering"), where

    def log_tail(self, name: str, lines: int) -> list[str]:
        """The last lines that a server wrote."""
        try:
            text = self.home.log(name).read_text(errors="replace")
        except FileNotFoundError:
            raise DevstackError(f"{name} was never brought up; devstack up {name}") from None
        return text.splitlines()[-lines:] if lines else []

    def _bring_up(self, keep: bool, server: Server, place: Place) -> bool:
        child: subprocess.Popen[bytes] | None = None
        known = self.home.started(server.name)
        if known and known.runs:
            if processes.is_paused(known.pid):
                raise DevstackError(
                    f"{server.name} is paused; go on with: devstack resume {server.name}"
                )
            self.home.note(server.name, replace(known, kept=known.kept or keep))
        else:
            if known:
                self._stop(server.name, known)
            child = self._start(server, place)
            mark = processes.identity(child.pid) or ""
            self.home.note(server.name, Started(child.pid, mark, keep))
        deadline = time.monotonic() + PATIENCE
        while not said_yes(server.answers, place):
            if child and child.poll() is not None:
                raise self._failure(server.name, "ended at once")
            if time.monotonic() > deadline:
                raise self._failure(server.name, f"does not answer after {PATIENCE:.0f} seconds")
            time.sleep(0.1)
        return child is not None

    def _start(self, server: Server, place: Place) -> subprocess.Popen[bytes]:
        for port in place.ports.values():
            if not is_free(port):
                raise DevstackError(
                    f"port {port} of {server.name} is taken by another program; stop that one, "
                    "or take other ports (and lose the data) with: devstack reset"
                )
        place.account.own(place.folder)
        server.prepare(place)
        launch = server.launch(place)
        log = self.home.log(server.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return subprocess.Popen(
                launch.command,
                env=launch.environment(),
                cwd=place.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **place.account.switch_options(),
            )

    def _failure(self, name: str, what: str) -> DevstackError:
        last = next((line for line in reversed(self.log_tail(name, 50)) if line.strip()), "")
        return DevstackError(f"{name} {what}: {last.strip()[:200]} (devstack logs {name})")

    def _stop_all(self, names: Iterable[str]) -> list[str]:
        known = {name: started for name in names if (started := self.home.started(name))}
        running = [name for name, started in known.items() if started.runs]
        if known:
            with ThreadPoolExecutor(len(known)) as pool:
                list(pool.map(self._stop, known, known.values()))
        return running

    def _stop(self, name: str, started: Started) -> None:
        if started.runs:
            processes.stop(started.pid, SERVERS[name].stop_signal, GRACE)
        elif started.may_have_left:
            processes.kill(started.pid)

    def _signal(self, name: str, what: signal.Signals) -> None:
        leader = self._running(name).pid
        processes.send(processes.members(leader, processes.processes()), what)

    def _running(self, name: str) -> Started:
        started = self.home.running(name)
        if not started:
            raise DevstackError(f"{name} does not run; bring it up with: devstack up {name}")
        return started

    def _port(self, name: str) -> int:
        return self.home.ports(name, SERVERS[name].ports)["clients"]

    def _place(self, server: Server) -> Place:
        return Place(
            folder=self.home.data / server.name,
            ports=self.home.ports(server.name, server.ports),
            account=self._account,
            software=self._software,
        )


def said_yes(answers: Callable[[Place], bool], place: Place) -> bool:
    """Whether a server answers; what it does while it starts is no answer."""
    with contextlib.suppress(OSError, EOFError):
        return answers(place)
    return False


def tell(text: str) -> None:
    """One line for the person at the keyboard."""
    print(text, file=sys.stderr, flush=True)
