"""``beatwire deliver`` as a process, over a real store: drained, told to stop, killed."""

import json
import os
import signal
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from processors.records import encode
from services import bootstrap
from services.bus import Event
from services.settings import load_settings
from services.sqlite import driver
from services.stages.alert import AlertStage
from services.store import Store
from tests.support.alerting import alert_topic, channel, training_cost
from tests.support.articles import article
from tests.support.hostile import Reply, Request, Site, silent
from tests.support.mail_receiver import MailReceiver
from tests.support.processes import BEATWIRE, beatwire, wait_until


def settings(**more: str) -> dict[str, str]:
    """The environment of a process that may send to this machine."""
    return {
        **os.environ,
        "BEATWIRE_WEBHOOK_NETWORKS": "127.0.0.1/32",
        "BEATWIRE_ADDRESS": "https://news.example",
        "BEATWIRE_LOGIN": "never",
        **more,
    }


def deliver(*options: str, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*BEATWIRE, "deliver", *options],
        env=settings(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(store: Store, slug: str = "deepseek") -> None:
    """Let an article meet the topic."""
    text = "Training cost $5.6 million."
    made = article(slug, text, claims=(training_cost(),), language="en")
    event = Event(id=slug, type="article/1", key=made.id, time=made.fetched_at, data=encode(made))
    [result] = AlertStage(store).handle([event])
    assert result.outputs


@pytest.fixture
def store() -> Store:
    opened = bootstrap.open_store(load_settings())
    topic = alert_topic(channels=("c1",), since=datetime(2020, 1, 1, tzinfo=UTC))
    assert opened.add_topic(topic)
    return opened


def test_with_nothing_to_send_it_says_so() -> None:
    assert beatwire("deliver", "--drain") == "nothing was due\n"


def test_a_drain_sends_what_is_due_and_the_receiver_can_verify_it(store: Store) -> None:
    with Site(hook=Reply()) as site:
        to = channel(address=site.url("/hook"))
        store.add_channel(to)
        told(store)
        assert beatwire("deliver", "--drain", env=settings()) == "1 sent\n"
    [asked] = site.asked
    body = Webhook(to.secrets[0]).verify(asked.body, asked.headers)
    assert body["data"]["counts"]["says"] == "1 story"
    assert body["data"]["topic"]["name"] == "Training costs"
    assert asked.headers["user-agent"].startswith("Beatwire/")
    [message] = store.messages()
    assert (message.state, message.body) == ("sent", asked.body)


def test_without_a_mail_server_e_mails_wait_and_the_log_says_so(store: Store) -> None:
    store.add_channel(channel(kind="email"))
    told(store)
    process = deliver("--drain")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "nothing was due\n")
    assert "e-mails wait: set BEATWIRE_SMTP" in err
    with MailReceiver() as there:
        more = {
            "BEATWIRE_SMTP": f"smtp://127.0.0.1:{there.port}",
            "BEATWIRE_MAIL_FROM": "a@b.example",
        }
        assert beatwire("deliver", "--drain", env=settings(**more)) == "1 sent\n"
    [taken] = there.taken
    assert taken.read["Subject"] == "Training costs: A headline"


def test_a_mail_server_without_a_sender_stops_the_start() -> None:
    process = deliver(BEATWIRE_SMTP="smtp://mail.example")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 78
    assert err.startswith("beatwire: BEATWIRE_SMTP is set and BEATWIRE_MAIL_FROM is not")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("answer", ["ready", "silent"])
def test_a_signal_ends_it_in_time_and_nothing_is_lost(store: Store, answer: str) -> None:
    with Site(ready=Reply(), silent=silent) as site:
        store.add_channel(channel(address=site.url(f"/{answer}")))
        process = deliver()
        told(store)
        wait_until(lambda: bool(site.asked), 30, "for the first try")
        process.send_signal(signal.SIGTERM)
        if answer == "silent":
            threading.Timer(1, site.closing.set).start()
        _, err = process.communicate(timeout=28)
        assert process.returncode == 0, err
    [message] = store.messages()
    assert message.state == ("sent" if answer == "ready" else "open")
    assert message.body


def test_killed_between_the_answer_and_the_mark_it_sends_the_same_again(
    store: Store, home: str
) -> None:
    victims: list[subprocess.Popen[str]] = []

    def answer_and_kill(request: Request) -> None:
        """The receiver has the message; who sent it never learns that."""
        if len(victims) == 1 and victims[0].poll() is None:
            os.kill(victims[0].pid, signal.SIGSTOP)
            request.reply(Reply())
            victims[0].kill()
        else:
            request.reply(Reply())

    with Site(hook=answer_and_kill) as site:
        to = channel(address=site.url("/hook"))
        store.add_channel(to)
        victims.append(deliver())
        told(store)
        assert victims[0].wait(60) == -signal.SIGKILL
        victims[0].communicate()
        _expire_leases(Path(home) / "store.sqlite")
        assert beatwire("deliver", "--drain", env=settings()) == "1 sent\n"
    first, second = site.asked
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    for asked in (first, second):
        Webhook(to.secrets[0]).verify(asked.body, asked.headers)
    assert json.loads(first.body)["data"]["counts"]["alerts"] == 1


def _expire_leases(file: Path) -> None:
    """As if the time had passed for which whoever died had taken messages."""
    with driver.connect(str(file)) as connection:
        connection.execute("UPDATE messages SET taken_until = NULL")
