"""Mail servers at their worst, on real sockets: what is tried again, what ends, what is refused."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from services.alerts import email
from services.alerts.carrier import Carrier
from services.alerts.email import UNSURE, MailCarrier
from services.alerts.schedule import TRIES, WAITS
from services.alerts.sending import LEASE
from services.smtp import MailServer, mail_server
from tests.support.alerting import channel
from tests.support.certificates import certificates
from tests.support.mail_receiver import MailReceiver
from tests.support.post_office import LINKS, PostOffice
from tests.support.processes import free_port

SENDER = "Beatwire <alerts@news.example>"


def mails(
    office: PostOffice,
    server: MailServer,
    trusted: ssl.SSLContext | None = None,
    seconds: float = 5,
) -> Callable[[asyncio.Event], list[Carrier]]:
    """A carrier of e-mail that hands over to this server."""

    def make(_: asyncio.Event) -> list[Carrier]:
        return [
            MailCarrier(
                *(LINKS, server, SENDER),
                trusted=trusted,
                now=lambda: office.now,
                seconds=seconds,
            )
        ]

    return make


@pytest.fixture
def office() -> PostOffice:
    """One message to one address is due."""
    made = PostOffice(channel(kind="email"))
    made.post()
    return made


def test_a_message_arrives_whole(office: PostOffice) -> None:
    with MailReceiver() as there:
        office.work(mails(office, there.server()))
    [taken] = there.taken
    assert (taken.sender, taken.receivers) == ("alerts@news.example", ("ada@news.example",))
    read = taken.read
    assert read["Message-ID"] == "<msg_1@news.example>"
    assert read["To"] == "ada@news.example"
    assert read["From"] == SENDER
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Unsubscribe"] == "<https://news.example/unsubscribe/c1/out-c1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert office.store.messages()[0].state == "sent"
    sent = office.store.messages()[0].body
    assert taken.data.rstrip() == sent.rstrip()
    assert max(map(len, sent.split(b"\r\n"))) < 998


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": ["450 busy", "421 closing"]},
        {"DATA": ["421 closing", "451 not now"]},
        {"MAIL": ["421 closing", "450 busy"]},
    ],
    ids=["RCPT", "DATA", "MAIL"],
)
def test_what_is_for_a_while_is_tried_again_on_schedule(
    office: PostOffice, answers: dict[str, list[str]]
) -> None:
    with MailReceiver(answers=answers) as there:
        times = office.work_to_the_end(mails(office, there.server()))
    assert [after - before for before, after in pairwise(times)] == [*WAITS[:2]]
    assert office.store.messages()[0].state == "sent"
    assert len(there.taken) == 1


def test_an_address_that_is_refused_is_marked_and_asked_no_more(office: PostOffice) -> None:
    with MailReceiver(answers={"RCPT": ["550 <script>no such user</script>"]}) as there:
        office.work_to_the_end(mails(office, there.server()))
        office.post("msg_2")
        office.work_to_the_end(mails(office, there.server()))
    assert there.asked == ["MAIL", "RCPT"]
    [off] = office.store.channels()
    assert off.disabled == "the mail server refuses this address (550) · 1 Jan 2025, 13:00 UTC"
    states = {each.id: each.state for each in office.store.messages()}
    assert states == {"msg_1": "failed", "msg_2": "open"}


@pytest.mark.parametrize(
    "said",
    ["554 5.7.1 Relay access denied", "530 5.7.0 Authentication required", "550 5.7.1 listed"],
)
def test_who_sends_is_refused_as_one_whose_own_server_is_away(
    office: PostOffice, said: str
) -> None:
    """Most servers tell of it at the address, whichever that is; no channel is at fault."""
    with MailReceiver(answers={"RCPT": [said]}) as there:
        times = office.work_to_the_end(mails(office, there.server()))
    assert len(times) == 2
    assert office.store.messages()[0].state == "sent"
    assert office.store.channels()[0].disabled == ""


def test_a_message_that_is_refused_ends_and_the_next_one_is_sent(office: PostOffice) -> None:
    with MailReceiver(answers={"DATA": ["554 spam"]}) as there:
        office.post("msg_2")
        office.work_to_the_end(mails(office, there.server()))
    assert {each.id: each.state for each in office.store.messages()} == {
        "msg_1": "failed",
        "msg_2": "sent",
    }
    assert not office.store.channels()[0].disabled


def test_without_encryption_nothing_is_sent(office: PostOffice) -> None:
    with MailReceiver() as there:
        stripped = there.server(security="starttls", user="ada", password="s3cret")
        office.work(mails(office, stripped))
    assert not there.asked
    [waiting] = office.store.messages()
    assert waiting.error == "the mail server offers no encryption; nothing was sent"


def test_with_encryption_it_is_sent_and_the_login_travels_inside(
    office: PostOffice, tmp_path: Path
) -> None:
    made = certificates("localhost", tmp_path)
    with MailReceiver(tls=made.server, users={"ada": "s3cret"}) as there:
        at = there.server(host="localhost", security="starttls", user="ada", password="s3cret")
        office.work(mails(office, at, made.trusting))
    [taken] = there.taken
    assert taken.encrypted


def test_a_certificate_that_nobody_trusts_is_refused(office: PostOffice, tmp_path: Path) -> None:
    made = certificates("localhost", tmp_path)
    with MailReceiver(tls=made.server) as there:
        office.work(mails(office, there.server(host="localhost", security="starttls")))
    assert not there.asked
    [waiting] = office.store.messages()
    assert waiting.error == "the mail server has no certificate that is trusted; nothing was sent"


def test_a_wrong_password_is_told_without_it(office: PostOffice) -> None:
    with MailReceiver(users={"ada": "right"}) as there:
        office.work(mails(office, there.server(user="ada", password="wrong-s3cret")))
    [waiting] = office.store.messages()
    assert waiting.error == "the mail server answered 535 to our login"


def test_a_drop_after_the_data_makes_one_duplicate_at_most(office: PostOffice) -> None:
    with MailReceiver(answers={"DATA": ["drop", "drop", "drop"]}) as there:
        office.work_to_the_end(mails(office, there.server()))
    first, second = there.taken
    assert first.data == second.data
    assert first.read["Message-ID"] == second.read["Message-ID"] == "<msg_1@news.example>"
    [failed] = office.store.messages()
    assert failed.state == "failed"
    assert failed.error == f"{UNSURE}; so it did twice"
    assert not office.store.channels()[0].disabled


def test_what_happens_between_two_drops_is_not_forgotten(office: PostOffice) -> None:
    with MailReceiver(answers={"DATA": ["drop", "451 not now", "drop", "drop"]}) as there:
        times = office.work_to_the_end(mails(office, there.server()))
    assert len(times) == 3
    assert len(there.taken) == 2
    assert office.store.messages()[0].state == "failed"


def test_who_is_killed_before_the_end_is_noted_sends_once_more_with_the_same_id() -> None:
    from tests.faults.test_webhooks import Dying

    office = PostOffice(channel(kind="email"), store=Dying())
    office.post()
    with MailReceiver() as there:
        office.work(mails(office, there.server()))
        office.now += LEASE
        office.work(mails(office, there.server()))
    first, second = there.taken
    assert first.data == second.data
    assert office.store.messages()[0].state == "sent"


def test_a_server_that_is_away_ends_no_channel(office: PostOffice) -> None:
    nowhere = mail_server(f"smtp+plain://127.0.0.1:{free_port()}")
    times = office.work_to_the_end(mails(office, nowhere))
    assert len(times) == TRIES
    [failed] = office.store.messages()
    assert failed.error == "the mail server could not be reached, or broke off"
    assert not office.store.channels()[0].disabled


def test_a_server_that_says_nothing_is_left_in_time(office: PostOffice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer(host="127.0.0.1", port=silent.getsockname()[1], security="plain")
        began = time.monotonic()
        office.work(mails(office, server, seconds=0.5))
    assert time.monotonic() - began < 3
    assert office.store.messages()[0].error == "the mail server did not answer in time"


def test_what_is_no_mail_server_is_left(office: PostOffice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:

        def answer() -> None:
            there, _ = odd.accept()
            with there:
                there.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 10**6)

        thread = threading.Thread(target=answer)
        thread.start()
        server = MailServer(host="127.0.0.1", port=odd.getsockname()[1], security="plain")
        office.work(mails(office, server, seconds=3))
        thread.join(5)
    assert office.store.messages()[0].state == "open"


def test_many_addresses_share_a_few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = [
        msgspec.structs.replace(channel(f"c{n}", "email"), address=f"a{n}@news.example")
        for n in range(20)
    ]
    office = PostOffice(*addresses)
    for n in range(20):
        office.post(f"msg_{n}", f"c{n}")
    open_now, most = 0, 0
    tried = MailCarrier._try

    async def watched(self: MailCarrier, to: str, body: bytes) -> object:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        try:
            return await tried(self, to, body)
        finally:
            open_now -= 1

    monkeypatch.setattr(MailCarrier, "_try", watched)
    with MailReceiver() as there:
        office.work_to_the_end(mails(office, there.server()))
    assert len(there.taken) == 20
    assert most <= email.AT_ONCE
