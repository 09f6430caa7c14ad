"""An analyst's day: a search becomes a topic, tells, says why, is muted, changed and removed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from services.accounts.rules import LOCAL
from services.alerts.rules import new_secret
from services.bootstrap import open_index, open_store
from services.settings import Settings
from services.store.alerting import Channel, Failed
from tests.browser.opener import Opener
from tests.browser.places import DEEPSEEK
from tests.support.killing_alerts import Hooks, hooks
from tests.support.mail_receiver import MailReceiver
from tests.support.processes import BEATWIRE
from tests.support.serving import serving
from tests.support.told import tell

pytestmark = pytest.mark.browser

both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
QUESTION = "deepseek claim:training_cost"


@pytest.fixture
def home(newsroom_home: Path, tmp_path: Path) -> Path:
    return shutil.copytree(newsroom_home, tmp_path / "home")


@pytest.fixture
def opener(browser: Browser, home: Path) -> Iterator[Opener]:
    """Pages over a newsroom of this test's own."""
    with serving(home) as address, Opener(browser, address) as opener:
        yield opener
        opener.check()


def fetched_anew(home: Path) -> None:
    """An article comes in again: whoever looks for it is told, by the stage itself."""
    settings, now = Settings.model_validate({"home": home}), datetime.now(UTC)
    with open_store(settings) as store, open_index(settings) as index:
        article = index.get(DEEPSEEK)
        assert article
        tell(store, [msgspec.structs.replace(article, fetched_at=now)], now)


def deliveries_fail(home: Path) -> None:
    """What is due is tried, and refused for good."""
    settings = Settings.model_validate({"home": home})
    later = datetime.now(UTC).replace(year=2040)
    with open_store(settings) as store:
        for parcel in store.take(later, later, 10):
            store.end(parcel.message.id, Failed("the receiver answered 404"), later)


def save(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save the topic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def add_webhook(page: Page, address: str) -> None:
    page.goto("/channels")
    page.get_by_label("Address").first.fill(address)
    page.get_by_role("button", name="Add the webhook").click()
    assert page.locator(".made-key pre").inner_text().startswith("whsec_")


def try_on_the_past(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(QUESTION)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Alert me").click()
    expect(page.get_by_label("Query")).to_have_value(QUESTION)
    expect(page.locator(".verdict")).to_contain_text("Would have told you nothing in 30 days")
    page.get_by_label("on the last").select_option(label="ten years")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".verdict")).to_contain_text(re.compile(r"told you (\d+ times|twice)"))
    expect(page.locator(".histogram")).to_be_visible()
    expect(page.locator(".hits li").first).to_be_visible()


def read_why(page: Page) -> None:
    page.get_by_role("link", name="Inbox").click()
    page.locator("ol.hits a.result").first.click()
    expect(page.locator("#why")).to_have_text("Why you were told")
    reasons = page.locator(".reasons")
    expect(reasons.locator("mark").filter(has_text="$").first).to_be_visible()
    expect(reasons).to_contain_text("a claim of training cost")
    expect(page.get_by_text("from this alert and the article alone: true")).to_be_visible()


def send_again(page: Page, home: Path) -> None:
    deliveries_fail(home)
    page.reload()
    expect(page.locator("main")).to_contain_text("the receiver answered 404")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("button", name="Send it again")).to_have_count(0)


def mute_and_change(page: Page) -> None:
    page.get_by_role("button", name="a week").click()
    expect(page.locator("main")).to_contain_text("Mute until")
    page.get_by_role("button", name="Unmute").click()
    expect(page.get_by_role("button", name="1 hour")).to_be_visible()
    page.get_by_text("Change this topic").click()
    page.get_by_label("Query").fill("deepseek (claim")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("^")
    page.get_by_label("Query").fill("deepseek claim:any")
    page.get_by_label("a figure does not meet those of another story").check()
    page.get_by_role("button", name="Save the changes").click()
    expect(page.locator("main")).to_contain_text("version 2")
    expect(page.locator("header.head")).to_contain_text("a figure does not meet")


@both_ways
def test_from_a_search_to_why_and_back(opener: Opener, home: Path, scripts: bool) -> None:
    page = opener.page(scripts=scripts)
    add_webhook(page, "https://hooks.example/day")
    try_on_the_past(page)
    page.get_by_label("https://hooks.example/day").check()
    save(page, "What DeepSeek costs")
    expect(page.locator("main")).to_contain_text("Nothing yet")
    fetched_anew(home)
    read_why(page)
    page.get_by_role("link", name="What DeepSeek costs").click()
    send_again(page, home)
    mute_and_change(page)
    page.get_by_text("Remove it").click()
    page.get_by_role("button", name="Remove What DeepSeek costs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alert topics")
    expect(page.locator("main")).not_to_contain_text("What DeepSeek costs")


def test_it_can_be_done_with_the_keyboard(opener: Opener) -> None:
    page = opener.page()
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("link", name="Alert me").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keys")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/alerts")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/alerts/*")


def test_new_alerts_are_counted_until_the_inbox_is_open(opener: Opener, home: Path) -> None:
    page = opener.page()
    page.goto("/alerts")
    page.goto("/?q=deepseek")
    expect(page.locator("#new-alerts")).to_be_hidden()
    page.goto("/topics/new?q=deepseek")
    save(page, "DeepSeek")
    page.wait_for_function(
        "Object.keys(localStorage).some(key => key.startsWith('beatwire-alerts'))"
    )
    fetched_anew(home)
    expect(page.locator("#new-alerts")).to_have_text(" 1 new")
    page.goto("/claims")
    expect(page.locator("#new-alerts")).to_have_text(" 1 new")
    page.get_by_role("link", name="Alerts").click()
    expect(page.locator("ol.hits")).to_contain_text("DeepSeek")
    expect(page.locator("#new-alerts")).to_be_hidden()
    with open_store(Settings.model_validate({"home": home})) as store:
        assert any(each.alert.topic_name == "DeepSeek" for each in store.alerts(owner=LOCAL))


def test_a_mail_is_ended_by_who_receives_it(opener: Opener, home: Path) -> None:
    page = opener.page(scripts=False)
    page.goto("/channels")
    page.get_by_label("Address").last.fill("desk@news.example")
    page.get_by_role("button", name="Add the address").click()
    with open_store(Settings.model_validate({"home": home})) as store:
        (mail,) = [each for each in store.channels(LOCAL) if each.kind == "email"]
    page.goto(f"/unsubscribe/{mail.id}/{mail.token}")
    page.get_by_role("button", name="End them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No more alerts come to this address")
    page.goto("/channels")
    expect(page.locator("main")).to_contain_text("its receiver asked for no more messages")
    page.get_by_role("button", name="Send again desk@news.example").click()
    expect(page.get_by_role("button", name="Send a test desk@news.example")).to_be_visible()


def channels_to(home: Path, hook: Hooks) -> None:
    """A webhook and an e-mail address of the reader, on receivers of this machine."""
    given = {"owner": LOCAL, "created_at": datetime.now(UTC)}
    secret = new_secret()
    with open_store(Settings.model_validate({"home": home})) as store:
        store.add_channel(
            Channel(id="hook", kind="webhook", address=hook.url, secrets=(secret,), **given)  # type: ignore[arg-type]
        )
        store.add_channel(
            Channel(id="desk", kind="email", address="desk@news.example", token="out", **given)  # type: ignore[arg-type]
        )


def deliver(home: Path, mail: MailReceiver, address: str) -> None:
    subprocess.run(
        [*BEATWIRE, "deliver", "--drain"],
        check=True,
        env={
            **os.environ,
            "BEATWIRE_HOME": str(home),
            "BEATWIRE_ADDRESS": address,
            "BEATWIRE_LOGIN": "never",
            "BEATWIRE_WEBHOOK_NETWORKS": "127.0.0.1/32",
            "BEATWIRE_SMTP": f"smtp+plain://127.0.0.1:{mail.port}",
            "BEATWIRE_MAIL_FROM": "alerts@news.example",
        },
    )


def test_what_is_received_leads_to_why(opener: Opener, home: Path) -> None:
    with hooks() as hook, MailReceiver() as mail:
        channels_to(home, hook)
        page = opener.page()
        page.goto(f"/topics/new?q={QUESTION}")
        page.get_by_label(hook.url).check()
        page.get_by_label("desk@news.example").check()
        save(page, "To the desk")
        fetched_anew(home)
        deliver(home, mail, page.url.partition("/topics")[0])
        [[body]] = hook.got.values()
        [taken] = mail.taken
    [alert] = msgspec.json.decode(body)["data"]["alerts"]
    assert alert["why"][-1]["clause"] == "claim:training_cost"
    assert "$" in alert["why"][-1]["quote"]
    letter = taken.read.get_body(("plain",))
    assert letter
    assert alert["page"] in letter.get_content()
    page.goto(alert["page"])
    expect(page.locator("#why")).to_have_text("Why you were told")
    expect(page.get_by_role("link", name="To the desk")).to_be_visible()
