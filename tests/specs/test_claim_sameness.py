"""One figure in all its writings, and one text in any company, make the same claims."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.nlp.reader import Reading, Text
from tests.specs.test_claims import CASES
from tests.support.reading import shared_reader

QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
SCALES = {"m": 1e6, "bn": 1e9}
WRITINGS = {
    "USD": ("${n}{short}", "US${n} {letters}", "{n} {word} dollars", "$ {n} {word}",
            "{n} {word} US dollars", "USD {n} {word}", "USD{n}{short}", "${plain}"),
    "EUR": ("€{n}{short}", "€{comma} {german}", "{comma} {german} euros", "EUR {n} {word}",
            "{n} {word} euros", "€{plain}"),
    "GBP": ("£{n}{short}", "GBP {n} {word}", "{n} {word} pounds", "£{n} {word}", "£{plain}"),
}  # fmt: skip
LETTERS = {"m": ("mn", "million", "Mio"), "bn": ("bn", "billion", "Mrd")}


def written(form: str, tenths: int, short: str) -> str:
    letters, word, german = LETTERS[short]
    number = f"{tenths / 10:g}"
    return form.format(
        n=number, short=short, letters=letters, word=word, german=german,
        comma=number.replace(".", ","), plain=f"{round(tenths / 10 * SCALES[short]):,}",
    )  # fmt: skip


def read(*texts: str) -> list[Reading]:
    return shared_reader().read([Text(body=text) for text in texts])


@QUIET
@given(st.integers(11, 9_999), st.sampled_from(sorted(SCALES)), st.sampled_from(sorted(WRITINGS)))
def test_a_figure_survives_each_of_its_writings(tenths: int, short: str, currency: str) -> None:
    texts = [
        f"OpenAI raised {written(form, tenths, short)} in a new round."
        for form in WRITINGS[currency]
    ]
    for text, reading in zip(texts, read(*texts), strict=True):
        [claim] = reading.claims
        assert (claim.kind, claim.subject, claim.currency) == ("funding", "OpenAI", currency), text
        assert claim.amount_low == claim.amount_high, text
        assert abs((claim.amount_low or 0) / (tenths / 10 * SCALES[short]) - 1) < 1e-12, text
        assert text[claim.start : claim.end] == claim.evidence


def test_a_text_gives_the_same_bytes_again_and_in_any_company() -> None:
    texts = [case.text for case in CASES][::5]
    together, again = read(*texts), read(*texts)
    turned = list(reversed(read(*reversed(texts))))
    alone = [read(text)[0] for text in texts]
    for text, *readings in zip(texts, together, again, turned, alone, strict=True):
        assert len({msgspec.json.encode(reading) for reading in readings}) == 1, text
