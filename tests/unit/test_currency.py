"""Dollars beside other money: the bank's rate of the day, and nothing where there is none."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from currency_converter import CurrencyConverter
from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.currency import rate_on, with_dollars
from processors.nlp.quantities.currencies import AFTER, BEFORE
from processors.nlp.reader import Text
from processors.query.syntax import parse_query
from processors.records import Claim
from services.index.tantivy import TantivyIndex
from tests.support.articles import article
from tests.support.reading import shared_reader

FRIDAY = datetime(2024, 3, 15, 9, tzinfo=UTC)
EURO_ON_FRIDAY = 1.0892
"""US dollars for a euro in the bank's list of 15 March 2024."""


def euros(low: float | None, high: float | None) -> Claim:
    return Claim(
        kind="funding", subject="Mistral AI", amount_low=low, amount_high=high, currency="EUR"
    )


def usd(claim: Claim) -> tuple[float | None, float | None, str | None]:
    return claim.usd_low, claim.usd_high, claim.usd_rate_date


def test_a_foreign_amount_takes_the_rate_of_its_day() -> None:
    claim = with_dollars(euros(600e6, 600e6), FRIDAY)
    assert usd(claim) == (653_520_000.0, 653_520_000.0, "2024-03-15")
    assert (claim.amount_low, claim.currency) == (600e6, "EUR"), "what the text says stays"


def test_currencies_other_than_the_euro_go_by_way_of_it() -> None:
    yuan = Claim(kind="revenue", subject="Baidu", amount_low=1e9, amount_high=1e9, currency="CNY")
    in_dollars = with_dollars(yuan, FRIDAY).usd_low
    expected = CurrencyConverter().convert(1e9, "CNY", "USD", FRIDAY.date())
    assert in_dollars == pytest.approx(expected, abs=0.01)
    assert in_dollars == pytest.approx(139e6, rel=0.01)


@pytest.mark.parametrize(
    ("published", "used"),
    [
        (datetime(2024, 3, 16, tzinfo=UTC), "2024-03-15"),
        (datetime(2024, 3, 17, 23, 59, tzinfo=UTC), "2024-03-15"),
        (datetime(2024, 4, 1, tzinfo=UTC), "2024-03-28"),
        (datetime(1999, 1, 4, tzinfo=UTC), "1999-01-04"),
    ],
    ids=["Saturday", "Sunday", "Easter Monday", "first day"],
)
def test_a_day_without_a_rate_takes_the_one_before(published: datetime, used: str) -> None:
    assert with_dollars(euros(1.0, 1.0), published).usd_rate_date == used


def test_a_day_after_the_last_rate_takes_the_last_one() -> None:
    last = CurrencyConverter().bounds["USD"].last_date.isoformat()
    assert with_dollars(euros(1.0, 1.0), datetime(2999, 1, 1, tzinfo=UTC)).usd_rate_date == last


def test_the_day_is_the_publishers_own() -> None:
    tokyo = datetime(2024, 3, 15, 5, tzinfo=timezone(timedelta(hours=9)))
    assert with_dollars(euros(1.0, 1.0), tokyo).usd_rate_date == "2024-03-15"


@pytest.mark.parametrize("published", [FRIDAY, None], ids=["dated", "undated"])
def test_dollars_pass_through_without_a_rate(published: datetime | None) -> None:
    claim = Claim(kind="revenue", subject="Nvidia", amount_low=5.123456e6, currency="USD")
    assert usd(with_dollars(claim, published)) == (5.123456e6, None, None)


@pytest.mark.parametrize(
    ("claim", "published"),
    [
        (euros(1e9, 1e9), None),
        (euros(1e9, 1e9), datetime(1998, 12, 31, tzinfo=UTC)),
        (euros(None, None), FRIDAY),
        (Claim(kind="revenue", subject="TSMC", amount_low=1e9, currency="TWD"), FRIDAY),
        (Claim(kind="investment", subject="MGX", amount_low=1e9, currency="AED"), FRIDAY),
        (Claim(kind="headcount", subject="OpenAI", amount_low=3e3, unit="people"), FRIDAY),
        (Claim(kind="chip_count", subject="xAI", amount_low=2e5, unit="chips"), FRIDAY),
        (Claim(kind="date", subject="OpenAI", date="2015", object="founded"), FRIDAY),
    ],
    ids=["undated", "before the euro", "no amount", "TWD", "AED", "people", "chips", "date"],
)
def test_nothing_is_made_up(claim: Claim, published: datetime | None) -> None:
    assert usd(with_dollars(claim, published)) == (None, None, None)


def test_open_sides_stay_open() -> None:
    assert usd(with_dollars(euros(None, 1e6), FRIDAY))[0] is None
    assert usd(with_dollars(euros(1e6, None), FRIDAY))[1] is None


def test_cents_are_the_most_that_is_kept() -> None:
    assert with_dollars(euros(0.28, 0.28), FRIDAY).usd_low == round(0.28 * EURO_ON_FRIDAY, 2) == 0.3


amounts = st.none() | st.floats()
currencies = st.none() | st.sampled_from(sorted({*BEFORE.values(), *AFTER.values()})) | st.text()
days = st.none() | st.datetimes(timezones=st.just(UTC))


@given(amounts, amounts, currencies, days)
def test_no_claim_is_too_odd(
    low: float | None, high: float | None, currency: str | None, published: datetime | None
) -> None:
    claim = Claim(kind="funding", subject=None, amount_low=low, amount_high=high, currency=currency)
    done = with_dollars(claim, published)
    if currency != "USD":
        assert (done.usd_rate_date is None) == ((done.usd_low, done.usd_high) == (None, None))
        assert low is not None or done.usd_low is None
        assert high is not None or done.usd_high is None
    assert repr(with_dollars(done, published)) == repr(done), "a second time changes nothing"


@given(st.floats(0, 1e13), st.floats(0, 1e13), st.dates(date(2010, 1, 1), date(2026, 1, 1)))
def test_a_range_keeps_its_order(one: float, other: float, day: date) -> None:
    low, high = sorted((one, other))
    done = with_dollars(euros(low, high), datetime(day.year, day.month, day.day, tzinfo=UTC))
    assert done.usd_low is not None
    assert done.usd_high is not None
    assert done.usd_low <= done.usd_high
    assert date.fromisoformat(done.usd_rate_date or "") <= day


@given(st.dates(date(2000, 1, 1), date(2026, 1, 1)))
def test_a_rate_is_never_from_the_future_nor_a_week_old(day: date) -> None:
    rate = rate_on("GBP", day)
    assert rate is not None
    assert timedelta(0) <= day - rate.day < timedelta(days=7)


def test_the_reader_fills_the_dollars_of_its_claims() -> None:
    [reading] = shared_reader().read(
        [Text(body="Mistral AI secures €1.7 billion in Series C funding.", published=FRIDAY)]
    )
    [claim] = reading.claims
    assert usd(claim) == (1_851_640_000.0, 1_851_640_000.0, "2024-03-15")


def test_a_search_in_dollars_finds_foreign_money(tmp_path: Path) -> None:
    converted = article("mistral", claims=(with_dollars(euros(600e6, 600e6), FRIDAY),))
    undated = article("undated", claims=(with_dollars(euros(600e6, 600e6), None),))
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([converted, undated])
        for query, hits in (
            ("usd:>100M", [converted.id]),
            ("claim:funding usd:650M..660M", [converted.id]),
            ("usd:600M", []),
            ("usd:>1B", []),
        ):
            results = index.claims(parse_query(query))
            assert [hit.article_id for hit in results.claims] == hits, query
            found = index.search(parse_query(query))
            assert [hit.article.id for hit in found.hits] == hits, query


def test_texts_without_foreign_money_load_no_rates() -> None:
    script = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from processors.nlp.currency import with_dollars\n"
        "from processors.records import Claim\n"
        "day = datetime(2024, 3, 15, tzinfo=UTC)\n"
        "for currency in ('USD', None):\n"
        "    with_dollars(Claim(kind='loss', subject=None, currency=currency), day)\n"
        "print('currency_converter' in sys.modules)\n"
        "with_dollars(Claim(kind='loss', subject=None, amount_low=1.0, currency='EUR'), day)\n"
        "print('currency_converter' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "True"]
