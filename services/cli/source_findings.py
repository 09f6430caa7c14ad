"""Sources on a terminal: a list with states; of a check one block each, the verdict last."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.markup import escape

from services.cli.output import console
from services.sources.checking import ArticleChecked, Checked
from services.sources.overview import Overview, counts
from services.sources.states import rhythm_words, state_words
from services.store.watching import SourceState
from services.web.moments import ago, exact
from services.words import counted, printable

KINDS = {
    "feed": "a feed",
    "sitemap": "a sitemap",
    "index": "an index of sitemaps",
    "section": "a page that links to articles",
    "page": "a page",
}
MIB, KIB = 1024 * 1024, 1024


def print_sources(found: Sequence[Overview], every: Sequence[Overview], now: datetime) -> None:
    """Two lines a source, the troubles of its pages below, and a line of counts at the end."""
    out = console()
    for each in found:
        source = each.source
        looked = f"looked at {ago(each.looked_at, now)}" if each.looked_at else ""
        news = f"news {ago(each.news_at, now)}" if each.news_at else ""
        rhythm = rhythm_words(each.state.usual_seconds)
        about = (source.id, source.name, state_words(each.state, now))
        last = (looked, each.found, news, rhythm, source.kind, source.language)
        out.print(_joined(about), soft_wrap=True)
        out.print(f"  {escape(source.url)}", soft_wrap=True)
        if any(last):
            out.print(f"  {_joined(last)}", soft_wrap=True)
        for trouble in each.trouble:
            out.print(f"  ! {_safe(trouble)}; its layout may have changed", soft_wrap=True)
    told = ", ".join(f"{number:,} {state}" for state, number in counts(every).items())
    out.print(f"{counted(len(every), 'source')}: {told}", soft_wrap=True)


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(_safe(part) for part in parts if part)


def print_checked(checked: Checked, state: SourceState | None, now: datetime) -> None:
    """Everything in words; what was fetched cannot write to the terminal but as text."""
    out = console()
    name = f"{checked.source}  " if checked.source else ""
    out.print(f"[bold]{_safe(name)}[/bold]{_safe(checked.seed, 500)}", soft_wrap=True)
    for label, words in _lines(checked, state, now):
        out.print(f"  {label:<10} {_safe(words, 600)}", soft_wrap=True)
    verdict = "can be used" if checked.usable else "CANNOT be used"
    out.print(f"  {'verdict':<10} {verdict}")
    for sentence in checked.advice:
        out.print(f"             {_safe(sentence, 600)}", soft_wrap=True)
    out.print()


def _lines(checked: Checked, state: SourceState | None, now: datetime) -> Iterator[tuple[str, str]]:
    yield "robots.txt", _robots(checked)
    yield "address", _address(checked)
    if checked.kind not in ("page", "unknown"):
        yield "entries", _entries(checked)
        yield "rhythm", _rhythm(checked, now)
        yield "next look", _next_look(checked)
    for article in checked.articles:
        yield "article", _article(article)
    if state is not None:
        yield "state", state_words(state, now)


def _robots(checked: Checked) -> str:
    found = checked.robots
    if found is None:
        return "was not asked for" if checked.outcome == "bad-url" else "could not be had"
    if found.reason:
        return found.reason
    said = ["allows this" if found.allowed else "does not allow this to Beatwire"]
    if found.status >= 400:
        said = [f"there is none ({found.status}), so everything is allowed"]
    if found.delay:
        said.append(f"asks for {found.delay:g} s between two requests")
    if found.sitemaps:
        said.append(f"names {counted(len(found.sitemaps), 'sitemap')}")
    return ", ".join(said)


def _address(checked: Checked) -> str:
    if checked.outcome != "fetched":
        return f"{checked.outcome}{f': {checked.reason}' if checked.reason else ''}"
    size = checked.size
    amount = f"{size / MIB:.1f} MiB" if size >= MIB else f"{max(1, round(size / KIB)):,} KiB"
    kind = KINDS.get(checked.kind, checked.kind)
    if checked.followed and "html" in checked.content_type.lower():
        kind = "a page that offers a feed"
    said = [kind, amount, checked.content_type or "no type"]
    if checked.title:
        said.insert(1, f"“{checked.title}”")
    if checked.language:
        said.append(f"in {checked.language}")
    if checked.followed:
        said.append(f"looked at {checked.followed}")
    if checked.flaw:
        said.append(f"flaw: {checked.flaw}")
    return ", ".join(said)


def _entries(checked: Checked) -> str:
    if checked.total > checked.entries:
        return f"{checked.entries:,} of {checked.total:,} would be taken"
    return f"{checked.entries:,}"


def _rhythm(checked: Checked, now: datetime) -> str:
    if checked.newest is None:
        return "it gives no dates"
    told = f"newest {ago(checked.newest, now)} ({exact(checked.newest)})"
    return f"{told}, usually {rhythm_words(checked.usual)}" if checked.usual else told


def _next_look(checked: Checked) -> str:
    said = [
        f"costs little when nothing changed ({', '.join(checked.validators)})"
        if checked.validators
        else "fetches all of it again: the server gives no ETag and no date"
    ]
    if checked.hub:
        said.append(f"news are offered at once by {checked.hub}")
    return "; ".join(said)


def _article(article: ArticleChecked) -> str:
    title = f"“{article.title}”" if article.title else article.url
    if article.outcome != "article":
        reason = f": {article.reason}" if article.reason else ""
        remedy = f". {article.remedy}" if article.remedy else ""
        return f"{title}: {article.outcome}{reason}{remedy}"
    said = [counted(article.words, "word")]
    said.append(exact(article.published) if article.published else "no date")
    if article.language:
        said.append(article.language)
    return f"{title}: read, {', '.join(said)}"


def _safe(text: str, most: int = 300) -> str:
    return escape(printable(text)[:most])
