"""Names that the gazetteer lacks: those of spaCy's recogniser, cleaned and typed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Doc, Span

from processors.nlp import cues
from processors.nlp.annotations import Mention
from processors.nlp.context import Surroundings
from processors.nlp.introductions import institutions, introduced, mention
from processors.nlp.lookup import Hit
from processors.nlp.marks import Marks
from processors.nlp.no_names import is_name
from processors.records import EntityType

__all__ = ["introduced", "recognised"]

_TITLES = (
    r"(?:the|a|an|mr|mrs|ms|dr|prof(?:essor)?|sir|dame|lord|judge|justice|president|senator|sen|rep"
    r"|representative|governor|gov|mayor|secretary|minister|chancellor|commissioner|chair(?:man|woman)?"
    r"|chief|executive|ceo|cto|cfo|coo|founder|co-founder|sheikh|prince|king|queen|pope|general|gen"
    r"|former|then|analyst|analysts|researcher|engineer|director|attorney|lawyer|us|u\.s\.)\.?"
)
_LEADING = re.compile(rf"^(?:{_TITLES}\s+|[\W_]+)+", re.IGNORECASE)
_TRAILING = re.compile(r"(?:'s|'|[^\w)+!.&]|(?<![A-Z])\.)+$")
_ORGANISATION = re.compile(
    r".*\b(?:Bank|University|Airlines|Airways|Mobile|Telecom|Institute|Council|Association|Group"
    r"|Foundation|Corp|Corporation|Inc|Ltd|Holdings|Post|Times|Daily|News|Cent(?:er|re)|Office|Forum"
    r"|Chamber|Union|Society|Academy|Agency|Authority|Army|School|Fund|Capital|Ventures|Labs?"
    r"|Department|Ministry|Commission|Court|Biobank|Bureau|Robotics|Health|Energy|Motors|Research"
    r"|Entertainment|Pictures|Music|Sciences|Aerospace|Semiconductors?|Electronics|Solutions|Systems"
    r"|Technolog(?:y|ies)|Logistics|Studios?|Games|Media|Networks|Securities|Insurance)\b.*"
)
_TRADES = re.compile(
    r",? (?:has |have |is |was |will |also |had )*(?:rais|launch|unveil|releas|acquir|sell"
    r"|mak(?:es|ing)|build|develop|hir|list|ship|trad|compet|claims|train|open sourc|rent"
    r"|lease|fil(?:ed|es) for)\w*\b"
    r"|'s (?:shares|stock|revenue|sales|chips?|models?|platform|valuation|software|app"
    r"|technology|chief executive|founders?|backers|investors|customers)\b"
)
_SIGNS = tuple("$€£¥₹₩")
_OF_SIGN = re.compile(r"\W*(?<!\w)[A-Z]{1,3}$")
_PLACES = frozenset({"GPE", "LOC", "FAC", "NORP"})
_WANTED = _PLACES | {"PERSON", "ORG", "PRODUCT", "WORK_OF_ART"}
_WORKS_AT = re.compile(
    r"\b(?:work(?:s|ed|ing)? (?:at|for)|employed by|jobs? at|(?:founder|executive|head|CEO) of"
    r"|customers of|called|named) $"
)
_PLACED = re.compile(r"\b(?:in|across|through|near|towards?) $")
_PERSON = re.compile(
    r"[A-Z][\w.'-]*(?: (?:(?:al|bin|de|da|der|van|von|den|la|le|di|du|el|ibn)|[A-Z][\w.'-]*)){0,4}"
)


def recognised(
    doc: Doc, hits: Sequence[Hit], around: Surroundings, knows: Callable[[str], bool]
) -> list[Mention]:
    """The recogniser's people and organisations that no hit covers, as mentions.

    A name that we know (``knows``) and that is no hit here means something else here.
    """
    found = institutions(hits, around)
    taken = Marks(len(around.text), ((one.start, one.end) for one in found))
    hits = sorted(hits, key=lambda hit: hit.start)
    for span in doc.ents:
        for start, end in _clean(span, around):
            kind = _kind(span.label_, around, start, end)
            if not kind or taken.touch(start, end) or knows(around.text[start:end]):
                continue
            if not _refused(start, end, hits, kind, around):
                found.append(mention(around, start, end, kind))
    return found


def _clean(span: Span, around: Surroundings) -> Iterator[tuple[int, int]]:
    """The span without title, article, possessive and further lines; nothing where none is left."""
    if span.label_ not in _WANTED:
        return
    text = around.text
    start, end = span.start_char, span.end_char
    end = min(end, text.find("\n", start) % (len(text) + 1))
    if lead := _LEADING.match(text[start:end]):
        start += lead.end()
    if trail := _TRAILING.search(text[start:end]):
        end = start + trail.start()
    if text[end : end + 1] in _SIGNS and (letters := _OF_SIGN.search(text, start, end)):
        end = letters.start()  # ``handed Harvey US$300m``
    if end - start > 1 and not around.off_text(start):
        yield start, end


def _kind(label: str, around: Surroundings, start: int, end: int) -> EntityType | None:
    """The type of a recogniser's name; None where it is no name of ours."""
    text = around.text
    name = text[start:end]
    if not is_name(name) or name in around.terms:
        return None
    ending = cues.by_ending(name)
    if label in _PLACES:
        return ending or ("company" if _WORKS_AT.search(text, max(0, start - 30), start) else None)
    if label == "PERSON" and not ending:
        return _person(name, text, start, end)
    told = ending or cues.by_words(text, start, end)
    if told or label not in ("ORG", "PRODUCT"):
        return told
    if label == "PRODUCT":
        return "product"
    return "company" if _looks_like_a_firm(name, text, start, end) else None


def _person(name: str, text: str, start: int, end: int) -> EntityType | None:
    """A person by their full name; a single word only where it is told to be something else."""
    if not _PERSON.fullmatch(name) or any(map(str.isdigit, name)):
        return None
    if " " in name:
        return cues.house(text, end) or "person"
    told = cues.by_words(text, start, end)
    return told or ("company" if _WORKS_AT.search(text, max(0, start - 30), start) else None)


def _looks_like_a_firm(name: str, text: str, start: int, end: int) -> bool:
    """Whether an organisation of one word is more than a surname or a town taken for one."""
    several = " " in name or not name.isalpha()
    mixed = not name.istitle() and any(map(str.islower, name)) and name[:2] not in ("Mc", "O'")
    if several or mixed or (name.isupper() and len(name) < 6) or _TRADES.match(text, end):
        return True
    return not _PLACED.search(text, max(0, start - 10), start)


def _refused(
    start: int, end: int, hits: Sequence[Hit], kind: EntityType, around: Surroundings
) -> bool:
    """Whether known names inside or across the span speak against it."""
    first = bisect_right(hits, start, key=lambda hit: hit.end)
    last = bisect_left(hits, end, first, key=lambda hit: hit.start)
    within = hits[first:last]
    if not within:
        return False
    if len(within) > 1 or not (start <= within[0].start and within[0].end <= end):
        return True
    hit = within[0]
    if kind == "person":
        return " " in around.text[hit.start : hit.end] or (
            hit.end != end if hit.type == "person" else hit.start != start or hit.how == "shape"
        )
    rest = around.text[start : hit.start] + around.text[hit.end : end]
    return rest.lstrip()[:1] in "'," or not _ORGANISATION.fullmatch(rest)
