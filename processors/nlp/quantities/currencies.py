"""How texts write currencies. Codes: ISO 4217."""

import re
from functools import lru_cache

BEFORE = {
    "US$": "USD", "U.S.$": "USD", "USD": "USD", "$": "USD", "HK$": "HKD", "HKD": "HKD",
    "CA$": "CAD", "C$": "CAD", "CAD": "CAD", "A$": "AUD", "AU$": "AUD", "AUD": "AUD",
    "NZ$": "NZD", "S$": "SGD", "SG$": "SGD", "SGD": "SGD", "NT$": "TWD", "TWD": "TWD",
    "R$": "BRL", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "JP¥": "JPY", "JPY": "JPY",
    "CN¥": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "JPY", "￥": "JPY", "₩": "KRW", "KRW": "KRW",
    "₹": "INR", "Rs.": "INR", "Rs": "INR", "INR": "INR", "CHF": "CHF", "SEK": "SEK", "NOK": "NOK",
    "DKK": "DKK", "AED": "AED", "SAR": "SAR", "₪": "ILS", "₫": "VND", "₽": "RUB", "₺": "TRY",
    "₿": "XBT", "＄": "USD", "￡": "GBP", "UK£": "GBP", "Rmb": "CNY", "NZD": "NZD", "SFr": "CHF",
    "NIS": "ILS", "ILS": "ILS", "MX$": "MXN", "MXN": "MXN", "PLN": "PLN", "Rp": "IDR",
    "IDR": "IDR", "RM": "MYR", "MYR": "MYR", "฿": "THB", "THB": "THB", "₱": "PHP", "₦": "NGN",
    "CZK": "CZK", "HUF": "HUF", "QAR": "QAR", "ZAR": "ZAR", "VND": "VND", "RUB": "RUB",
    "TRY": "TRY", "BRL": "BRL",
}  # fmt: skip

AFTER = {
    "us dollars": "USD", "u.s. dollars": "USD", "american dollars": "USD", "dollars": "USD",
    "dollar": "USD", "usd": "USD", "bucks": "USD", "hong kong dollars": "HKD", "hkd": "HKD",
    "canadian dollars": "CAD", "cad": "CAD", "australian dollars": "AUD", "aud": "AUD",
    "singapore dollars": "SGD", "taiwan dollars": "TWD", "taiwanese dollars": "TWD",
    "new taiwan dollars": "TWD", "euros": "EUR", "euro": "EUR", "eur": "EUR", "€": "EUR",
    "pounds sterling": "GBP", "pounds": "GBP", "pound": "GBP", "sterling": "GBP", "gbp": "GBP",
    "chinese yuan": "CNY", "yuan renminbi": "CNY", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY",
    "cny": "CNY", "japanese yen": "JPY", "yen": "JPY", "jpy": "JPY", "south korean won": "KRW",
    "korean won": "KRW", "won": "KRW", "krw": "KRW", "indian rupees": "INR", "rupees": "INR",
    "rupee": "INR", "inr": "INR", "swiss francs": "CHF", "francs": "CHF", "chf": "CHF",
    "swedish kronor": "SEK", "kronor": "SEK", "sek": "SEK", "dirhams": "AED", "dirham": "AED",
    "aed": "AED", "saudi riyals": "SAR", "riyals": "SAR", "riyal": "SAR", "shekels": "ILS",
    "reais": "BRL", "reals": "BRL", "roubles": "RUB", "rubles": "RUB", "dong": "VND",
    "us$": "USD", "hk dollars": "HKD", "nt dollars": "TWD", "new zealand dollars": "NZD",
    "british pounds": "GBP", "quid": "GBP", "danish kroner": "DKK", "norwegian kroner": "NOK",
    "swedish krona": "SEK", "mexican pesos": "MXN", "philippine pesos": "PHP", "zlotys": "PLN",
    "zloty": "PLN", "turkish lira": "TRY", "lira": "TRY", "rupiah": "IDR", "ringgit": "MYR",
    "baht": "THB", "rand": "ZAR", "naira": "NGN", "forints": "HUF", "qatari riyals": "QAR",
    "new shekels": "ILS", "israeli shekels": "ILS", "emirati dirhams": "AED", "uae dirhams": "AED",
}  # fmt: skip

CENTS = {
    "us cents": "USD", "cents": "USD", "cent": "USD", "euro cents": "EUR", "eurocents": "EUR",
    "pence": "GBP", "fen": "CNY", "¢": "USD",
}  # fmt: skip


def _any_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


BEGINNINGS = "".join(sorted({re.escape(sign[0]) for sign in BEFORE if not sign[0].isalnum()}))
"""What a sign may begin with beside a letter: quick to test, for use in a set."""
_BEGINNING = re.compile(f"[{BEGINNINGS}]")
FIRST_WORDS = frozenset(
    letters[0].lower() for sign in BEFORE if (letters := re.match(r"[^\W\d_]+", sign))
)
"""The letters that other signs begin with."""
SIGN = rf"(?<![\w$])(?-i:{_any_of(BEFORE)})"
NAME = rf"(?:{_any_of(AFTER | CENTS)})(?!\w)"


@lru_cache(maxsize=1)
def signs(text: str) -> tuple[int, ...]:
    """Where a sign may begin that does not begin with a letter.

    Remembered for the text at hand: whole amounts and vague ones ask for it.
    """
    return tuple(found.start() for found in _BEGINNING.finditer(text))


_CHINA = re.compile(r"yuan|\bRMB\b|renminbi|\bChin(?:a|ese)\b|Beijing|Shanghai|Shenzhen|Hangzhou")
_JAPAN = re.compile(r"\byen\b|\bJapan|Tokyo|SoftBank")


@lru_cache(maxsize=4)
def yen_or_yuan(text: str) -> str:
    """What a bare ``¥`` means in this text: CNY where it speaks of China only, else JPY.

    Remembered for the text at hand: a page full of ``¥`` is searched once.
    """
    return "CNY" if _CHINA.search(text) and not _JAPAN.search(text) else "JPY"


def currency_of(sign: str | None, name: str | None, text: str) -> str | None:
    """The code for the sign before a figure or the name after it; None where there is neither."""
    if sign in {"¥", "￥"}:
        return yen_or_yuan(text)
    if sign:
        return BEFORE[sign]
    word = re.sub(r"\s+", " ", name or "").lower()
    return AFTER.get(word) or CENTS.get(word)


def factor_of(name: str | None) -> float:
    """0.01 where the name after a figure is that of a hundredth."""
    return 0.01 if (name or "").lower() in CENTS else 1.0
