"""A query tree against one article, in the plainest code: what every index must agree with."""

from collections.abc import Iterable, Sequence
from operator import eq, ge, gt, le, lt

from processors.figures import dollars
from processors.query import tree
from processors.query.terms import forms, terms
from processors.query.values import days
from processors.records import Article, Claim

COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


def matches(node: tree.Node, article: Article, own: Claim | None = None) -> bool:
    """Whether an article matches; with ``own``, whether that claim of it does."""
    match node:
        case tree.All():
            return True
        case tree.Words() | tree.Near() | tree.Prefix():
            body = article.body
            if own is not None:
                body = body[own.sentence.start : own.sentence.end]
            texts = [article.title] if node.where else [article.title, body]
            return any(shows(text, node) for text in texts)
        case tree.EntityIs(text=text, types=types):
            return any(
                called(text, entity.name, entity.id) and (not types or entity.type in types)
                for entity in article.entities
            )
        case tree.MoodIs(text=text, compare=compare, score=score):
            names = {entity.id: entity.name for entity in article.entities}
            return any(
                called(text, names.get(mood.entity), mood.entity)
                and COMPARE[compare](round(mood.score, 2), score)
                for mood in article.moods
            )
        case tree.SourceIs(text=text):
            by_id = article.source in (text, text.lower())
            return by_id or holds(terms(article.site_name), terms(text))
        case tree.AuthorIs(text=text):
            return any(called(text, author) for author in article.authors)
        case tree.LanguageIs(code=code):
            return article.language.split("-")[0].lower() == code
        case tree.SectionIs(text=text):
            return terms(article.section) == terms(text)
        case tree.StoryIs(id=story):
            return (article.story or article.id) == story
        case tree.EventIs(id=event):
            return (article.event or article.story or article.id) == event
        case tree.Original():
            return article.original
        case tree.Published(after=after, before=before):
            when = article.published or article.fetched_at
            return (after is None or when >= after) and (before is None or when < before)
        case tree.ClaimIs():
            return any(meets(node, one) for one in ([own] if own else article.claims))
        case tree.And(parts=parts):
            return all(matches(part, article, own) for part in parts)
        case tree.Or(parts=parts):
            return any(matches(part, article, own) for part in parts)
        case tree.Not(part=part):
            return not matches(part, article, own)


def shows(text: str, node: tree.Text) -> bool:
    found = terms(text)
    match node:
        case tree.Words(terms=wanted):
            return holds(found, wanted)
        case tree.Near(terms=wanted, gap=gap):
            places = [[at for at, term in enumerate(found) if term == one] for one in wanted]
            return all(
                any(abs(a - b) - 1 <= gap for a in first for b in second)
                for number, first in enumerate(places)
                for second in places[:number]
            )
        case tree.Prefix(start=start):
            return any(form.startswith(start) for form in forms(text))


def holds(text: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(tuple(text[at : at + size]) == tuple(wanted) for at in range(len(text) - size + 1))


def called(text: str, name: str | None, id: str | None = None) -> bool:
    """Whether somebody's id is the text, or the name ends with its terms."""
    if id is not None and id in (text, text.lower()):
        return True
    wanted = terms(text)
    return bool(name) and bool(wanted) and terms(name or "")[-len(wanted) :] == wanted


def meets(node: tree.ClaimIs, claim: Claim) -> bool:
    return node.kind in (None, claim.kind) and all(
        holds_for(condition, claim) for condition in node.conditions
    )


def holds_for(condition: tree.Condition, claim: Claim) -> bool:
    match condition:
        case tree.Amount(unit="usd", compare=compare, value=value):
            return any(COMPARE[compare](one, value) for one in dollars(claim))
        case tree.Amount(compare=compare, value=value):
            stated: Iterable[float | None] = (claim.amount_low, claim.amount_high)
            counted = claim.unit in ("chips", "people")
            return counted and any(
                COMPARE[compare](one, value) for one in stated if one is not None
            )
        case tree.Dated():
            return dated(condition, claim.date)
        case tree.PartyIs(role="subject", text=text):
            return called(text, claim.subject, claim.subject_id)
        case tree.PartyIs(role="object", text=text):
            return called(text, claim.object, claim.object_id)
        case tree.PartyIs(text=text):
            return called(text, claim.speaker)
        case tree.ModalityIs(modality=modality):
            return claim.modality == modality
        case tree.BoundIs(bound=bound):
            return claim.bound == bound


def dated(condition: tree.Dated, stated: str | None) -> bool:
    stretch, own = days(condition.date), days(stated or "")
    if stretch is None or own is None:
        return False
    first, last = stretch
    ways: dict[str, bool] = {
        "<": own[1] < first,
        "<=": own[1] <= last,
        ">": own[0] > last,
        ">=": own[0] >= first,
        "=": own[0] <= last and own[1] >= first,
    }
    return ways[condition.compare]
