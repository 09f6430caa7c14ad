"""A little hub (W3C WebSub): takes subscriptions, asks whether they were meant, tells of news."""

import hmac
import secrets
import threading
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlencode

from tests.support.hostile import Reply, Request

SECONDS = 10


class Hub:
    """``ask`` answers requests to the hub's address on a ``Site``."""

    def __init__(self, lease: int = 86_400) -> None:
        self.lease = lease
        self.forms: list[dict[str, str]] = []
        self.confirmed: dict[str, str] = {}
        """Callback to topic."""
        self.refused: list[str] = []

    def ask(self, request: Request) -> None:
        """Take a request, and confirm it from another thread, as hubs do."""
        body = [each.body for each in request.site.asked if each.path == request.path][-1]
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.forms.append(form)
        request.reply(Reply(b"", 202))
        threading.Thread(target=self._confirm, args=(form,)).start()

    def tell(self, body: bytes, secret: str | None = None) -> list[int]:
        """Tell all subscribers of something new; how each answered."""
        return [self._post(callback, body, secret) for callback in self.confirmed]

    def _post(self, callback: str, body: bytes, secret: str | None) -> int:
        headers = {"Content-Type": "application/rss+xml"}
        if secret is not None:
            made = hmac.new(secret.encode(), body, "sha256").hexdigest()
            headers["X-Hub-Signature"] = f"sha256={made}"
        request = urllib.request.Request(callback, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def _confirm(self, form: dict[str, str]) -> None:
        challenge = secrets.token_hex(8)
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(self.lease),
        }
        callback = form["hub.callback"]
        try:
            address = f"{callback}?{urlencode(query)}"
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:
                said = answer.read().decode()
        except urllib.error.URLError:
            self.refused.append(callback)
            return
        if said != challenge:
            self.refused.append(callback)
        elif form["hub.mode"] == "subscribe":
            self.confirmed[callback] = form["hub.topic"]
        else:
            self.confirmed.pop(callback, None)
