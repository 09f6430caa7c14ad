"""A mail server on loopback that answers as its test says, and keeps what it took."""

import asyncio
import ssl
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

import msgspec
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from services.smtp import MailServer
from tests.support.processes import free_port


class Taken(msgspec.Struct, frozen=True):
    """A message that a server has taken."""

    sender: str
    receivers: tuple[str, ...]
    data: bytes
    encrypted: bool

    @property
    def read(self) -> EmailMessage:
        """As a mail program reads it."""
        return BytesParser(policy=policy.default).parsebytes(self.data)


class MailReceiver:
    """``answers``: command (``MAIL``, ``RCPT``, ``DATA``) to what is said, once each, in turn.

    ``drop`` as an answer to DATA cuts the connection when the whole message is there, which it
    keeps all the same.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        users: dict[str, str] | None = None,
        answers: dict[str, list[str]] | None = None,
    ) -> None:
        self.answers = answers or {}
        self.taken: list[Taken] = []
        self.asked: list[str] = []
        self._users = users
        login: dict[str, Any] = {}
        if users:
            login = {
                "authenticator": self._login,
                "auth_required": tls is not None,
                "auth_require_tls": tls is not None,
            }
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            tls_context=tls,
            require_starttls=tls is not None,
            **login,
        )

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def server(self, **fields: Any) -> MailServer:
        """Where it is, for who sends."""
        given: dict[str, Any] = {"host": "127.0.0.1", "security": "plain"}
        return MailServer(port=self.port, **(given | fields))

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._say("MAIL")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self._say("RCPT")
        if said.startswith("2"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        said = self._say("DATA")
        if said.startswith(("2", "drop")):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(
                Taken(
                    envelope.mail_from or "",
                    tuple(map(str, envelope.rcpt_tos)),
                    content,
                    session.ssl is not None,
                )
            )
        if said == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return said

    def _say(self, command: str) -> str:
        self.asked.append(command)
        answers = self.answers.get(command, [])
        return answers.pop(0) if answers else "250 OK"

    def _login(self, server: Any, session: Any, envelope: Any, how: str, data: Any) -> AuthResult:
        given = data.login.decode(), data.password.decode()
        return AuthResult(success=given in (self._users or {}).items(), handled=False)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()
