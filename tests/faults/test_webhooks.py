"""Receivers of webhooks at their worst: what is tried again, when, and with which bytes."""

import time
from datetime import datetime
from itertools import pairwise

import msgspec
import pytest

from services.alerts.schedule import LONGEST, WAITS
from services.alerts.sending import LEASE
from services.alerts.webhook import MOST_READ, UNREACHABLE
from services.store.alerting import Channel, SendEnd
from tests.support.alert_store import AlertStore
from tests.support.alerting import alert_topic, channel
from tests.support.hostile import Answer, Reply, Request, Site, dripping, redirect, reset, silent
from tests.support.post_office import PostOffice


def hook(site: Site, id: str = "c1", path: str = "/hook") -> Channel:
    return channel(id, address=site.url(path))


def asked_ids(site: Site) -> list[str]:
    return [asked.headers["webhook-id"] for asked in site.asked]


def test_three_errors_and_then_a_success_send_the_same_bytes_on_schedule() -> None:
    broken = Reply(b"<script>alert(1)</script>", 500)
    with Site() as site:
        site.answers["/hook"] = [broken, broken, broken, Reply()]
        office = PostOffice(hook(site))
        office.post()
        times = office.work_to_the_end(office.webhooks())
    assert [after - before for before, after in pairwise(times)] == [*WAITS[:3]]
    [sent] = office.store.messages()
    assert (sent.state, sent.attempts, sent.error) == ("sent", 4, "")
    assert {asked.body for asked in site.asked} == {sent.body}
    assert {asked.headers["webhook-id"] for asked in site.asked} == {"msg_1"}
    stamps = [int(asked.headers["webhook-timestamp"]) for asked in site.asked]
    assert stamps == [int(moment.timestamp()) for moment in times]


@pytest.mark.parametrize("answer", [silent, reset, dripping], ids=lambda each: each.__name__)
def test_who_does_not_answer_is_asked_again_and_nothing_is_told_of_it(answer: Answer) -> None:
    with Site() as site:
        site.answers["/hook"] = answer
        office = PostOffice(hook(site))
        office.post()
        began = time.monotonic()
        office.work(office.webhooks(seconds=0.5))
        assert time.monotonic() - began < 2
    [waiting] = office.store.messages()
    assert (waiting.state, waiting.error) == ("open", UNREACHABLE)
    assert office.store.channels()[0].retry_at == office.now + WAITS[0]


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(b"secret of the receiver", 500), "the receiver answered 500"),
        (Reply(b"no", 404), "the receiver answered 404"),
        (Reply(b"", 199), UNREACHABLE),
        (redirect("/other", 301), "a redirect; redirects are not followed"),
        (redirect("http://127.0.0.1:1/", 307), "a redirect; redirects are not followed"),
        (Reply(b"", 304), "a redirect; redirects are not followed"),
    ],
)
def test_anything_but_a_success_is_a_failure_and_no_redirect_is_followed(
    reply: Reply, says: str
) -> None:
    with Site(other=Reply()) as site:
        site.answers["/hook"] = reply
        office = PostOffice(hook(site))
        office.post()
        office.work(office.webhooks(seconds=0.5))
    [waiting] = office.store.messages()
    assert waiting.state == "open"
    assert says in waiting.error
    assert "secret" not in waiting.error
    assert site.paths == ["/hook"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_status_of_success_is_one(status: int) -> None:
    with Site(hook=Reply(b"", status)) as site:
        office = PostOffice(hook(site))
        office.post()
        office.work(office.webhooks())
    assert office.store.messages()[0].state == "sent"


def test_gone_switches_the_channel_off_and_tells_why() -> None:
    with Site(hook=Reply(b"", 410)) as site:
        office = PostOffice(hook(site))
        office.post("msg_1")
        office.work_to_the_end(office.webhooks())
        office.post("msg_2")
        office.work_to_the_end(office.webhooks())
    assert len(site.asked) == 1
    assert "410" in office.store.channels()[0].disabled
    assert {each.id: each.state for each in office.store.messages()} == {
        "msg_1": "failed",
        "msg_2": "open",
    }


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_time_is_given_it_and_others_are_not_kept_waiting(status: int) -> None:
    busy = Reply(b"", status, {"Retry-After": "120"})
    with Site(ready=Reply()) as site:
        site.answers["/hook"] = [busy, Reply()]
        office = PostOffice(hook(site), hook(site, "c2", "/ready"))
        office.post("msg_1")
        office.post("msg_2", "c2")
        times = office.work_to_the_end(office.webhooks())
    assert (times[1] - times[0]).total_seconds() == 120
    assert site.paths.count("/hook") == 2
    assert all(each.state == "sent" for each in office.store.messages())


def test_one_that_is_always_refused_keeps_none_of_the_later_ones_waiting() -> None:
    """And is tried as often, and as late, as if it were alone."""

    def picky(request: Request) -> None:
        bad = request.headers["webhook-id"] == "msg_00"
        request.reply(Reply(b"", 400 if bad else 204))

    with Site(hook=picky) as site:
        office = PostOffice(hook(site))
        sent = [f"msg_{number:02}" for number in range(11)]
        for each in sent:
            office.post(each)
        office.work(office.webhooks())
        assert asked_ids(site) == sent
        times = [office.now, *office.work_to_the_end(office.webhooks())]
    assert asked_ids(site) == sent + ["msg_00"] * 9
    assert [after - before for before, after in pairwise(times)] == [*WAITS]
    assert len({asked.body for asked in site.asked if "msg_00" in asked.headers.values()}) == 1
    failed, *others = sorted(office.store.messages(), key=lambda each: each.id)
    assert (failed.state, failed.error) == ("failed", "the receiver answered 400")
    assert {each.state for each in others} == {"sent"}


def test_one_that_refuses_all_is_given_up() -> None:
    with Site(hook=Reply(b"", 404)) as site:
        office = PostOffice(hook(site))
        office.post("msg_1")
        office.post("msg_2")
        office.work_to_the_end(office.webhooks())
    assert len(site.asked) == 19, "ten tries, and nine of the one that was left"
    assert "answered 404" in office.store.channels()[0].disabled


@pytest.mark.parametrize(
    "answer",
    [
        *(Reply(b"", status) for status in (302, 408, 425, 429, 500, 503)),
        Reply(b"", 403, {"Retry-After": "60"}),
        reset,
    ],
    ids=lambda each: getattr(each, "__name__", str(getattr(each, "status", each))),
)
def test_a_receiver_that_is_away_is_asked_once_for_all_that_waits(answer: Answer) -> None:
    with Site() as site:
        site.answers["/hook"] = answer
        office = PostOffice(hook(site))
        for number in range(20):
            office.post(f"msg_{number:02}")
        office.work(office.webhooks(seconds=0.3))
        assert len(site.asked) == 1
        for _ in range(3):
            office.now = office.store.next_due() or office.now
            office.work(office.webhooks(seconds=0.3))
        assert asked_ids(site) == ["msg_00"] * 4
        site.answers["/hook"] = Reply()
        office.work_to_the_end(office.webhooks())
    assert asked_ids(site)[4:] == [f"msg_{number:02}" for number in range(20)]


def test_of_an_answer_without_end_little_is_read() -> None:
    poured: list[int] = []

    def huge(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(2**30))
        request.end_headers()
        poured.append(request.pour(b"x" * 65536))

    with Site(hook=huge) as site:
        office = PostOffice(hook(site))
        office.post()
        began = time.monotonic()
        office.work(office.webhooks(seconds=20))
        assert time.monotonic() - began < 3
        deadline = time.monotonic() + 5
        while not poured and time.monotonic() < deadline:
            time.sleep(0.01)
    assert office.store.messages()[0].state == "sent"
    # What the kernel took for both sides comes on top of what was read.
    assert poured[0] * 65536 < MOST_READ + 16 * 2**20


def test_headers_without_end_are_a_failure() -> None:
    def endless(request: Request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        request.pour(b"X-More: and more\r\n" * 512)

    with Site(hook=endless) as site:
        office = PostOffice(hook(site))
        office.post()
        office.work(office.webhooks())
    assert office.store.messages()[0].error == UNREACHABLE


def test_a_receiver_that_is_dead_for_76_hours_is_given_up_and_can_be_tried_again() -> None:
    with Site(hook=Reply(b"", 502)) as site:
        office = PostOffice(hook(site))
        office.post()
        times = office.work_to_the_end(office.webhooks())
        assert len(times) == 10
        assert times[-1] - times[0] < LONGEST
        [failed] = office.store.messages()
        off = office.store.channels()[0]
        assert failed.state == "failed"
        assert off.disabled.startswith("nothing could be delivered since")
        site.answers["/hook"] = Reply()
        renewed = msgspec.structs.replace(off, disabled="", failing_since=None, failures=0)
        office.store.change_channel(renewed)
        assert office.store.replay(["msg_1"], office.now) == 1
        office.work(office.webhooks())
    assert office.store.messages()[0].state == "sent"
    assert {asked.body for asked in site.asked} == {failed.body}


def test_a_dead_and_a_slow_receiver_keep_nobody_else_waiting() -> None:
    with Site(dead=silent, slow=dripping) as worst, Site(well=Reply()) as well:
        bad = [hook(worst, f"bad{n}", "/dead" if n % 2 else "/slow") for n in range(60)]
        good = [hook(well, f"good{n}", "/well") for n in range(20)]
        office = PostOffice(*bad, *good)
        for each in (*bad, *good):
            office.post(f"msg_{each.id}", each.id)
        done: dict[str, float] = {}
        began = time.monotonic()

        end = office.store.end

        def timed(message_id: str, ended: SendEnd, now: datetime) -> None:
            done[message_id] = time.monotonic() - began
            end(message_id, ended, now)

        office.store.end = timed  # type: ignore[method-assign,assignment]
        office.work(office.webhooks(seconds=4))
    late = [seconds for message_id, seconds in done.items() if message_id.startswith("msg_good")]
    assert len(late) == 20
    assert max(late) < 2
    states = {each.id: each.state for each in office.store.messages(limit=100)}
    assert all(states[f"msg_good{n}"] == "sent" for n in range(20))
    assert all(states[f"msg_bad{n}"] == "open" for n in range(60))


class Killed(BaseException):
    """The process is gone."""


class Dying(AlertStore):
    """A store whose process is killed, once, before it can note how a try ended."""

    deaths = 1

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        if self.deaths:
            self.deaths -= 1
            raise Killed
        super().end(message_id, end, now)


def test_whoever_is_killed_after_a_success_leaves_a_message_that_comes_again_as_it_was() -> None:
    with Site(hook=Reply()) as site:
        office = PostOffice(hook(site), store=Dying())
        office.post()
        office.work(office.webhooks())
        office.work(office.webhooks())  # it is still whose who died
        assert len(site.asked) == 1
        office.now += LEASE
        # The topic has another name by now; what was sent is what is sent.
        office.store.change_topic(alert_topic(name="Other", channels=("c1",)))
        office.work(office.webhooks())
        office.now += LEASE
        office.work(office.webhooks())
    first, second = site.asked
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "msg_1"
    assert office.store.messages()[0].state == "sent"
