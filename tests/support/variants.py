"""What becomes of a report on its way through papers, and reports that only look like copies.

All texts are ours. Each variant is made with dice, so that a seed tells a whole set.
"""

import random
import re
from collections.abc import Callable, Sequence

_SAME_WORDS = {
    "said": "stated",
    "company": "firm",
    "about": "around",
    "plans": "intends",
    "buy": "purchase",
    "big": "large",
    "began": "started",
    "show": "demonstrate",
    "also": "as well",
    "but": "however",
    "help": "assist",
    "more than": "over",
    "new": "fresh",
    "money": "cash",
    "use": "employ",
    "people": "persons",
}
_FURNITURE = (
    "Sign up for our morning letter.",
    "This story has been updated.",
    "Share this article with a friend.",
    "Read more about chips on our pages.",
)
_OFFICES = ("PARIS, May 4 (Meridian Wire) - ", "By Staff\n\n", "SEOUL (Meridian Wire) - ")

FORMS = (
    "{firm} reported revenue of ${a} million for the quarter on {day}, up {b} percent from a year "
    "before. The shares of the {city} company rose after the bell. Finance chief {person} said "
    "that demand for its services had been stronger than planned. {firm} expects revenue of ${c} "
    "million in the current quarter. The company did not say how many customers it has. It is "
    "one of many that sell such services, and analysts say that few of them will last.",
    "A court in {city} fined {firm} ${a} million on {day} for the use of personal data without "
    "consent. Judge {person} said that the company had ignored {b} complaints. {firm} said that "
    "it would appeal. The case began when a user asked for a copy of all that was kept of him. "
    "Consumer groups welcomed the ruling and asked for stricter rules. The company has {c} days "
    "to pay, and must delete what it gathered.",
    "{firm} released a language model with {a} billion parameters on {day}. The {city} start-up "
    "said that it had been trained on {b} chips within {c} days. Its weights can be downloaded by "
    "anyone and used for research. {person}, who led the work, said that a larger one would "
    "follow. Researchers who tried it praised how fast it answers, and warned that it makes up "
    "sources. The company did not say what the training had cost.",
)
_FIRMS = (
    "Oakmere", "Tarnhill Systems", "Veloria", "Brackett Labs", "Sunderlane", "Polymath Nine",
    "Quaystone", "Hollin AI", "Merrowgate", "Fennimore Data", "Ashcombe", "Luxemborn",
)  # fmt: skip
_CITIES = ("Turin", "Oslo", "Denver", "Osaka", "Lisbon", "Tallinn", "Cork", "Nairobi", "Pune")
_PEOPLE = (
    "Ida Crane", "Tom Varga", "Lena Abiola", "Hugo Pell", "Mara Quist", "Noor Haddad",
    "Sven Dahl", "Paula Reyes", "Kofi Mensah", "Emil Roth",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


def syndicated(text: str, dice: random.Random) -> str:
    return f"{dice.choice(_OFFICES)}{text}\n{dice.choice(_FURNITURE)}"


def cut(text: str, dice: random.Random) -> str:
    found = sentences(text)
    return " ".join(found[: max(3, round(dice.uniform(0.45, 0.8) * len(found)))]) + " ... Read more"


def edited(text: str, dice: random.Random) -> str:
    """A sentence more, one less."""
    found = sentences(text)
    del found[dice.randrange(1, len(found))]
    found.insert(dice.randrange(1, len(found)), "A spokeswoman could not be reached on the day.")
    return " ".join(found)


def reordered(text: str, dice: random.Random) -> str:
    first, *rest = sentences(text)
    dice.shuffle(rest)
    return " ".join([first, *rest])


def corrected(text: str, dice: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return str(int(match[0]) + dice.randrange(1, 4)) if dice.random() < 0.6 else match[0]

    return f"CORRECTION: {re.sub(r'(?<![\d.,])\d{1,4}(?![\d.,])', other, text)}"


def reworded(text: str, dice: random.Random) -> str:
    """With other words of the same meaning."""
    every = "|".join(_SAME_WORDS)
    return re.sub(
        rf"\b(?:{every})\b",
        lambda match: _SAME_WORDS[match[0]] if dice.random() < 0.9 else match[0],
        text,
    )


def rewritten(text: str, dice: random.Random) -> str:
    """Other words, another order, a sentence in seven left out, and something from the desk."""
    first, *rest = sentences(reworded(text, dice))
    rest = [each for each in rest if dice.random() > 0.15]
    for at in range(0, len(rest) - 1, 3):
        rest[at], rest[at + 1] = rest[at + 1], rest[at]
    return syndicated(" ".join([first, *rest]), dice)


def brief(text: str, dice: random.Random) -> str:
    found = sentences(text)
    size = 0
    for size in range(2, len(found)):
        if len(" ".join(found[:size]).split()) >= 40:
            break
    return f"IN BRIEF: {' '.join(found[:size])} {dice.choice(_FURNITURE)}"


VARIANTS: tuple[Callable[[str, random.Random], str], ...] = (
    syndicated, cut, edited, reordered, corrected, reworded, rewritten, brief,
)  # fmt: skip


def from_one_form(form: str, number: int, dice: random.Random) -> list[str]:
    """Reports that differ in who, where, when and how much, and in nothing else."""
    firms, cities = dice.sample(_FIRMS, number), dice.sample(_CITIES, number)
    people = dice.sample(_PEOPLE, number)
    return [
        form.format(
            firm=firm,
            city=city,
            person=person,
            day=dice.choice(_DAYS),
            a=dice.randrange(20, 900),
            b=dice.randrange(5, 99),
            c=dice.randrange(20, 900),
        )
        for firm, city, person in zip(firms, cities, people, strict=True)
    ]


def with_furniture(text: str) -> str:
    """Between what a site puts around everything: more words than some reports have."""
    notice = "This site keeps a record of your visits and shares it with its partners. " * 2
    return f"{notice}\n{text}\n" + "\n".join(_FURNITURE) + f"\n{notice}"


def merged(one: str, other: str) -> str:
    """All of a report, and behind it the beginning of another, a third as long."""
    more, words = [], 0
    for sentence in sentences(other):
        if words and words + len(sentence.split()) > len(one.split()) / 3:
            break
        more.append(sentence)
        words += len(sentence.split())
    return " ".join([one, *more])


def pairs_of(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(one, other) for at, one in enumerate(texts) for other in texts[at + 1 :]]
