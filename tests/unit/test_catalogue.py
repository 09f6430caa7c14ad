"""The catalogue: what must be true of all its data, and that what is not true is told."""

from urllib.parse import urlsplit

import pytest

from processors.ids import canonical_url
from services.errors import UserError
from services.sources.catalogue import FOLDER, Entry, catalogue, choose, read_catalogue
from services.sources.rules import KINDS, Known, new_source
from services.sources.spans import parse_span
from tests.support.told import BEGINNING

ROW = (
    '{ id = "lab", name = "A Lab", form = "feed", url = "https://lab.example/feed", '
    'home = "https://lab.example/", language = "en", every = "1d", priority = 0, '
    'seen = "listed", checked = "2026-11" }'
)


def test_it_is_broad_and_its_addresses_were_verified() -> None:
    found = catalogue()
    verified = [entry for entry in found if entry.verified]
    assert len(verified) >= 100
    assert {entry.kind for entry in verified} == set(KINDS)
    assert len({entry.language for entry in verified}) >= 6
    assert len({urlsplit(entry.home).hostname for entry in verified}) >= 80


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_every_source_can_be_added_as_it_stands(entry: Entry) -> None:
    source = new_source(entry.draft, Known(()), BEGINNING)
    assert source.id == entry.id
    assert source.url.startswith("https://")
    assert source.url == entry.url
    assert source.every is not None
    assert 60 <= source.every <= 30 * 86_400
    assert source.every == parse_span(entry.every)
    assert (source.kind, source.language) == (entry.kind, entry.language)


def test_nothing_is_there_twice() -> None:
    found = catalogue()
    assert len({entry.id for entry in found}) == len(found)
    assert len({canonical_url(entry.url) for entry in found}) == len(found)
    assert len({entry.name for entry in found}) == len(found)


def test_every_column_is_described() -> None:
    text = (FOLDER / "README.md").read_text()
    assert all(f"`{name}`" in text for name in Entry.__struct_fields__ if name != "kind")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"https://lab.example/feed"', '"ftp://lab.example/feed"', "labs.toml: lab: not an abs"),
        ('language = "en"', 'language = ""', "labs.toml: lab: `language` is ''"),
        ('language = "en", ', "", "labs.toml: lab: Object missing required field `language`"),
        ('language = "en"', 'language = "English"', "labs.toml: lab: 'English' is no language"),
        ('"1d"', '"often"', "labs.toml: lab: 'often' is no time between two articles"),
        ('"1d"', '""', "labs.toml: lab: `every` is empty"),
        ('"listed"', '"hoped"', "labs.toml: lab: Invalid enum value 'hoped'"),
        ('"2026-11"', '"November"', "labs.toml: lab: `checked` is 'November'"),
        ('id = "lab"', 'id = "A Lab"', "labs.toml: A Lab: 'A Lab' is no id"),
        ("priority = 0", "priority = 99", "labs.toml: lab: 99 is no priority"),
        ('name = "A Lab"', 'name = ""', "labs.toml: lab: `name` is empty"),
        ("priority = 0", "priority = 0, more = 1", "labs.toml: lab: Object contains unknown"),
        ('kind = "lab"', 'kind = "guild"', "labs.toml: 'guild' is no kind of source"),
        ('kind = "lab"', "", "labs.toml: Object missing required field `kind`"),
        ("sources", "source", "labs.toml: Object contains unknown field `source`"),
        (ROW, f"{ROW}, {ROW}", "the id lab is there twice"),
        (ROW, f"{ROW}, {ROW}", "the address https://lab.example/feed is there twice"),
        ("[", "[[", "labs.toml: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, words: str) -> None:
    text = f'kind = "lab"\nsources = [{ROW}]\n'
    assert len(read_catalogue({"labs.toml": text})) == 1
    changed = text.replace(old, new, 1)
    assert changed != text
    with pytest.raises(ValueError, match=r"\w") as told:
        read_catalogue({"labs.toml": changed})
    assert words in str(told.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    one = ROW.replace('"1d"', '"often"')
    two = ROW.replace('id = "lab"', 'id = "!"').replace("lab.example/feed", "b.example/feed")
    with pytest.raises(ValueError, match="often") as told:
        read_catalogue({"labs.toml": f'kind = "lab"\nsources = [{one}, {two}]\n'})
    assert len(str(told.value).splitlines()) == 2


def test_kinds_and_languages_choose() -> None:
    assert choose(catalogue()) == list(catalogue())
    found = choose(catalogue(), ["lab", "wire"], ["en"])
    assert {(entry.kind, entry.language) for entry in found} == {("lab", "en"), ("wire", "en")}
    with pytest.raises(UserError, match="'guild' is no kind of source; it is one of lab"):
        choose(catalogue(), ["guild"])
    with pytest.raises(UserError, match="nothing in the catalogue is in 'xx'; there is de, en"):
        choose(catalogue(), [], ["xx"])
