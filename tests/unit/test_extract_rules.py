"""Rules for single sites: each has its page, holds for its host and time alone, and is checked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from processors.extract import extract_article
from processors.extract.siterules import Rule, SiteRules, load_rules, own_rules, parse_rules
from services.bootstrap import open_site_rules
from services.errors import SettingsError
from services.settings import Settings
from tests.support.pages import FOLDER, golden_cases

GOOD = """
[[rule]]
host = "ledger.example"
since = 2025-03-01
why = "The text is in a list."
body = ["ol.text li"]
"""
NO_RULES = SiteRules()


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


@pytest.mark.parametrize("rule", own_rules(), ids=lambda rule: f"{rule.host}-{rule.since}")
def test_each_rule_has_a_golden_page_that_is_read_worse_without_it(rule: Rule) -> None:
    cases = [case for case in golden_cases() if case.folder.parent.name == rule.host]
    assert cases, f"no page in {FOLDER / rule.host}"
    for case in cases:
        page, found = (case.folder / "page.html").read_bytes(), case.found()
        url, fetched = found.canonical_url, at(f"{rule.since}") + timedelta(days=60)
        assert extract_article(page, url, fetched_at=fetched).body == found.body
        assert extract_article(page, url, fetched_at=fetched, rules=NO_RULES).body != found.body


def test_a_rule_holds_for_its_host_and_from_its_day_on() -> None:
    old, new, other = parse_rules(
        GOOD
        + GOOD.replace("2025-03-01", "2025-06-01").replace("ol", "ul")
        + GOOD.replace("ledger", "other"),
        "x.toml",
    )
    rules = SiteRules((new, old, other))

    assert rules.of("https://ledger.example/a", at("2025-02-28")) is None
    assert rules.of("https://www.ledger.example/a", at("2025-03-01")) == old
    assert rules.of("https://ledger.example:8080/a", at("2025-07-01")) == new
    assert rules.of("https://ledger.example/a", None) == new
    assert rules.of("https://news.ledger.example/a", None) is None
    assert rules.of("https://[bad", None) is None


@pytest.mark.parametrize(
    ("changed", "to", "says"),
    [
        ("body", "bodies", "bodies"),
        ('["ol.text li"]', '["ol..text"]', "'ol..text' is no CSS selector"),
        ('["ol.text li"]', '["ol:shiny"]', "is no CSS selector"),
        ('["ol.text li"]', '"ol"', "Expected `array`"),
        ("ledger.example", "www.ledger.example", "without www."),
        ("ledger.example", "ledger.example/news", "without www. and path"),
        ("2025-03-01", '"in March"', "Expected `date`"),
        ("The text is in a list.", " ", "say what goes wrong"),
        ('host = "ledger.example"', "", "missing required field `host`"),
        ("[[rule]]", "[[rule", "x.toml: "),
        ("[[rule]]", "[[rules]]", "unknown field `rules`"),
    ],
)
def test_a_bad_rule_is_an_error_that_names_its_file(changed: str, to: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"x\.toml") as raised:
        parse_rules(GOOD.replace(changed, to), "x.toml")
    assert says in str(raised.value)


def test_a_users_rules_go_before_ours(tmp_path: Path) -> None:
    host = own_rules()[0].host
    path = tmp_path / "rules.toml"
    path.write_text(GOOD.replace("ledger.example", host).replace("2025-03-01", "2026-01-01"))

    rule = open_site_rules(Settings(site_rules=path)).of(f"https://{host}/", at("2026-02-01"))
    assert rule is not None
    assert rule.body == ("ol.text li",)
    assert load_rules().of(f"https://{host}/", at("2026-02-01")) == own_rules()[0]


def test_a_bad_file_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    for text in (None, "[[rule]]\n"):
        if text:
            path.write_text(text)
        with pytest.raises(SettingsError, match=f"BEATWIRE_SITE_RULES={path}"):
            open_site_rules(Settings(site_rules=path))


def test_title_authors_and_time_of_a_rule_go_before_all() -> None:
    [rule] = parse_rules(
        GOOD.replace('body = ["ol.text li"]', 'title = ["h4"]\nauthors = ["i"]\n')
        + 'published = ["b"]\nday_order = "month-day"',
        "x.toml",
    )
    page = (
        "<html><h1>Section</h1><h4>A price</h4><i>Ann Poe</i><b>03/04/2025</b><p>Text.</p></html>"
    )
    found = extract_article(page, "https://ledger.example/a", rules=SiteRules([rule]))

    assert (found.title, found.authors) == ("A price", ("Ann Poe",))
    assert found.published == datetime(2025, 3, 4, tzinfo=UTC)
