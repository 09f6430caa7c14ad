"""What one index says that another does not: articles, claims, entities and moods.

Pure, and of bounded memory: both are gone through side by side, and of what differs a few examples
are kept of each sort. What is no content (stories, when a page was last seen) is left aside.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Literal, get_args

import msgspec

from processors.records import Article, Entity, Mood
from processors.revisions.claims import claim_changes
from services.index.documents import number_of
from services.words import signed

Group = Literal["articles", "claims", "entities", "moods"]
GROUPS: tuple[Group, ...] = get_args(Group)
How = Literal["added", "removed", "changed"]
HOWS: tuple[How, ...] = get_args(How)
WHOLE = "whole"
"""The kind of all articles."""
EXAMPLES = 3
"""Of each kind and way, each of another article."""
LEAST_SCORE = 0.005
"""Scores of moods that differ by less are shown alike."""
ASPECTS = (
    "title", "body", "published", "authors", "language", "section", "summary", "site_name",
    "source", "date_suspect",
)  # fmt: skip
"""Of an article: what is compared beside what it says."""


class Example(msgspec.Struct, frozen=True):
    how: How
    says: str
    title: str
    url: str


class Tally(msgspec.Struct):
    """Of one group, or one kind of it."""

    before: int = 0
    after: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    examples: list[Example] = []

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class OtherVersion(msgspec.Struct):
    """A component that made one side's articles in another version than the other's."""

    component: str
    before: str
    """Empty: it took no part."""
    after: str
    articles: int = 0
    differing: int = 0
    """Of them, those in which anything is said otherwise."""


class Report(msgspec.Struct):
    groups: dict[Group, Tally]
    kinds: dict[Group, dict[str, Tally]]
    """Of claims by their kind, of entities by their type, of moods by their polarity; of articles
    that changed, by what of them did."""
    versions: list[OtherVersion] = []

    @property
    def is_empty(self) -> bool:
        return not self.versions and not any(tally.differs for tally in self.groups.values())


class _Difference(msgspec.Struct, frozen=True):
    group: Group
    how: How
    kinds: dict[str, str]
    """Kind to what is to be said of it; counted once in the group, and in each of these."""


def compare(before: Iterable[Article], after: Iterable[Article]) -> Report:
    """Both in the order of ``Index.every``."""
    report = Report({group: Tally() for group in GROUPS}, {group: {} for group in GROUPS})
    versions: dict[tuple[str, str, str], OtherVersion] = {}
    for old, new in _side_by_side(before, after):
        _count_all(report, old, new)
        found = list(_differences(old, new))
        article = new or old
        if article is not None:
            for each in found:
                _note(report, each, article)
        if old is not None and new is not None:
            _note_versions(versions, old, new, differs=bool(found))
    report.versions = sorted(versions.values(), key=attrgetter("component", "before", "after"))
    return report


def _side_by_side(
    before: Iterable[Article], after: Iterable[Article]
) -> Iterator[tuple[Article | None, Article | None]]:
    """Each article of either, with the other's of the same id."""
    lefts, rights = iter(before), iter(after)
    left, right = next(lefts, None), next(rights, None)
    while left is not None or right is not None:
        place_left, place_right = _place(left), _place(right)
        first = min(place for place in (place_left, place_right) if place is not None)
        here_left = left if place_left == first else None
        here_right = right if place_right == first else None
        yield here_left, here_right
        if here_left is not None:
            left = next(lefts, None)
        if here_right is not None:
            right = next(rights, None)


def _place(article: Article | None) -> tuple[int, str] | None:
    return None if article is None else (number_of(article.id), article.id)


def _differences(old: Article | None, new: Article | None) -> Iterator[_Difference]:
    if old is None or new is None:
        how: How = "removed" if new is None else "added"
        yield _Difference("articles", how, {WHOLE: ""})
    elif changed := [name for name in ASPECTS if getattr(old, name) != getattr(new, name)]:
        says = {name: _was_is(old, new, name) for name in changed}
        yield _Difference("articles", "changed", says)
    yield from _claims(old, new)
    yield from _entities(old, new)
    yield from _moods(old, new)


def _was_is(old: Article, new: Article, name: str) -> str:
    if name in ("body", "summary"):
        lengths = [f"{len(getattr(each, name).split()):,}" for each in (old, new)]
        return f"{'text' if name == 'body' else name}: {' → '.join(lengths)} words"
    was, now = (_shown(getattr(each, name)) for each in (old, new))
    return f"{name}: {was} → {now}"


def _shown(value: object) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value or "none")
    return text[:120] or "none"


def _claims(old: Article | None, new: Article | None) -> Iterator[_Difference]:
    for change in claim_changes(old.claims if old else (), new.claims if new else ()):
        claim = change.after or change.before
        how = _how(change.before, change.after)
        yield _Difference("claims", how, {claim.kind if claim else "": change.says})


def _entities(old: Article | None, new: Article | None) -> Iterator[_Difference]:
    left = {each.id: each for each in (old.entities if old else ())}
    right = {each.id: each for each in (new.entities if new else ())}
    for name in dict.fromkeys((*left, *right)):
        was, now = left.get(name), right.get(name)
        if _entity(was) != _entity(now):
            kind = now or was
            says = f"{_named(was)} → {_named(now)}" if was and now else _named(now or was)
            yield _Difference("entities", _how(was, now), {kind.type if kind else "": says})


def _entity(found: Entity | None) -> tuple[str, str, int, int] | None:
    if found is None:
        return None
    return found.name, found.type, len(found.mentions), len(found.references)


def _named(found: Entity | None) -> str:
    if found is None:
        return ""
    times = len(found.mentions) + len(found.references)
    return f"{found.name} ({found.type}, named {times} times)"


def _moods(old: Article | None, new: Article | None) -> Iterator[_Difference]:
    left = {each.entity: each for each in (old.moods if old else ())}
    right = {each.entity: each for each in (new.moods if new else ())}
    for name in dict.fromkeys((*left, *right)):
        was, now = left.get(name), right.get(name)
        if was and now:
            if was.polarity == now.polarity and abs(was.score - now.score) < LEAST_SCORE:
                continue
            kind = " → ".join(dict.fromkeys((was.polarity, now.polarity)))
            says = f"{name}: {_felt(was)} → {_felt(now)}"
            yield _Difference("moods", "changed", {kind: says})
        elif one := now or was:
            yield _Difference("moods", _how(was, now), {one.polarity: f"{name}: {_felt(one)}"})


def _felt(mood: Mood) -> str:
    return f"{mood.polarity} {signed(mood.score)}"


def _how(was: object | None, now: object | None) -> How:
    if was is None:
        return "added"
    return "removed" if now is None else "changed"


def _count_all(report: Report, old: Article | None, new: Article | None) -> None:
    for article, side in ((old, "before"), (new, "after")):
        if article is not None:
            for group, kinds in _kinds(article).items():
                tally = report.groups[group]
                setattr(tally, side, getattr(tally, side) + kinds.total())
                for kind, number in kinds.items():
                    of_kind = _of_kind(report, group, kind)
                    setattr(of_kind, side, getattr(of_kind, side) + number)


def _kinds(article: Article) -> dict[Group, Counter[str]]:
    return {
        "articles": Counter([WHOLE]),
        "claims": Counter(claim.kind for claim in article.claims),
        "entities": Counter(entity.type for entity in article.entities),
        "moods": Counter(mood.polarity for mood in article.moods),
    }


def _of_kind(report: Report, group: Group, kind: str) -> Tally:
    return report.kinds[group].setdefault(kind, Tally())


def _note(report: Report, found: _Difference, article: Article) -> None:
    _count(report.groups[found.group], found.how)
    for kind, says in found.kinds.items():
        tally = _of_kind(report, found.group, kind)
        _count(tally, found.how)
        kept = [each for each in tally.examples if each.how == found.how]
        if len(kept) < EXAMPLES and all(each.url != article.url for each in kept):
            tally.examples.append(Example(found.how, says, article.title, article.url))


def _count(tally: Tally, how: How) -> None:
    setattr(tally, how, getattr(tally, how) + 1)


def _note_versions(
    versions: dict[tuple[str, str, str], OtherVersion],
    old: Article,
    new: Article,
    *,
    differs: bool,
) -> None:
    for component in old.made_by.keys() | new.made_by.keys():
        was, now = old.made_by.get(component, ""), new.made_by.get(component, "")
        if was != now:
            key = (component, was, now)
            found = versions.setdefault(key, OtherVersion(*key))
            found.articles += 1
            found.differing += differs
