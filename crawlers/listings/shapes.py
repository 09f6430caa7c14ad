"""What the shape of an address says: does it lead to an article of this site, or elsewhere?

Pure, and deliberately blind to any one publisher: dates, long slugs and numbers are what systems
that publish put into the addresses of articles; words of navigation are what they keep for lists.
"""

import re
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

_DATE = re.compile(
    r"(?:^|[/_-])(?:19|20)\d\d[/_-]?(?:0[1-9]|1[0-2])(?:[/_-]?(?:0[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)"
)
_NUMBER = re.compile(r"(?:^|[^0-9])\d{5,12}(?:[^0-9]|$)")
_CODE = re.compile(r"^(?=[^/]*\d)(?=[^/]*[a-z])[a-z0-9]{8,40}$")
_PAGE_END = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece)$", re.IGNORECASE)
_FILE_END = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|ico|pdf|docx?|xlsx?|pptx?|zip|gz|exe|dmg|mp[34]|m4a|wav|webm"
    r"|mov|xml|rss|atom|json|css|js|ics|epub|apk)$",
    re.IGNORECASE,
)
_NEVER = frozenset(
    (
        "about", "about-us", "account", "accounts", "advertise", "advertising", "auteur",
        "author", "authors", "autor", "autoren", "basket", "bio", "byline", "calendar", "careers",
        "cart", "categories", "category", "cdn-cgi", "checkout", "comments", "contact",
        "contact-us", "contributor", "contributors", "cookies", "copyright", "donate", "faq",
        "feed", "feeds", "gallery", "hashtag", "impressum", "imprint", "jobs", "join", "kontakt",
        "legal", "login", "logout", "masthead", "membership", "my", "mypage", "newsletter",
        "newsletters", "notifications", "oauth", "paywall", "photos", "preferences", "pricing",
        "privacy", "privacy-policy", "profile", "profiles", "register", "registration",
        "reset-password", "rss", "rubrik", "schlagwort", "search", "settings", "share", "sign-in",
        "sign-up", "signin", "signup", "sitemap", "slideshow", "sponsored", "staff", "stichwort",
        "subscribe", "subscription", "subscriptions", "subskription", "suche", "tag", "tagged",
        "tags", "team", "terms", "terms-of-service", "terms-of-use", "thema", "themen", "topic",
        "topics", "wp-admin", "wp-content", "wp-json", "wp-login.php",
    )
)  # fmt: skip
"""Segments of paths that lead to lists, people, shops and the small print."""
_RARELY = frozenset(
    (
        "app", "apps", "archive", "archives", "community", "events", "forum", "forums", "games",
        "help", "hub", "label", "labels", "page", "people", "person", "products", "promo", "shop",
        "store", "support", "theme", "themes", "user", "users",
    )
)  # fmt: skip
"""Segments that may stand before an article, when its slug is one."""
_NO_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|p|offset|start|sort|order|filter|replytocom|share|print|s|q|query|tag|cat"
    r"|author|login|redirect(?:_to)?|return(?:_to|url)?)=[^&]*",
    re.IGNORECASE,
)
_QUERY_ID = re.compile(
    r"(?:^|&)(?:id|p|article|articleid|story|storyid|aid|nid)=\d{2,}", re.IGNORECASE
)
_WORDS = re.compile(r"[-_]+")


def address_score(url: str, section: str) -> int:
    """How much ``url`` looks like an article that the page ``section`` lists.

    4 and more: an article for all that the address says; 1 to 3: it may be one; 0: it says
    nothing; below: no article.
    """
    there, here = urlsplit(url), urlsplit(section)
    segments = [segment for segment in there.path.split("/") if segment]
    identified = bool(_QUERY_ID.search(there.query))
    last = _PAGE_END.sub("", segments[-1]) if segments else ""
    words = [word for word in _WORDS.split(last) if word.isalpha() and len(word) > 1]
    if _is_elsewhere(there, here, identified=identified) or _is_list(segments, len(words)):
        return -9
    if _NO_QUERY.search(there.query) and not identified:
        return -5
    score = _slug(words, last) + 3 * bool(_DATE.search(there.path))
    score += 2 * bool(identified or _NUMBER.search(last)) + 2 * bool(_CODE.match(last))
    score += bool(segments and _PAGE_END.search(segments[-1]))
    return score + (len(segments) > 1 and there.path.startswith(here.path.rstrip("/") + "/"))


def _is_elsewhere(there: SplitResult, here: SplitResult, *, identified: bool) -> bool:
    """A file, the page itself, or a page above it."""
    path, own = there.path.rstrip("/"), here.path.rstrip("/")
    if _FILE_END.search(path):
        return True
    same = path == own or not path
    return (same and not identified) or own.startswith(f"{path}/")


def _is_list(segments: list[str], words: int) -> bool:
    named = [segment.lower() for segment in segments]
    if not _NEVER.isdisjoint(named):
        return True
    return not _RARELY.isdisjoint(named) and (words < 4 or named[-1] in _RARELY)


def is_article_address(url: str) -> bool:
    """Whether an address alone says that its page is an article."""
    return address_score(url, f"{url.partition('://')[0]}://{urlsplit(url).netloc}/") >= 5


def _slug(words: list[str], last: str) -> int:
    """Headlines make long slugs; a word or two name a section."""
    if len(words) >= 5:
        return 4
    if len(words) >= 3:
        return 3 if len(words) == 4 else 2
    return 1 if len(last) >= 25 else -1 if len(words) == 1 and last.isalpha() else 0


def same_site(one: str, other: str) -> bool:
    """Whether two host names are of one registrable domain (the public suffix list's word)."""
    if one == other:
        return True
    domain = _domain(one)
    return bool(domain) and domain == _domain(other)


@cache
def _suffixes() -> Any:
    """The list as it came with the library: nothing is fetched, and nothing is kept on disk."""
    import tldextract

    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
    )


def _domain(host: str) -> str:
    """The registrable domain; for a name under no public suffix its last two labels."""
    if not host or host.replace(".", "").isdecimal() or ":" in host:
        return ""
    found = _suffixes()(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    labels = host.rsplit(".", 2)
    return ".".join(labels[-2:]) if len(labels) > 1 else ""
