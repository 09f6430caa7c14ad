"""Channels: a secret that is shown once, and an e-mail that its receiver can end."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from services.store.alerting import Channel
from tests.support.coverage import NOW
from tests.support.told import followed
from tests.support.visitor import Newsroom, Visitor, newsroom
from tests.support.web import texts

HOOK = {"kind": "webhook", "address": "https://hooks.example/in", "name": "our room"}
MAIL = {"kind": "email", "address": "ada@news.example"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        for name in ("ada", "ben"):
            made.add_user(name, "analyst")
        made.add_user("olga", "operator")
        yield made


@pytest.fixture
def ada(room: Newsroom) -> Visitor:
    return room.logged_in("ada")


def only(room: Newsroom) -> Channel:
    (channel,) = room.store.channels("ada")
    return channel


def test_a_secret_is_shown_once(room: Newsroom, ada: Visitor) -> None:
    made = ada.send("/channels", HOOK)
    (secret,) = only(room).secrets
    assert (made.status_code, secret in made.text) == (200, True)
    assert made.headers["cache-control"] == "private, no-store"
    assert secret not in ada.get("/channels").text
    rotated = ada.send(f"/channels/{only(room).id}/rotate")
    newest, before = only(room).secrets
    assert (before, newest in rotated.text, before in rotated.text) == (secret, True, False)
    assert newest not in ada.get("/channels").text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({**HOOK, "address": "http://127.0.0.1/x"}, "webhooks go to public addresses"),
        ({**HOOK, "address": "javascript:alert(1)"}, "not the address of a webhook"),
        ({**MAIL, "address": "ada"}, "not an e-mail address"),
        ({**MAIL, "address": "ada@x.example\nBcc: b@x.example"}, "not an e-mail address"),
        ({**MAIL, "kind": "pigeon"}, "choose webhook or email"),
        ({}, "no kind of channel"),
        ({**HOOK, "name": "x" * 101}, "up to 100 characters"),
    ],
)
def test_what_is_no_channel_is_not_added(
    room: Newsroom, ada: Visitor, fields: dict[str, str], says: str
) -> None:
    answer = ada.send("/channels", fields)
    assert (answer.status_code, says in answer.text.lower()) == (400, True)
    assert room.store.channels("ada") == []


def test_one_that_was_given_up_says_why_and_begins_again(room: Newsroom, ada: Visitor) -> None:
    ada.send("/channels", HOOK)
    bad = msgspec.structs.replace(
        only(room), disabled="410 <i>", failures=10, failing_since=NOW, retry_at=NOW
    )
    room.store.change_channel(bad)
    page = ada.page("/channels")
    assert "Nothing is sent: 410 <i>" in page.text_content()
    assert page.xpath("//form[contains(@action, '/test')]") == []
    ada.send(f"/channels/{bad.id}/enable")
    assert (only(room).disabled, only(room).failures, only(room).retry_at) == ("", 0, None)
    room.store.change_channel(msgspec.structs.replace(bad, disabled=""))
    assert "failed 10 times in a row" in ada.page("/channels").text_content()


def test_a_test_says_what_came_of_it(room: Newsroom, ada: Visitor) -> None:
    ada.send("/channels", HOOK)
    address = f"/channels/{only(room).id}/test"
    said = ada.send(address)
    assert (said.status_code, "did not reach our room" in said.text) == (200, True)


def test_a_test_that_was_taken_says_so(
    room: Newsroom, ada: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.send("/channels", HOOK)
    monkeypatch.setattr(room, "tested", lambda channel: "" if channel == only(room) else "other")
    assert "our room took the test message" in ada.send(f"/channels/{only(room).id}/test").text


def test_it_is_removed_and_its_topics_go_on(room: Newsroom, ada: Visitor) -> None:
    ada.send("/channels", HOOK)
    channel = only(room).id
    followed(room.store, "ada", "chips", NOW, channels=(channel,))
    assert ada.send(f"/channels/{channel}/remove").status_code == 303
    assert room.store.channels("ada") == []
    assert room.store.topics("ada")[0].channels == ()


def test_there_is_a_most(room: Newsroom, ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.web.alerts.channels.MOST_CHANNELS", 1)
    ada.send("/channels", HOOK)
    assert "1 channels are there already" in ada.send("/channels", MAIL).text


def test_channels_are_their_owner_s_and_operators(room: Newsroom, ada: Visitor) -> None:
    ada.send("/channels", HOOK)
    channel = only(room)
    ben, olga = room.logged_in("ben"), room.logged_in("olga")
    for action in ("rotate", "enable", "test", "remove"):
        assert ben.send(f"/channels/{channel.id}/{action}").status_code == 404
    assert only(room) == channel
    assert "our room" not in ben.get("/channels?owner=all").text
    assert "our room" not in olga.get("/channels").text
    assert "our room" in olga.get("/channels?owner=all").text
    secret = channel.secrets[0]
    assert secret not in olga.get("/channels?owner=all").text
    assert olga.send(f"/channels/{channel.id}/remove").status_code == 303


def unsubscribe(room: Newsroom, ada: Visitor) -> str:
    ada.send("/channels", MAIL)
    return f"/unsubscribe/{only(room).id}/{only(room).token}"


def test_looking_at_the_end_of_a_mail_ends_nothing(room: Newsroom, ada: Visitor) -> None:
    address = unsubscribe(room, ada)
    stranger = room.visitor()
    for method in ("GET", "HEAD"):
        assert stranger.request(method, address).status_code == 200
    assert only(room).disabled == ""
    page = stranger.page(address)
    assert page.xpath("//form[@method='post']/@action") == [address]
    assert page.xpath("//nav") == []
    assert "ada@news.example" not in page.text_content()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            "One-Click\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        ("", ""),
    ],
)
def test_a_mail_program_ends_it_with_one_post(
    room: Newsroom, ada: Visitor, body: str, kind: str
) -> None:
    """RFC 8058: without a login, a cookie, a token of ours or a page of ours."""
    address = unsubscribe(room, ada)
    headers = {"content-type": kind} if kind else {}
    answer = room.visitor().request("POST", address, content=body, headers=headers)
    assert (answer.status_code, "No more alerts" in answer.text) == (200, True)
    assert "asked for no more messages" in only(room).disabled
    again = room.visitor().request("POST", address, content=body, headers=headers)
    assert again.status_code == 200
    assert "Nothing is sent: its receiver" in ada.page("/channels").text_content()
    ada.send(f"/channels/{only(room).id}/enable")
    assert only(room).disabled == ""


def test_all_that_send_to_the_address_end(room: Newsroom, ada: Visitor) -> None:
    """Who has the mail has one address, however many channels lead to it, and wants no more."""
    address = unsubscribe(room, ada)
    (mine,) = room.store.channels("ada")
    twin = msgspec.structs.replace(mine, id="twin", owner="ben", disabled="it was refused")
    room.store.add_channel(twin)
    assert room.visitor().request("POST", address).status_code == 200
    ended = {each.disabled.partition(" on ")[0] for each in room.store.channels()}
    assert ended == {"its receiver asked for no more messages"}


def test_without_the_token_nothing_ends(room: Newsroom, ada: Visitor) -> None:
    address = unsubscribe(room, ada)
    ada.send("/channels", HOOK)
    mail, hook = sorted(room.store.channels("ada"), key=lambda each: each.kind)
    stranger = room.visitor()
    for wrong in (
        address[:-1] + ("a" if address[-1] != "a" else "b"),
        f"/unsubscribe/{mail.id}/-",
        f"/unsubscribe/0123456789abcdef/{mail.token}",
        f"/unsubscribe/{hook.id}/{mail.token}",
        f"/unsubscribe/{hook.id}/%20",
    ):
        assert stranger.get(wrong).status_code == 404
        assert stranger.request("POST", wrong).status_code == 404
    assert [each.disabled for each in room.store.channels("ada")] == ["", ""]


def test_nothing_else_takes_a_post_from_elsewhere(room: Newsroom, ada: Visitor) -> None:
    ada.send("/channels", HOOK)
    for address in (f"/channels/{only(room).id}/remove", "/topics", "/channels"):
        answer = ada.request("POST", address, data={"q": "x"})
        assert answer.status_code == 403
    assert texts(ada.page("/channels"), "//ul[@class='kept']//b") == ["our room"]
