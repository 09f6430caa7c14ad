"""What a person asks a trail of: any spelling of an address, or the id of something."""

import re

import msgspec

from processors.ids import article_id, canonical_url
from services.errors import UserError
from services.stages.flow import FLOW

_ARTICLE = re.compile(r"[0-9a-f]{32}")
_EVENT = re.compile(r"([0-9a-f]{32})-\d{1,16}")
_LETTER = re.compile(
    f"({'|'.join(re.escape(f'{step.stage}-{step.takes.name}') for step in FLOW)})-\\d+-\\d+"
)
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?")
"""An address without its scheme, as people copy it from a browser."""
_ID = re.compile(r"[\w.:-]{1,200}")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question; what does not apply is empty."""

    given: str
    url: str = ""
    """The canonical form of the address."""
    urls: tuple[str, ...] = ()
    """The canonical addresses of the same page: of either scheme, with and without a last slash."""
    article: str = ""
    """The id that the address, or the event's id, implies."""
    event: str = ""
    """Of an event, or of a dead letter."""


def understand(given: str) -> Asked:
    """Raises UserError for what is neither an address nor an id."""
    text = given.strip()
    if _ARTICLE.fullmatch(text):
        return Asked(given=text, article=text)
    if event := _EVENT.fullmatch(text):
        return Asked(given=text, article=event[1], event=text)
    if _LETTER.fullmatch(text):
        return Asked(given=text, event=text)
    if "://" in text:
        return _address(text, text)
    if _BARE.fullmatch(text):
        return _address(text, f"https://{text}")
    if _ID.fullmatch(text):
        return Asked(given=text, event=text)
    raise _wrong(text, "neither an address nor an id")


def _address(given: str, text: str) -> Asked:
    try:
        url = canonical_url(text)
    except ValueError as error:
        raise _wrong(given, str(error)) from error
    return Asked(given=given, url=url, urls=_spellings(url), article=article_id(url))


def _spellings(url: str) -> tuple[str, ...]:
    """All that ``article_id`` takes for the same page."""
    address = url.partition("://")[2]
    path, mark, query = address.partition("?")
    bare = path.rstrip("/")
    ends = (bare, f"{bare}/") if "/" in bare else (f"{bare}/",)
    return tuple(f"{scheme}://{end}{mark}{query}" for scheme in ("https", "http") for end in ends)


def _wrong(given: str, why: str) -> UserError:
    return UserError(
        f"{given[:120]!r}: {why}; give the address of an article, as https://paper.example/story, "
        "or the id of an article, an event or a dead letter"
    )
