"""A channel that is off, or that missed messages, is told of where its owner looks."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from services.store.alerting import AlertTopic, Failed
from tests.support.alerting import channel
from tests.support.coverage import NOW, all_stories
from tests.support.told import followed, tell
from tests.support.visitor import Newsroom, Visitor, newsroom
from tests.support.web import texts

OFF = channel("c1", name="the <i>desk</i>", disabled="the receiver answered 410 (1 Jan 2025)")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "analyst")
        made.add_user("ben", "analyst")
        yield made


@pytest.fixture
def ada(room: Newsroom) -> Visitor:
    return room.logged_in("ada")


def told(visitor: Visitor, address: str) -> list[str]:
    return texts(visitor.page(address), "//section[@class='problem']")


def topic(room: Newsroom, *channels: str) -> AlertTopic:
    made = followed(room.store, "ada", "entity:nvidia", NOW, name="Nvidia " + " ".join(channels))
    room.store.change_topic(msgspec.structs.replace(made, channels=channels))
    return made


def test_a_channel_that_is_off_is_told_in_the_inbox_and_with_its_topics(
    room: Newsroom, ada: Visitor
) -> None:
    room.store.add_channel(OFF)
    with_it, without = topic(room, "c1"), topic(room)
    for address in ("/alerts", f"/topics/{with_it.id}"):
        [said] = told(ada, address)
        assert "the <i>desk</i> is switched off" in said
        assert "The receiver answered 410 (1 Jan 2025). What is found meanwhile waits." in said
        assert ada.page(address).xpath("//section[@class='problem']//a[@href='/channels']")
    assert told(ada, f"/topics/{without.id}") == []
    assert told(room.logged_in("ben"), "/alerts") == []
    ada.send("/channels/c1/enable")
    assert told(ada, "/alerts") == []


def test_messages_that_were_given_up_are_told_for_some_days(room: Newsroom, ada: Visitor) -> None:
    room.store.add_channel(channel("c1", name="the desk"))
    made, other = topic(room, "c1"), topic(room)
    tell(room.store, all_stories(), room.now)
    later = room.now + timedelta(minutes=2)
    [parcel] = room.store.take(later, later + timedelta(minutes=2))
    assert told(ada, "/alerts") == []
    room.store.end(parcel.message.id, Failed("the receiver answered 400"), later)
    for address in ("/alerts", f"/topics/{made.id}"):
        [said] = told(ada, address)
        assert "the desk did not get 1 message" in said
        assert "the receiver answered 400" in said
        link = f"/topics/{made.id}#deliveries"
        assert ada.page(address).xpath(f"//section[@class='problem']//a[@href='{link}']")
    assert told(ada, f"/topics/{other.id}") == []
    ada.send(f"/topics/{made.id}/replay", {"message": parcel.message.id})
    assert told(ada, "/alerts") == []
    room.store.end(parcel.message.id, Failed("the receiver answered 400"), later)
    assert len(told(ada, "/alerts")) == 1
    room.now += timedelta(days=8)
    assert told(room.logged_in("ada"), "/alerts") == []
