"""A browser with cookies for tests of accounts, and a newsroom that it can ask."""

import asyncio
import atexit
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from argon2 import PasswordHasher
from lxml import html

from services.accounts.passwords import Passwords
from services.accounts.roles import Scope
from services.accounts.sessions import new_session
from services.accounts.tokens import new_key
from services.bus import Bus
from services.operations.lookout import Lookout, Place
from services.probing.probes import Probes
from services.store import Store
from services.store.alerting import Channel
from services.store.people import ApiKey, Role, User
from services.store.store import open_sql_store
from services.version import VERSION
from services.web import cookies
from services.web.app import create_app
from services.web.csrf import form_token
from services.web.entrance import Entrance, Site
from services.web.limits import Bucket, Window
from services.web.login import PER_CLIENT, PER_NAME, Attempts
from services.web.stores import no_bus
from tests.support.coverage import NOW
from tests.support.local_index import stories_index

LOCAL, PUBLIC = "http://127.0.0.1:8321", "https://news.example"
PASSWORD = "four words of ada's"
WITH_LOGIN = Entrance(login=True, address=PUBLIC)


class CountingPasswords(Passwords):
    """Quick ones, which count how often the work of a check is done."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.checks = 0

    def check(self, password: str, known: str | None) -> bool:
        self.checks += 1
        return super().check(password, known)


class Recorder:
    """A store that notes which of its methods are called."""

    def __init__(self, store: Store) -> None:
        self._store, self.calls = store, list[str]()

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self._store, name)

    @property
    def changes(self) -> list[str]:
        """The calls that change more than when something was used last."""
        starts = (
            "add_",
            "set_",
            "remove_",
            "revoke_",
            "save_",
            "end_",
            "put_",
            "change_",
            "replay",
        )
        return [name for name in self.calls if name.startswith(starts)]


@cache
def empty_store() -> Path:
    """An SQLite store that has had its migrations, to be copied."""
    folder = Path(mkdtemp(prefix="beatwire-test-store-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_sql_store(f"sqlite:///{folder / 'empty.sqlite'}").close()
    return folder / "empty.sqlite"


class Newsroom:
    """The application with a real store and a clock that tests move."""

    def __init__(
        self,
        folder: Path,
        entrance: Entrance = WITH_LOGIN,
        per_minute: int = 0,
        *,
        open_bus: Callable[[], Bus] = no_bus,
    ) -> None:
        self.file = folder / "store.sqlite"
        shutil.copy(empty_store(), self.file)
        self.store: Store = open_sql_store(f"sqlite:///{self.file}")
        self.recorder = Recorder(self.store)
        self.passwords = CountingPasswords()
        self.now, self.seconds = NOW, 0.0
        probes = Probes("pages")
        probes.started()
        self.lookout = Lookout(
            Place(
                open_bus=open_bus,
                store=lambda: self.recorder,
                home=folder,
                components=[("pages", VERSION)],
            ),
            lambda: self.now,
        )
        self.app = create_app(
            stories_index(),
            probes,
            now=lambda: self.now,
            store=lambda: self.recorder,
            entrance=entrance,
            passwords=self.passwords,
            attempts=Attempts(*(Window(most, now=self.clock) for most in (PER_NAME, PER_CLIENT))),
            bucket=Bucket(per_minute, self.clock),
            test=lambda channel: self.tested(channel),  # noqa: PLW0108 - tests replace it
            lookout=self.lookout,
        )

    def tested(self, channel: Channel) -> str:
        """What comes of a test message."""
        return f"nothing reaches {channel.address} here"

    def clock(self) -> float:
        return self.seconds

    def wait(self, span: timedelta) -> None:
        self.now += span
        self.seconds += span.total_seconds()

    def add_user(self, name: str, role: Role = "reader", **changes: Any) -> None:
        """Their password is PASSWORD."""
        hashed = self.passwords.hash(PASSWORD)
        fields: dict[str, Any] = {"created_at": self.now, **changes}
        assert self.store.add_user(User(name=name, password=hashed, role=role, **fields))

    def key(self, owner: str, *scopes: Scope) -> str:
        made = new_key()
        self.store.add_key(
            ApiKey(
                prefix=made.prefix,
                digest=made.digest,
                owner=owner,
                scopes=scopes,
                created_at=self.now,
            )
        )
        return made.text

    def visitor(self, origin: str = PUBLIC, **options: Any) -> "Visitor":
        return Visitor(self, origin, **options)

    def logged_in(self, name: str, origin: str = PUBLIC) -> "Visitor":
        """With a session that needed no password."""
        visitor = self.visitor(origin)
        token, session = new_session(name, self.now)
        self.store.add_session(session)
        jar_name = cookies.name_at(Site(origin), cookies.SESSION)
        visitor.cookies.set(jar_name, token, domain=httpx.URL(origin).host, path="/")
        visitor.token = form_token(token)
        return visitor

    def close(self) -> None:
        self.lookout.close()
        self.store.close()


@contextmanager
def newsroom(folder: Path, *args: Any, **options: Any) -> Iterator[Newsroom]:
    made = Newsroom(folder, *args, **options)
    try:
        yield made
    finally:
        made.close()


class Visitor:
    """Keeps cookies, and says of a form what a browser says."""

    def __init__(
        self, room: Newsroom, origin: str, *, address: str = "192.0.2.7", key: str = ""
    ) -> None:
        self._room, self._origin = room, origin
        self._address = address
        self.headers = {"authorization": f"Bearer {key}"} if key else {}
        self.cookies = httpx.Cookies()
        self.token = ""

    def request(self, method: str, address: str, **options: Any) -> httpx.Response:
        """One request as it stands; a bug in a handler is an answer too."""
        headers = {**self.headers, **options.pop("headers", {})}
        return asyncio.run(self._request(method, address, headers, options))

    def get(self, address: str, **options: Any) -> httpx.Response:
        return self.request("GET", address, **options)

    def page(self, address: str, status: int = 200) -> html.HtmlElement:
        """The parsed page, whose token the next form carries."""
        answer = self.get(address)
        assert answer.status_code == status, (answer.status_code, answer.text)
        tree = html.document_fromstring(answer.text)
        tokens = tree.xpath("//input[@name='csrf']/@value | //meta[@name='csrf-token']/@content")
        assert len(set(tokens)) <= 1
        self.token = next(iter(tokens), self.token)
        return tree

    def send(
        self, address: str, fields: Mapping[str, Any] | None = None, **options: Any
    ) -> httpx.Response:
        """A form of ours, sent by hand."""
        data = {"csrf": self.token, **(fields or {})}
        headers = {"origin": self._origin, "sec-fetch-site": "same-origin"}
        headers |= options.pop("headers", {})
        return self.request("POST", address, data=data, headers=headers, **options)

    def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        self.page("/login")
        return self.send("/login", {"name": name, "password": password, **fields})

    async def _request(
        self, method: str, address: str, headers: dict[str, str], options: dict[str, Any]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(
            self._room.app, raise_app_exceptions=False, client=(self._address, 5000)
        )
        async with httpx.AsyncClient(
            transport=transport, base_url=self._origin, cookies=self.cookies
        ) as client:
            answer = await client.request(method, address, headers=headers, **options)
            self.cookies = client.cookies
            return answer
