"""The private feeds of topics: for who has the address, valid, stable, and at an end when it ends."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from services.alerts.addresses import feed_addresses
from services.answers.feeds import ENTRIES
from services.store.alerting import AlertTopic
from services.web.entrance import Entrance
from tests.support.articles import article
from tests.support.coverage import NOW, model_story
from tests.support.payloads import ODD
from tests.support.told import followed, tell
from tests.support.visitor import LOCAL, PUBLIC, Newsroom, newsroom
from tests.unit.test_feeds_out import read, valid_atom, valid_json, valid_rss

COST = "claim:training_cost"
VALID = {"Atom": valid_atom, "RSS": valid_rss, "JSON Feed": valid_json}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path) as made:
        made.add_user("ada", "analyst")
        yield made


@pytest.fixture
def topic(room: Newsroom) -> AlertTopic:
    made = followed(room.store, "ada", COST, NOW, name="Costs & <more>")
    tell(room.store, [model_story()], room.now)
    return made


def addresses(topic: AlertTopic, base: str = "") -> dict[str, str]:
    return feed_addresses(base, topic)


@pytest.mark.parametrize("form", VALID)
def test_it_is_valid_and_needs_no_login(room: Newsroom, topic: AlertTopic, form: str) -> None:
    address = addresses(topic)[form]
    answer = room.visitor().get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    VALID[form](answer.content)
    (noted,) = room.store.alerts(owner="ada")
    assert f"urn:beatwire:alert:{noted.alert.id}" in answer.text
    assert PUBLIC + address in answer.text
    assert f"{PUBLIC}/alerts/{noted.alert.id}" in answer.text or form == "RSS"
    listing = read(address, answer.content)
    assert [each.link for each in listing.entries] == [model_story().url]


def test_it_says_why(room: Newsroom, topic: AlertTopic) -> None:
    told = room.visitor().get(addresses(topic)["JSON Feed"]).json()
    assert told["title"] == "Beatwire: Costs & <more>"
    (item,) = told["items"]
    assert "training cost · Quillon AI · $5.6M" in item["content_text"]
    assert "trained its Q2 model for only $5.6 million" in item["content_text"]


@pytest.mark.parametrize("form", VALID)
def test_who_has_it_gets_304_until_something_new_comes(
    room: Newsroom, topic: AlertTopic, form: str
) -> None:
    address, reader = addresses(topic)[form], room.visitor()
    first = reader.get(address)
    known = {"if-none-match": first.headers["etag"]}
    assert reader.get(address, headers=known).status_code == 304
    room.wait(timedelta(days=3))
    copy = msgspec.structs.replace(model_story(), id="copy", url="https://wire.example/copy")
    tell(room.store, [copy], room.now)
    assert reader.get(address, headers=known).status_code == 304, "a copy is no new entry"
    followed_by = article("next", "x", claims=model_story().claims)
    tell(room.store, [followed_by], room.now)
    again = reader.get(address, headers=known)
    assert (again.status_code, again.content.count(b"urn:beatwire:alert:")) == (200, 2)


def test_a_wrong_address_leads_nowhere(room: Newsroom, topic: AlertTopic) -> None:
    reader, right = room.visitor(), addresses(topic)["Atom"]
    never = reader.get("/feeds/topics/0123456789abcdef/x.atom")
    assert never.status_code == 404
    for wrong in (
        right.replace(topic.feed_token, topic.feed_token[:-1]),
        right.replace(topic.feed_token, topic.feed_token + "a"),
        right.replace(topic.feed_token, "%20"),
        right.replace(topic.id, "0123456789abcdef"),
        right.replace(".atom", ".xml"),
    ):
        answer = reader.get(wrong)
        assert answer.status_code in (404, 303), wrong  # 303: there is no such route at all
        assert "Quillon" not in answer.text


def test_a_topic_without_a_token_has_no_feed(room: Newsroom, topic: AlertTopic) -> None:
    room.store.change_topic(msgspec.structs.replace(topic, feed_token=""))
    assert room.visitor().get(f"/feeds/topics/{topic.id}/%20.atom").status_code == 404


def test_new_addresses_end_the_old_ones(room: Newsroom, topic: AlertTopic) -> None:
    ada, reader = room.logged_in("ada"), room.visitor()
    assert addresses(topic)["Atom"] in ada.get(f"/topics/{topic.id}").text
    assert ada.send(f"/topics/{topic.id}/feed").headers["location"] == f"/topics/{topic.id}#feed"
    assert reader.get(addresses(topic)["Atom"]).status_code == 404
    (changed,) = room.store.topics("ada")
    assert reader.get(addresses(changed)["Atom"]).status_code == 200


def test_it_ends_with_its_owner_s_account(room: Newsroom, topic: AlertTopic) -> None:
    reader, address = room.visitor(), addresses(topic)["RSS"]
    room.store.set_disabled("ada", disabled=True)
    assert reader.get(address).status_code == 404
    room.store.set_disabled("ada", disabled=False)
    assert reader.get(address).status_code == 200
    room.store.remove_user("ada")
    assert reader.get(address).status_code == 404


def test_the_local_user_s_feed_is_there_where_nobody_logs_in(tmp_path: Path) -> None:
    for entrance, status in ((Entrance(), 200), (Entrance(login=True, address=PUBLIC), 404)):
        folder = tmp_path / str(status)
        folder.mkdir()
        with newsroom(folder, entrance) as room:
            made = followed(room.store, "local", COST, NOW)
            assert room.visitor(LOCAL).get(addresses(made)["Atom"]).status_code == status


def test_what_was_mute_is_not_in_it(room: Newsroom, topic: AlertTopic) -> None:
    until = room.now + timedelta(days=1)
    room.store.change_topic(msgspec.structs.replace(topic, muted_until=until))
    tell(room.store, [article("next", "x", claims=model_story().claims)], room.now)
    assert len(room.store.alerts(topic=topic.id)) == 2
    assert len(room.visitor().get(addresses(topic)["JSON Feed"]).json()["items"]) == 1


def test_it_holds_the_newest_behind_however_much_was_mute(room: Newsroom) -> None:
    topic = followed(room.store, "ada", "nothing", NOW)
    tell(room.store, [article("loud", "Nothing loud.")], room.now)
    mute = msgspec.structs.replace(topic, muted_until=room.now + timedelta(days=1))
    room.store.change_topic(mute)
    quiet = [article(f"q{number}", f"Nothing {number}.") for number in range(3 * ENTRIES)]
    tell(room.store, quiet, room.now)
    (item,) = room.visitor().get(addresses(topic)["JSON Feed"]).json()["items"]
    assert item["url"] == "https://ledger.example/loud"


@pytest.mark.parametrize("form", VALID)
def test_hostile_text_stays_text(room: Newsroom, form: str) -> None:
    topic = followed(room.store, "ada", "nothing", NOW, name="x")
    hostile = [
        article(f"h{at}", f"Nothing {text}", title=f"{text} nothing", site_name=text)
        for at, text in enumerate(ODD)
    ]
    tell(room.store, hostile, room.now)
    answer = room.visitor().get(addresses(topic)[form])
    VALID[form](answer.content)
