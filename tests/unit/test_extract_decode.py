"""Charsets that lie, and text that must not reach anybody as it came."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.extract import extract_article
from processors.extract.decode import clean_text, decode_page, one_line

ENGLISH = "The café’s owner paid €900 – “a fair price”, she said."
RUSSIAN = "Лаборатория обучила новую модель за четыре миллиона долларов, сообщили в среду. " * 3
JAPANESE = "研究所は新しい言語モデルを四百万ドルで学習させたと発表した。" * 3


def page(text: str, charset: str, meta: str = "") -> bytes:
    head = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{head}</head><body><p>{text}</p></body></html>".encode(charset)


@pytest.mark.parametrize(
    ("text", "charset", "header", "meta"),
    [
        pytest.param(ENGLISH, "utf-8", "iso-8859-1", "", id="header lies about UTF-8"),
        pytest.param(ENGLISH, "utf-8", "", "windows-1252", id="meta lies about UTF-8"),
        pytest.param(ENGLISH, "cp1252", "utf-8", "", id="header claims UTF-8"),
        pytest.param(ENGLISH, "cp1252", "utf-8", "iso-8859-1", id="meta knows better"),
        pytest.param(ENGLISH, "cp1252", "", "", id="nothing said, western"),
        pytest.param(RUSSIAN, "cp1251", "windows-1251", "utf-8", id="header right, meta wrong"),
        pytest.param(RUSSIAN, "koi8-r", "utf-8", "koi8-r", id="header wrong, meta right"),
        pytest.param(JAPANESE, "shift_jis", "utf-8", "shift_jis", id="two-byte charset"),
        pytest.param(JAPANESE, "euc_jp", "euc-jp", "", id="two-byte charset by header"),
        pytest.param(ENGLISH, "utf-16", "text", "", id="UTF-16 with a mark"),
        pytest.param(ENGLISH, "utf-16-le", "", "", id="UTF-16 without a mark"),
        pytest.param(ENGLISH, "utf-8-sig", "windows-1252", "koi8-r", id="the mark wins"),
        pytest.param(ENGLISH, "utf-8", "no-such-charset", "nor-this", id="unknown names"),
    ],
)
def test_the_text_is_read_whatever_was_declared(
    text: str, charset: str, header: str, meta: str
) -> None:
    found = decode_page(page(text, charset, meta), f"text/html; charset={header}")

    assert f"<p>{text}</p>" in found


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    body = page(ENGLISH * 20, "utf-8") + b"\xff\xfe broken"

    assert ENGLISH in decode_page(body, "text/html; charset=windows-1252")


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("nul\x00 and \x08 bell", "nul and  bell"),
        ("don\x92t", "don’t"),
        ("e\u0301", "é"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("zero\u200bwidth, soft\u00adhyphen, \ufeffmark", "zerowidth, softhyphen, mark"),
        ("pair \ud83d\ude00, lone \ud83d end", "pair 😀, lone \ufffd end"),
    ],
)
def test_clean_text(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


def test_a_run_of_combining_marks_is_cut() -> None:
    assert len(clean_text("e" + "\u0301\u0316" * 50_000)) < 12


@given(st.text(st.characters(), max_size=300))
def test_clean_text_is_normal_valid_and_stays_so(text: str) -> None:
    clean = clean_text(text)

    assert unicodedata.is_normalized("NFC", clean)
    clean.encode("utf-8")
    assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in clean)
    assert clean_text(clean) == clean


@given(st.binary(max_size=400), st.text(max_size=40))
def test_decoding_never_raises(body: bytes, content_type: str) -> None:
    assert isinstance(decode_page(body, content_type), str)


def test_one_line_folds_white_space() -> None:
    assert one_line(" a\n\t b\u00a0 c ") == "a b c"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "iso-8859-15", "utf-16"])
@pytest.mark.parametrize("header", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("meta", ["utf-8", "iso-8859-1"])
def test_a_page_gives_the_same_text_whatever_header_and_meta_say(
    charset: str, header: str, meta: str
) -> None:
    """Of the euro sign alone ISO 8859-15 and windows-1252 disagree, so it is left out."""
    text = ENGLISH.replace("€900 – “a fair price”", "900 «a fair price»").replace("’", "'") * 5
    found = extract_article(
        page(text, charset, meta),
        "https://ledger.example/a",
        content_type=f"text/html; charset={header}",
    )

    assert found.body == text
