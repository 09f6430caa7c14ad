"""The table of queries as a page of the docs: ``python -m tests.specs.printed`` writes it."""

from collections.abc import Iterable

from processors.figures import claim_line
from processors.records import Article
from tests.specs.queries import CLAIM_SPECS, NEWSROOM, SPECS, Spec
from tests.support.tree import ROOT

PAGE = ROOT / "docs/query-cases.md"


def page() -> str:
    """Every case that is tested, over articles that the page shows."""
    return "\n".join(
        (
            "# What queries find, case by case",
            "",
            "Each row is a test that runs on every engine. This page is printed from the table of "
            "tests by `python -m tests.specs.printed`; [how to ask](query.md) is the introduction.",
            "",
            "## The articles",
            "",
            *(line for article in NEWSROOM for line in _article(article)),
            "## Articles found",
            "",
            *_table(SPECS),
            "",
            "## Claims found",
            "",
            "Claims are shown by their figures, `-` for one without.",
            "",
            *_table(CLAIM_SPECS),
            "",
        )
    )


def _article(article: Article) -> Iterable[str]:
    name = article.url.rpartition("/")[2]
    yield f"**{name}**: “{article.title}”. {article.body}"
    yield ""
    yield f"- from {article.site_name or article.source}"
    if article.authors:
        yield f"- by {', '.join(article.authors)}"
    yield f"- time: {article.published or article.fetched_at:%Y-%m-%d %H:%M}"
    if article.section:
        yield f"- section {article.section}, language {article.language}"
    if article.story:
        yield f"- a copy, of story `{article.story}`"
    if article.entities:
        named = (f"{entity.name} ({entity.type})" for entity in article.entities)
        yield f"- names {', '.join(named)}"
    for mood in article.moods:
        yield f"- mood towards `{mood.entity}`: {mood.score:+.3f}"
    for claim in article.claims:
        said = f", says {claim.speaker}" if claim.speaker else ""
        yield f"- claims {claim_line(claim)}{said}"
    yield ""


def _table(specs: Iterable[Spec]) -> Iterable[str]:
    yield "| query | finds | because |"
    yield "|---|---|---|"
    for spec in specs:
        query = spec.query.replace("|", "\\|") or " "
        yield f"| `{query}` | {spec.hits or 'nothing'} | {spec.title} |"


if __name__ == "__main__":
    PAGE.write_text(page())
