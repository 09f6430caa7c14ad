"""A question to something that may hang: one at a time, and who asks does not wait for long."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Protocol


class Closes(Protocol):
    def close(self) -> None: ...


class Look[T]:
    """Asks in a thread of its own; whoever asks meanwhile shares the answer."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._running: Future[T] | None = None
        self.failed: Exception | None = None
        """What the last look that came back raised."""

    def begin(self) -> "Future[T]":
        """The look that is under way, or a new one."""
        with self._lock:
            if self._running is None or self._running.done():
                answer: Future[T] = Future()
                answer.set_running_or_notify_cancel()
                # A daemon: what hangs holds up neither a page nor the end of the process.
                Thread(target=self._run, args=(answer,), daemon=True, name="look").start()
                # Not before: where no thread can be had, nobody would ever answer.
                self._running = answer
            return self._running

    def _run(self, answer: "Future[T]") -> None:
        try:
            found = self._ask()
        except Exception as error:
            self.failed = error
            answer.set_exception(error)
        else:
            self.failed = None
            answer.set_result(found)


class Held[Port: Closes]:
    """A port that stays open from look to look, and is opened anew after one that failed."""

    def __init__(self, open_port: Callable[[], Port]) -> None:
        self._open = open_port
        self._port: Port | None = None
        self._used = Lock()

    def ask[T](self, question: Callable[[Port], T]) -> T:
        """One question at a time; raises what opening and asking do."""
        with self._used:
            if self._port is None:
                self._port = self._open()
            try:
                return question(self._port)
            except BaseException:
                self._drop()
                raise

    def close(self) -> None:
        """Close it, unless it is being asked: that ends with the process."""
        if self._used.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._used.release()

    def _drop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()
