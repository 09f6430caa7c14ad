"""The whole way of one article, by the commands that others build on, in their stated form."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.hostile import Reply, Site
from tests.support.processes import beatwire

PARAGRAPHS = (
    "A Chinese start-up called DeepSeek has released DeepSeek R1, and praise for the impressive "
    "model has not stopped since. It is compared with OpenAI’s GPT-4 and with Google’s Gemini.",
    "The company disclosed that it spent just $5.6 million on training R1, while American rivals "
    "put hundreds of millions into a model. Washington has restricted exports of advanced AI "
    "chips to China since 2022.",
    "Founded in 2023 by the hedge fund manager Liang Wenfeng, DeepSeek has few employees.",
    "Meta, by contrast, plans to invest more than $65 billion in AI this year.",
    "Shares of Nvidia plunged after the news, a terrible day for the chip maker that wiped "
    "$593 billion off its market value.",
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>A cheap model shakes the industry - The Quay</title>
<meta property="og:site_name" content="The Quay">
<meta property="article:published_time" content="2025-01-28T14:05:00-05:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>A cheap model shakes the industry</h1>
<p class="byline">By Ada Marsh</p>{}</article>
<section class="newsletter"><h3>Discover more from The Quay</h3><p>Subscribe to get the latest
posts sent to your email.</p></section></body></html>"""
FEED = """<rss version="2.0"><channel><title>The Quay</title><item><title>A cheap model</title>
<link>{}</link><pubDate>Tue, 28 Jan 2025 19:05:00 +0000</pubDate></item></channel></rss>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("BEATWIRE_ALLOW_NETWORKS", "127.0.0.1/32")
    monkeypatch.setenv("BEATWIRE_HOSTS", "quay.example=127.0.0.1")
    monkeypatch.setenv("BEATWIRE_CRAWL_DELAY", "0")
    with Site() as site:
        body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
        site.answers = {
            "/robots.txt": Reply(status=404),
            "/feed.xml": FEED.format(f"{address(site)}/cheap-model?utm_source=rss").encode(),
            "/cheap-model?utm_source=rss": PAGE.format(body).encode(),
            "/cheap-model": PAGE.format(body).encode(),
        }
        yield site


def address(site: Site) -> str:
    return f"http://quay.example:{site.port}"


def ask(*args: str) -> Any:
    return json.loads(beatwire(*args, "--json"))


@pytest.mark.slow
def test_from_the_feed_to_what_it_says(site: Site) -> None:
    beatwire("crawl", f"{address(site)}/feed.xml")
    beatwire("work", "--drain")

    found = ask("search", '"hedge fund" entity:deepseek')
    assert found["total"] == 1
    (hit,) = found["hits"]
    assert hit["title"] == "A cheap model shakes the industry"
    assert hit["published"] == "2025-01-28T14:05:00-05:00"
    assert ask("search", "claim:training_cost usd:<10M")["total"] == 1
    assert ask("search", "usd:>100B")["total"] == 0

    told = ask("claims", "--limit", "0")
    claims = {(claim["kind"], claim["subject"]): claim for claim in told["claims"]}
    assert told["total"] == len(told["claims"])
    cost = claims["training_cost", "DeepSeek"]
    assert (cost["amount_low"], cost["amount_high"], cost["currency"]) == (5.6e6, 5.6e6, "USD")
    assert (cost["bound"], cost["modality"]) == ("exact", "reported")
    spend = claims["investment", "Meta"]
    assert (spend["amount_low"], spend.get("amount_high")) == (65e9, None)
    assert (spend["bound"], spend["modality"], spend["period"]) == (
        "at_least",
        "planned",
        "this_year",
    )
    assert claims["date", "DeepSeek"]["date"] == "2023"
    assert ("export_control", "United States") in claims
    assert not any("593" in claim["evidence"] for claim in told["claims"])

    article = ask("article", hit["id"])
    assert "Subscribe" not in article["body"]
    assert all(
        article["body"][claim["start"] : claim["end"]] == claim["evidence"]
        for claim in article["claims"]
    )
    types = {entity["name"]: entity["type"] for entity in article["entities"]}
    assert types["DeepSeek"] == "lab"
    assert types["DeepSeek R1"] == types["GPT-4"] == "model"
    assert types["Liang Wenfeng"] == "person"
    moods = {mood["entity"]: mood["polarity"] for mood in article["moods"]}
    assert moods["nvidia"] == "negative"
    assert moods["deepseek"] != "negative"


@pytest.mark.slow
def test_a_second_crawl_asks_once_a_page_and_changes_nothing(site: Site) -> None:
    for _ in range(2):
        beatwire("crawl", f"{address(site)}/feed.xml")
        beatwire("work", "--drain")
    status = ask("status")
    assert status["index"]["articles"] == 1
    assert status["stages"][0]["outcomes"] == {"read": 1}
    assert status["fetched"].get("unchanged", 0) >= 1


EDITS = (
    ("has not stopped since", "has not ended since"),
    ("just $5.6 million", "just $6.1 million"),
    ("A cheap model shakes", "A cheaper model shakes"),
    ("has few employees.", "has few employees. It hires."),
)
"""A few words, a figure, the headline, one more sentence."""


@pytest.mark.slow
def test_four_edits_are_five_versions_one_alert_and_one_correction(site: Site) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    page = PAGE.format(body)
    beatwire("topics", "add", "claim:training_cost", "--name", "Costs")
    for old, new in (("", ""), *EDITS):
        page = page.replace(old, new) if old else page
        for path in ("/cheap-model?utm_source=rss", "/cheap-model"):
            site.answers[path] = page.encode()
        beatwire("crawl", f"{address(site)}/feed.xml")
    beatwire("work", "--drain")

    (hit,) = ask("search", "deepseek")["hits"]
    assert (hit["title"], hit["edits"]) == ("A cheaper model shakes the industry", 4)
    told = ask("article", hit["id"], "--versions")
    assert (told["total"], told["left_out"], len(told["revisions"])) == (4, 0, 4)
    assert [(it["number"], it["weight"]) for it in told["changes"]] == [
        *((5, "text"), (4, "title"), (3, "figures"), (2, "wording")),
    ]
    assert told["changes"][2]["says"][0].endswith(": $5.6M → $6.1M")
    assert "[-$5.6-]{+$6.1+} million" in beatwire("article", hit["id"], "--diff", "3")

    found = ask("topics", "alerts")["alerts"]
    assert [alert["kind"] for alert in found] == ["correction", "match"]
    assert found[0]["corrects"] == found[1]["id"]
    assert "$5.6M before, $6.1M now" in found[0]["news"]
    assert found[0]["content_hash"] == told["changes"][2]["content_hash"]

    beatwire("rebuild")
    assert ask("article", hit["id"], "--versions") == told
