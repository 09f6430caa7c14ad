"""Articles and queries drawn by chance, of so few words that they often meet."""

from random import Random
from typing import get_args

from processors.query import tree
from processors.query.syntax import parse_query
from processors.records import (
    Article,
    Bound,
    Claim,
    ClaimKind,
    EntityType,
    Modality,
    Mood,
)
from tests.support.articles import article, at, claim, claim_in, entity

WORDS = ("nvidia", "chips", "GPT-4", "gpt4", "lower cost", "cost", "US", "us", "R1", "$5.6 million")
NAMES = ("Nvidia", "Deep Harbour", "Harbour", "Sam Altman", "GPT-4")
TYPES: tuple[EntityType, ...] = ("company", "person", "model", "fund")
ASKED = ("nvidia", "harbour", "deep-harbour", "altman", "gpt4", "Sam Altman")
KINDS: tuple[ClaimKind, ...] = ("funding", "training_cost", "loss", "headcount")
FIGURES = (1e6, 5.6e6, 1e7, 1e8, 65e9)
DATES = ("2025", "2025-03", "2025-Q1", "2025-03-14", "2024-12-31")
COMPARES: tuple[tree.Compare, ...] = get_args(tree.Compare)
SCORES = (-0.7, -0.304, -0.3, 0.0, 0.184, 0.995)
AUTHORS = ("Ada Ames", "Bo Ames", "Mara Holm")
SECTIONS = ("Business", "business news", "")


def random_article(random: Random, number: int) -> Article:
    sentences = [" ".join(random.choices(WORDS, k=random.randint(1, 5))) + "." for _ in range(3)]
    body = " ".join(sentences)
    named = [
        entity(one, random.choice(TYPES)) for one in random.sample(NAMES, random.randint(0, 3))
    ]
    moods = [
        Mood(entity=one.id, polarity="neutral", score=random.choice(SCORES))
        for one in named
        if random.random() < 0.6
    ]
    return article(
        f"story-{number}",
        body,
        title=" ".join(random.choices(WORDS, k=2)),
        source=random.choice(("ledger", "wire")),
        site_name=random.choice(("The Ledger", "Harbour Wire", "")),
        published_hours=random.choice((None, 0, 24, 48.5)),
        hours=random.randint(0, 72),
        authors=tuple(random.sample(AUTHORS, random.randint(0, 2))),
        language=random.choice(("en", "en-GB", "de", "")),
        section=random.choice(SECTIONS),
        story=random.choice(("", "story-a", "story-b")),
        event=random.choice(("", "story-a", "event-a")),
        original=random.random() < 0.7,
        entities=tuple(named),
        moods=tuple(moods),
        claims=tuple(random_claim(random, body, sentences) for _ in range(random.randint(0, 3))),
    )


def random_claim(random: Random, body: str, sentences: list[str]) -> Claim:
    kind = random.choice(KINDS)
    low, high = random.choice((None, *FIGURES)), random.choice((None, *FIGURES))
    bound: Bound = random.choice(("range", "at_least", "about"))
    subject = random.choice(NAMES)
    own = {
        "bound": bound,
        "subject": subject,
        "subject_id": random.choice((None, entity(subject).id)),
        "object": random.choice((None, *NAMES)),
        "speaker": random.choice((None, *NAMES)),
        "modality": random.choice(get_args(Modality)),
        "date": random.choice((None, *DATES)),
        "unit": "people" if kind == "headcount" else None,
    }
    if random.random() < 0.3:
        return claim(kind, low, high, **own)
    sentence = random.choice(sentences)
    return claim_in(body, sentence, sentence, kind=kind, low=low, high=high, **own)


def random_words(random: Random) -> tree.Node:
    phrase = " ".join(random.choices(WORDS, k=random.choice((1, 1, 2))))
    return parse_query(f'{random.choice(("", "", "title:"))}"{phrase}"')


def random_condition(random: Random) -> tree.Condition:
    compare = random.choice(COMPARES)
    match random.randrange(7):
        case 0 | 1:
            return tree.Amount("usd", compare, random.choice(FIGURES))
        case 2:
            return tree.Amount("count", compare, random.choice(FIGURES))
        case 3:
            return tree.Dated(compare, random.choice(DATES))
        case 4:
            return tree.ModalityIs(random.choice(get_args(Modality)))
        case 5:
            return tree.BoundIs(random.choice(("range", "at_least", "about")))
        case _:
            return tree.PartyIs(
                random.choice(("subject", "object", "speaker")), random.choice(ASKED)
            )


def random_leaf(random: Random) -> tree.Node:
    where: tree.Where = random.choice(("", "", "title"))
    when = at(random.choice((0, 24, 48, 48.5)))
    match random.randrange(17):
        case 0 | 1 | 2:
            return random_words(random)
        case 3:
            words = random.sample(("nvidia", "chip", "gpt", "4", "cost", "r", "million"), 2)
            return tree.Near(tuple(words), random.randint(1, 6), " ".join(words), where)
        case 4:
            return tree.Prefix(random.choice(("nvi", "chips", "low", "mil", "gpt")), where)
        case 5:
            return tree.EntityIs(random.choice(ASKED))
        case 6:
            types = tuple(random.sample(TYPES, random.randint(1, 2)))
            return tree.EntityIs(random.choice(ASKED), types)
        case 7:
            return tree.MoodIs(random.choice(ASKED), random.choice(COMPARES), random.choice(SCORES))
        case 8:
            return tree.SourceIs(random.choice(("ledger", "wire", "harbour", "The Ledger")))
        case 9:
            return tree.AuthorIs(random.choice(("ames", "Ada Ames", "ada", "Holm")))
        case 10:
            if random.random() < 0.3:
                return tree.SectionIs("BUSINESS")
            return tree.LanguageIs(random.choice(("en", "de")))
        case 11:
            story, event = tree.StoryIs("story-a"), tree.EventIs("event-a")
            return random.choice((story, event, tree.Original()))
        case 12:
            return random.choice((tree.Published(after=when), tree.Published(before=when)))
        case _:
            count = random.choice((0, 1, 1, 2, 2, 3))
            conditions = tuple(random_condition(random) for _ in range(count))
            return tree.ClaimIs(random.choice((None, *KINDS)), conditions)


def random_node(random: Random, depth: int = 0) -> tree.Node:
    if depth >= 3 or random.random() < 0.6:
        return random_leaf(random)
    if random.random() < 0.25:
        return tree.Not(random_node(random, depth + 1))
    parts = tuple(random_node(random, depth + 1) for _ in range(random.randint(2, 3)))
    return random.choice((tree.And, tree.Or))(parts)
