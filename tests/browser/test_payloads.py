"""Text of strangers never runs: 60 payloads in every field, through every page, without the CSP.

The policy would stop most of them; here it is off, so that escaping alone must do it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec
import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from processors.records import Alert, Article, Claim, Entity, Mood, Reason, Span
from services.accounts.rules import LOCAL
from services.alerts.channel_rules import new_channel
from services.bootstrap import open_store
from services.index.tantivy import TantivyIndex
from services.settings import Settings
from services.store import Store
from services.store.alerting import AlertTopic, Candidate
from services.store.deciding import alert_id
from services.store.people import SavedSearch
from services.store.port import Source
from services.store.watching import Watch
from services.web.disagreements_view import CONSIDERED
from tests.browser.opener import Opener
from tests.browser.payloads import Payload, payloads
from tests.contracts.letters import letter
from tests.support.coverage import MODEL_BODY, make_article
from tests.support.serving import serving
from tests.support.told import BEGINNING

pytestmark = pytest.mark.browser

ALL = tuple(payloads())
HOOK = "window.hits = 0; window.hit = () => { window.hits += 1; };"
TOUCH = """async () => {
  const target = one => one.matches('a') ? one.getAttribute('href')
    : one.matches('form button')
    ? one.getAttribute('formaction') || one.form.getAttribute('action') : null;
  const runs = at => at && new URL(at, location.href).protocol === 'javascript:';
  for (const one of document.querySelectorAll('*')) {
    for (const kind of ['mouseover', 'focus'])
      if (one.hasAttribute('on' + kind)) one.dispatchEvent(new Event(kind));
    if (one.hasAttribute('onclick') || runs(target(one)))
      one.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
  }
  await new Promise(done => setTimeout(done));
  return window.hits;
}"""
"""Does what a visitor might do to make a handler or a link run; our own links stay untouched."""
STRANGE = """() => [...document.querySelectorAll('*')].filter(one =>
  [...one.attributes].some(each => each.name.startsWith('on') || each.name === 'style')
  || one.matches('iframe, object, embed, base, meta[http-equiv], script:not([src^="/static/"])')
  || one.matches('a, area, form, button')
    && /^(javascript|data|vbscript):/i.test(one.href || one.action || one.formAction || '')
).map(one => one.outerHTML.slice(0, 200))"""
"""Elements that no page of ours has."""


def hostile_articles(number: int, text: str) -> Iterator[Article]:
    """Two versions of an article that has the text wherever one can stand."""
    body = f"{text} {MODEL_BODY} {text}"
    whole, part = Span(start=0, end=len(body)), Span(start=len(text) // 2, end=len(text) + 9)
    claims = tuple(
        Claim(
            kind="loss", subject=text, subject_id=text, object=text, object_id=text,
            amount_low=figure, amount_high=figure, currency=text, unit=text, period=text, date=text,
            speaker=text, evidence=text, start=part.start, end=part.end, sentence=whole, rule=text,
            usd_low=figure, usd_high=figure,
        )
        for figure in (1e6, 9e6)
    )  # fmt: skip
    mood = Mood(entity=text, polarity="negative", score=-1, evidence=(part,))
    article = make_article(
        f"https://ledger.example/hostile/{number}", text, body, source=text, site_name=text,
        authors=(text,), language=text, section=text, summary=text, story=text,
        entities=(Entity(id=text, name=text, type="lab", mentions=(part, whole)),),
        claims=claims, moods=(mood,), made_by={text: text},
    )  # fmt: skip
    yield msgspec.structs.replace(article, content_hash="before", title=f"Before {text}")
    yield msgspec.structs.replace(article, url=text)


def saved_search(payload: Payload) -> SavedSearch:
    return SavedSearch(
        id=payload.name,
        owner=LOCAL,
        name=payload.text,
        address=f"/?q={quote(payload.text)}",
        created_at=datetime.now(UTC),
    )


def follow_hostile(store: Store, payload: Payload, article: Article) -> None:
    """A topic, a channel and an alert that have the text wherever one can stand."""
    now, text = datetime.now(UTC), payload.text
    hook = new_channel(LOCAL, "webhook", "https://hooks.example/in", "", now=now)
    changed = {"id": f"c-{payload.name}", "name": text, "address": text, "disabled": text}
    assert store.add_channel(msgspec.structs.replace(hook, **changed))
    topic = AlertTopic(
        id=f"t-{payload.name}", owner=LOCAL, name=text, query=text, created_at=now, since=BEGINNING,
        channels=(f"c-{payload.name}",),
    )  # fmt: skip
    assert store.add_topic(topic)
    claim = article.claims[0]
    reason = Reason(
        clause=text, says=text, field="claim", span=claim.sentence, quote=text, entity=text,
        mood=-1, claim=claim,
    )  # fmt: skip
    alert = Alert(
        id="", kind="match", topic=topic.id, topic_name=text, topic_version=1, owner=LOCAL,
        query=text, at=now, event_id=text, article_id=article.id, url=text, title=text, source=text,
        site_name=text, fetched_at=now, content_hash=article.content_hash, story=article.id,
        reasons=(reason,), claims=(claim,), before=(claim,), made_by={text: text},
    )  # fmt: skip
    told = msgspec.structs.replace(article, fetched_at=now, story=article.id)
    store.decide([Candidate(article=told, event_id=payload.name, matches=(alert,))], now)
    store.change_topic(msgspec.structs.replace(topic, disabled=text))


def run_hostile(store: Store) -> None:
    """Dead letters and sources in trouble that have the texts wherever one can stand."""
    now = datetime.now(UTC)
    letters = [
        letter(at, id=each.name, stage=each.text, error_class=each.text, reason=each.text)
        for at, each in enumerate(ALL)
    ]
    store.note_letters(letters, len(letters))
    for each in ALL:
        url = f"https://{each.name}.example/"
        store.put_source(Source(id=each.text, url=url, name=each.text, added_at=now))
        gone = Watch(source=each.text, next_look=None, looked_at=now, gone=True, reason=each.text)
        store.note_look(gone, now, each.text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server over hostile articles, and their ids by payload."""
    home = tmp_path_factory.mktemp("hostile")
    versions = [tuple(hostile_articles(at, each.text)) for at, each in enumerate(ALL)]
    with TantivyIndex(home / "index", write=True) as index:
        for edition in zip(*versions, strict=True):
            index.put(edition)
    ids = {each.name: before.id for each, (before, _) in zip(ALL, versions, strict=True)}
    with open_store(Settings.model_validate({"home": home})) as store:
        for each in ALL:
            assert store.save_search(saved_search(each))
        for each, (_, article) in zip(ALL, versions, strict=True):
            follow_hostile(store, each, article)
        run_hostile(store)
    with serving(home) as address:
        yield address, ids


@pytest.fixture
def unguarded(browser: Browser, hostile: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """A tab in which the Content Security Policy is off and ``hit`` counts."""
    with Opener(browser, hostile[0]) as opener:
        page = opener.page(bypass_csp=True)
        page.add_init_script(HOOK)
        yield page


def visit(page: Page, address: str) -> None:
    """Nothing runs there, and nothing is there that could."""
    page.goto(address, wait_until="load")
    assert page.evaluate(STRANGE) == [], address
    assert page.evaluate(TOUCH) == 0, address


def test_there_are_enough_payloads() -> None:
    assert len({payload.text for payload in ALL}) >= 60


def test_every_payload_runs_where_it_is_not_escaped(unguarded: Page) -> None:
    dead = []
    for payload in ALL:
        unguarded.goto("/livez")
        unguarded.set_content(payload.live, wait_until="load")
        if not unguarded.evaluate(TOUCH):
            try:
                unguarded.wait_for_function("window.hits", timeout=2000)
            except TimeoutError:
                dead.append(payload.live)
    assert dead == []


@pytest.mark.parametrize("address", ["/article/{id}", "/story/{text}", "/entity/{text}"])
def test_no_page_of_one_thing_runs_what_it_says(
    unguarded: Page, hostile: tuple[str, dict[str, str]], address: str
) -> None:
    for payload in ALL:
        text = quote(payload.text, safe="")
        visit(unguarded, address.format(id=hostile[1][payload.name], text=text))


def test_no_article_beside_the_results_runs_what_it_says(
    unguarded: Page, hostile: tuple[str, dict[str, str]]
) -> None:
    for payload in ALL[::4]:
        visit(unguarded, f"/?read={hostile[1][payload.name]}")


@pytest.mark.parametrize(
    ("address", "least"),
    [
        ("/", len(ALL)),
        ("/claims", len(ALL)),
        ("/disagreements?every=1", CONSIDERED),
        ("/saved", len(ALL)),
        ("/alerts", len(ALL)),
        ("/channels", len(ALL)),
    ],
)
def test_no_list_runs_what_it_shows(unguarded: Page, address: str, least: int) -> None:
    seen = 0
    following: str | None = address
    while following:
        visit(unguarded, following)
        seen += unguarded.locator(".hit, table.claims tbody tr, .dispute, .kept li").count()
        link = unguarded.locator("a[rel=next]")
        following = link.get_attribute("href") if link.count() else None
    assert seen >= least


@pytest.mark.parametrize(
    "address", ["/?q={0}&sort={0}&after={0}&page={0}", "/?q=entity:%22{0}%22", "/claims?q={0}"]
)
def test_no_page_runs_what_is_searched(unguarded: Page, address: str) -> None:
    for payload in ALL:
        visit(unguarded, address.format(quote(payload.text)))


def test_no_page_of_topics_runs_what_they_say(
    unguarded: Page, hostile: tuple[str, dict[str, str]]
) -> None:
    visit(unguarded, "/topics")
    assert unguarded.locator("td[data-label=Topic]").count() == len(ALL)
    for payload in ALL[::3]:
        visit(unguarded, f"/topics/t-{payload.name}")
    for payload in ALL[1::3]:
        visit(unguarded, f"/alerts/{alert_id(f't-{payload.name}', hostile[1][payload.name])}")
        visit(unguarded, f"/topics/new?q={quote(payload.text)}&name={quote(payload.text)}")


def test_no_page_of_operations_runs_what_it_shows(unguarded: Page) -> None:
    visit(unguarded, "/operations")
    assert unguarded.locator("#letters tbody tr, #sources tbody tr").count() == 40
    for payload in ALL[::2]:
        text = quote(payload.text, safe="")
        visit(unguarded, f"/operations/retry?stage={text}&class={text}")
        assert unguarded.locator("main form button").count() == 1, payload.name


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss", "/feed.json", "/api/v1/articles"])
def test_no_feed_runs_what_it_says(unguarded: Page, path: str) -> None:
    """A browser shows these as they are."""
    shown = unguarded.goto(path)
    assert shown is not None
    assert shown.status == 200
    assert "hit(1)" in shown.text()
    assert unguarded.evaluate("new Promise(done => setTimeout(() => done(window.hits)))") == 0
