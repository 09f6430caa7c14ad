"""Times as feeds write them, in all spellings that are known; and what is no time."""

from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.stamps import read_stamp

INSTANTS = {
    # RFC 822 and what became of it
    "Thu, 01 Jan 2004 19:48:21 GMT": "2004-01-01T19:48:21",
    "Thursday, 1 January 2004 19:48 EST": "2004-01-02T00:48:00",
    "Thu, 1 Jan 04 19:48:21 +0100": "2004-01-01T18:48:21",
    "1 Jan 99 19:48:21 -0330": "1999-01-01T23:18:21",
    "Sunday, 02-May-04 08:30:00 GMT": "2004-05-02T08:30:00",
    "Jan 1 2004 19:48:21 +0100": "2004-01-01T18:48:21",
    "Jan 01, 2004 7:48 pm PST": "2004-01-02T03:48:00",
    "Thu, 2 May 2024 08:30:00 GMT-05:00": "2024-05-02T13:30:00",
    "Thu, 2 May 2024 08:30:00 Etc/GMT": "2024-05-02T08:30:00",
    "Thu, 2 May 2024 08:30:00 Z (UTC)": "2024-05-02T08:30:00",
    "Thu, 31 Dec 2003 14:14:55 A": "2003-12-31T15:14:55",
    "Wed, 31 Dec 2016 23:59:60 GMT": "2017-01-01T00:00:00",
    "Di, 05 März 2024 08:00:00 +0100": "2024-03-05T07:00:00",
    "jeu., 2 mai 2024 10:00:00 +0200": "2024-05-02T08:00:00",
    "Пт, 03 мая 2024 10:00:00 +0300": "2024-05-03T07:00:00",
    "Κυρ, 11 Ιούλ 2004 12:00:00 EST": "2004-07-11T17:00:00",
    "pon, 6 paź 2025 08:00:00 +0200": "2025-10-06T06:00:00",
    # ISO 8601
    "2003-12-31T10:14:55Z": "2003-12-31T10:14:55",
    "2003-12-31T10:14:55.123-08:00": "2003-12-31T18:14:55",
    "2003-12-31t10:14+01": "2003-12-31T09:14:00",
    "20031231T101455Z": "2003-12-31T10:14:55",
    "2003-365T10:14:55Z": "2003-12-31T10:14:55",
    "2003W503T10:14Z": "2003-12-10T10:14:00",
    "2024-05-02T24:00:00Z": "2024-05-03T00:00:00",
    "2024-05-02T08:30:00 +0200": "2024-05-02T06:30:00",
    "2004-július-13T9:15-05:00": "2004-07-13T14:15:00",
    # What programs write
    "Thu Jan  1 19:48:21 PST 2004": "2004-01-02T03:48:21",
    "Fri, 2006/09/15 08:19:53 EDT": "2006-09-15T12:19:53",
    "1714638600": "2024-05-02T08:30:00",
    "1714638600123": "2024-05-02T08:30:00",
    "2004년 05월 28일  01:31:15": "2004-05-27T16:31:15",
    "2004-05-25 오후 11:23:17": "2004-05-25T14:23:17",
}
LOCAL = {
    "2004-07-08 23:56:58.0": "2004-07-08T23:56:58",
    "Thu Jan  1 19:48:21 2004": "2004-01-01T19:48:21",
    "Thursday, May 2, 2024 - 08:30": "2024-05-02T08:30:00",
    "02.05.2024 08:30": "2024-05-02T08:30:00",
    "3. März 2025, 8:15 Uhr": "2025-03-03T08:15:00",
    "2024年5月2日 08:30": "2024-05-02T08:30:00",
    "2 de mayo de 2024 08:00": "2024-05-02T08:00:00",
}
DAYS = {
    "2003-12-31": "2003-12-31", "20031231": "2003-12-31", "03-12-31": "2003-12-31",
    "2003-335": "2003-12-01", "2003-W50-3": "2003-12-10", "2003-12": "2003-12-01",
    "2003": "2003-01-01", "Thu, 01 Jan 2004": "2004-01-01", "May 2nd, 2024": "2024-05-02",
    "2024. 5. 2.": "2024-05-02", "28.05.2004": "2004-05-28",
}  # fmt: skip
NEVER = (
    "", "x", "03/04/2025", "2003-13-01", "2003-02-30", "2003-366", "2003-W54-1", "25:00",
    "Thu, 32 Jan 2004 00:00:00 GMT", "Thu, 01 Foo 2004 00:00:00 GMT", "yesterday", "0000-00-00",
    "2003-12-31T25:00:00Z", "2003-12-31T10:61:00Z", "9999-12-31T23:59:59-14:00", "12345678901",
    "0001-01-01T00:00:00+14:00",
)  # fmt: skip


@pytest.mark.parametrize("text", INSTANTS)
def test_a_time_with_its_zone(text: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.at.astimezone(UTC).replace(tzinfo=None).isoformat() == INSTANTS[text]
    assert (stamp.timed, stamp.zoned) == (True, True)


@pytest.mark.parametrize("text", LOCAL)
def test_a_time_without_a_zone(text: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.at.replace(tzinfo=None).isoformat() == LOCAL[text]
    assert (stamp.timed, stamp.zoned) == (True, False)


def test_a_zone_that_does_not_say_whether_it_is_summer_is_no_zone() -> None:
    stamp = read_stamp("Thu, 2 May 2024 08:30:00 ET")
    assert stamp is not None
    assert (stamp.at.astimezone(UTC).hour, stamp.zoned) == (13, False)


@pytest.mark.parametrize("text", DAYS)
def test_a_day(text: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.at.date().isoformat() == DAYS[text]
    assert (stamp.timed, stamp.zoned) == (False, False)


@pytest.mark.parametrize("text", NEVER)
def test_what_is_no_time(text: str) -> None:
    assert read_stamp(text) is None


@given(st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_all_standard_spellings_agree(at: datetime) -> None:
    for text in (
        at.isoformat(),
        at.strftime("%Y%m%dT%H%M%SZ"),
        at.strftime("%G-W%V-%uT%H:%M:%SZ"),
        at.strftime("%Y-%jT%H:%M:%S+0000"),
        at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        at.strftime("%a %b %e %H:%M:%S UTC %Y"),
        at.strftime("%A, %B %e, %Y %I:%M:%S %p GMT"),
    ):
        stamp = read_stamp(text)
        assert stamp is not None, text
        assert stamp.at == at, text


@pytest.mark.parametrize(
    "shape", ["1", "1 ", "a ", "1-", ":1", "Jan ", "12 Jan 2004 ", "년1", "+", "\u0660"]
)
def test_long_texts_cost_nothing(shape: str) -> None:
    began = process_time()
    assert read_stamp(shape * 100_000) is None
    for length in range(1, 100):
        read_stamp((shape * 100)[:length])
    assert process_time() - began < 0.5


@given(st.text(alphabet="0123456789-/.: TZWJanFebuar,+년月日오전²٣", max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    read_stamp(text)
