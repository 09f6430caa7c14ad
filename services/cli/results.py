"""What ``search``, ``claims`` and their like print on a terminal."""

import unicodedata
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from processors.figures import claim_line
from processors.query.explain import explain
from processors.query.tree import And, Node
from processors.records import Article, Claim
from services.answers.disagreements import entry_of
from services.index import ClaimResults, Disputes, Index, Marked, Results, source_name
from services.words import counted

CLAIMS_SHOWN = 4


def print_hits(console: Console, found: Results, edits: Sequence[int], offset: int) -> None:
    """The articles of a page, then the counts if they were asked for.

    ``edits``: of each hit, how many texts it had before.
    """
    console.print(_count(found.total, len(found.hits), offset, "article"))
    for hit, edited in zip(found.hits, edits, strict=True):
        article = hit.article
        console.print()
        console.print(_marked(hit.title, "bold"))
        folded = f" · +{hit.copies} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies else ""
        console.print(Text(_origin(article) + folded + _edited(article, edited), "dim"))
        console.print(Padding(_marked(hit.snippet), (0, 0, 0, 2), expand=False))
        _print_claims(console, article.claims[:CLAIMS_SHOWN])
        if len(article.claims) > CLAIMS_SHOWN:
            more = len(article.claims) - CLAIMS_SHOWN
            console.print(f"  and {counted(more, 'more claim')}")
        console.print(Text(f"  {plain(article.url)}", "dim"), soft_wrap=True)
    for name, counts in found.facets.items():
        shown = ", ".join(
            f"{plain(one.label)} {'~' if one.about else ''}{one.count}" for one in counts[:10]
        )
        console.print(Text(f"\nby {name}: {shown}"))


def print_claims(console: Console, found: ClaimResults, offset: int) -> None:
    console.print(_count(found.total, len(found.claims), offset, "claim"))
    for hit in found.claims:
        console.print()
        console.print(Text(plain(claim_line(hit.claim)), "bold"))
        console.print(Padding(_marked(hit.sentence), (0, 0, 0, 2), expand=False))
        when = f"{hit.published:%Y-%m-%d}" if hit.published else "undated"
        origin = f"  {source_name(hit)} · {when} · {hit.title}"
        console.print(Text(plain(origin), "dim"))


def print_disagreements(console: Console, found: Disputes) -> None:
    """The ledger: about what, then each figure with who says it and since when."""
    console.print(_count(found.total, len(found.disputes), 0, "disagreement"))
    for entry in filter(None, map(entry_of, found.disputes)):
        console.print()
        console.print(Text(plain(entry.about), "bold"))
        for each in entry.positions:
            said = ", ".join(each.sources)
            since = f", since {each.first.at:%Y-%m-%d}" if each.first.at else ""
            line = f"  {each.figure}  {counted(each.origins, 'origin')}: {said}{since}"
            console.print(Text(plain(line)))


def print_article(console: Console, article: Article, edits: int) -> None:
    console.print(Text(plain(article.title), "bold"))
    console.print(Text(_origin(article), "dim"))
    if article.authors:
        console.print(Text(plain(f"by {', '.join(article.authors)}"), "dim"))
    console.print(Text(plain(article.url), "dim"), soft_wrap=True)
    for paragraph in article.body.splitlines():
        console.print()
        console.print(Text(plain(paragraph)))
    if article.entities:
        names = ", ".join(f"{entity.name} ({entity.type})" for entity in article.entities)
        console.print(Text(plain(f"\nNames: {names}")))
    if article.claims:
        console.print("\nClaims:")
        _print_claims(console, article.claims)
    names_of = {entity.id: entity.name for entity in article.entities}
    for mood in article.moods:
        name = names_of.get(mood.entity, mood.entity)
        console.print(Text(plain(f"Mood: {name} {mood.polarity} ({mood.score:+.2f})")))
    if edits:
        console.print(Text(f"Versions: {edits + 1}; list them with --versions", "dim"))


def print_nothing(
    console: Console, index: Index, node: Node, total: int, offset: int, *, claims: bool = False
) -> None:
    """Why there is nothing to show, and what to try next."""
    thing = "claim" if claims else "article"
    if total:
        console.print(_count(total, 0, offset, thing) + f"; try --offset 0 (it was {offset})")
        return
    if not index.stats().articles:
        console.print(
            "The index is empty. Try `beatwire demo`, or `beatwire crawl URL` and then "
            "`beatwire work --drain`."
        )
        return
    console.print(Text(f"No {thing} matches: {plain(explain(node))}."))
    for left_out, count in wider(index, node, claims=claims):
        console.print(Text(f"  without {plain(explain(left_out))}: {count}"))
    console.print("Try fewer words, OR between them, or no filter.")


def wider(index: Index, node: Node, *, claims: bool) -> list[tuple[Node, int]]:
    """For each clause that must hold: what the query would find without it, the most first."""
    if not isinstance(node, And):
        return []
    counts: list[tuple[Node, int]] = []
    for place, part in enumerate(node.parts):
        rest = And(node.parts[:place] + node.parts[place + 1 :])
        answer = index.claims(rest, limit=0) if claims else index.search(rest, limit=0)
        if answer.total:
            counts.append((part, answer.total))
    return sorted(counts, key=lambda pair: -pair[1])


def plain(text: str) -> str:
    """Fetched text without what steers a terminal: control, format and surrogate characters."""
    return "".join(
        char if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} else " "
        for char in text
    )


def _count(total: int, shown: int, offset: int, thing: str) -> str:
    words = counted(total, thing)
    return words if shown == total else f"{words}, {offset + 1:,} to {offset + shown:,} shown"


def _origin(article: Article) -> str:
    when = article.published or article.fetched_at
    known = "" if article.published else "fetched "
    name = source_name(article)
    return plain(f"{name} · {known}{when:%Y-%m-%d %H:%M %Z} · {article.id}")


def _edited(article: Article, edits: int) -> str:
    if not edits:
        return ""
    often = f" {counted(edits, 'time')}" if edits > 1 else ""
    return f" · edited{often}, seen {article.fetched_at:%Y-%m-%d %H:%M %Z}"


def _print_claims(console: Console, claims: Sequence[Claim]) -> None:
    for claim in claims:
        console.print(Text(plain(f"  • {claim_line(claim)}"), "cyan"))


def _marked(marked: Marked, style: str = "") -> Text:
    text = Text(plain(marked.text), style)
    for span in marked.marks:
        text.stylize("bold yellow", span.start, span.end)
    return text
