"""The class of a word by closed lists and endings, one letter each; ``roles.py`` has the key."""

from functools import lru_cache
from typing import Final

from processors.nlp.wordlists import words

BE: Final = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "'s",
        "'re",
        "am",
        "isn",
        "aren",
        "wasn",
        "weren",
    ]
)
"""Forms after which a participle makes a passive."""
_LISTS: Final[tuple[tuple[str, str], ...]] = (
    (
        "x",
        "is are was were be been being am has have had having do does did will would can could may"
        " might must shall should cannot isn aren wasn weren hasn haven hadn doesn don didn won"
        " wouldn couldn shouldn 've 'll 'd 're 'm ought",
    ),
    (
        "p",
        "of in on at by for from with without into onto over under between among amid against about"
        " around through throughout during within across behind beyond near above below toward"
        " towards upon off via per despite besides including unlike beside along alongside plus"
        " versus vs inside outside regarding concerning following up out down worth atop opposite"
        " circa backing",
    ),
    ("q", "after before since until till as than like except given once"),
    ("t", "to"),
    ("c", "and or & nor"),
    (
        "b",
        "but while whereas because if unless when whenever whether where although though yet so"
        " how why what whatever then thus",
    ),
    ("r", "which who whom whose that"),
    (
        "s",
        "he she it they we i you him them us me himself herself itself themselves this these those"
        " nobody everyone someone there",
    ),
    (
        "D",
        "the a an its his her their our my your some any each every both no another such all many"
        " several most more few other",
    ),
    (
        "a",
        "not 't n't also still already now just only even ever never too soon once again almost"
        " instead later earlier nearly quite rather perhaps maybe often always sometimes long much"
        " very well far then meanwhile however thereby yesterday today tomorrow tonight",
    ),
    (
        "T",
        "january february march april june july august september october november december monday"
        " tuesday wednesday thursday friday saturday sunday spring summer autumn winter week month"
        " year quarter decade day hour night weeks months years days hours minutes ago morning"
        " evening century last next",
    ),
    (
        "#",
        "two three four five six seven eight nine ten eleven twelve dozen hundred thousand million"
        " billion trillion half",
    ),
    ("o", "'s '"),
    (",", ","),
    (".", ". ! ? … ;"),
    (":", ": — –"),
    ("(", "( [ ) ]"),
    ('"', '" “ ”'),
)
_CLOSED: Final = {word: kind for kind, listed in reversed(_LISTS) for word in listed.split()}
_NO_PARTICIPLES: Final = words("not_verbs")


@lru_cache(maxsize=1 << 15)
def kind_of(word: str) -> str:  # noqa: PLR0911 - one answer a class
    """The class of a lower-case word, by itself."""
    if word in _CLOSED:
        return _CLOSED[word]
    if word in _forms():
        return _forms()[word]
    if word[0].isdigit() or not word[0].isalpha():
        return "T" if len(word) == 4 and word[:2] in ("19", "20") and word.isdigit() else "#"
    if word in _NO_PARTICIPLES:
        return "n"
    if word.endswith("ly") and len(word) > 4:
        return "a"
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed") and "-" not in word:
        return "v"
    if word.endswith("ing") and len(word) > 5:
        return "g"
    return "n"


def stem_is(word: str, stems: frozenset[str]) -> bool:
    """Whether a form is one of the regular or listed forms of ``stems``."""
    return _bases().get(word, word) in stems


def listed_words() -> frozenset[str]:
    """All words whose class is listed, in small letters."""
    return frozenset({*_CLOSED, *_forms(), *_NO_PARTICIPLES})


@lru_cache(maxsize=1)
def _forms() -> dict[str, str]:
    """All forms of the listed verbs and their classes."""
    kinds: dict[str, str] = {}
    for form, base in _bases().items():
        kinds[form] = "e" if form == base else "g" if form.endswith("ing") else "v"
    kinds.update(dict.fromkeys(words("same_pasts"), "v"))
    kinds.update({base: "g" for base in ("bring", "sing") if kinds.get(base) == "n"})
    return kinds


@lru_cache(maxsize=1)
def _bases() -> dict[str, str]:
    """Form to base of the listed verbs."""
    bases: dict[str, str] = {}
    for base in sorted(words("verbs")):
        for form in (base, *_regular(base)):
            bases.setdefault(form, base)
    for entry in sorted(words("irregular_verbs")):
        base, *forms = entry.split("/")
        for form in (base, *_present(base), *forms):
            bases[form] = base
    return bases


def _regular(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return (base + "d", *_present(base))
    if base.endswith("y") and base[-2] not in "aeiou":
        return (base[:-1] + "ied", *_present(base))
    double = len(base) < 5 and base[-1] not in "aeiouwxy" and base[-2] in "aeiou"
    double = double and base[-3] not in "aeiou"
    return (base + base[-1] + "ed" if double else base + "ed", base + "ed", *_present(base))


def _present(base: str) -> tuple[str, ...]:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        third = base + "es"
    elif base.endswith("y") and base[-2] not in "aeiou":
        third = base[:-1] + "ies"
    else:
        third = base + "s"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return third, base[:-1] + "ing"
    return third, base + "ing", base + base[-1] + "ing"
