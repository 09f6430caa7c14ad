"""Names that the gazetteer lacks: those of spaCy's recogniser, cleaned and typed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from spacy.tokens import Doc, Span

from processors.nlp import cues
from processors.nlp.annotations import Mention
from processors.nlp.context import Surroundings
from processors.nlp.lookup import Hit
from processors.nlp.marks import Marks
from processors.nlp.shapes import slug
from processors.nlp.wordlists import words
from processors.records import EntityType

_TITLES = (
    r"(?:the|a|an|mr|mrs|ms|dr|prof(?:essor)?|sir|dame|lord|judge|justice|president|senator|sen|rep"
    r"|representative|governor|gov|mayor|secretary|minister|chancellor|commissioner|chair(?:man|woman)?"
    r"|chief|executive|ceo|cto|cfo|coo|founder|co-founder|sheikh|prince|king|queen|pope|general|gen"
    r"|former|then|analyst|analysts|researcher|engineer|director|attorney|lawyer|us|u\.s\.)\.?"
)
_LEADING = re.compile(rf"^(?:{_TITLES}\s+|[\W_]+)+", re.IGNORECASE)
_TRAILING = re.compile(r"(?:'s|'|[^\w)+!.&]|(?<![A-Z])\.)+$")
_NO_NAME = re.compile(
    r"(?:AI|GDPR|API|APIs|GPUs?|CPUs?|LLMs?|AGI|CEO|CFO|CTO|COO|IPO|ARR|R&D|HBM\w*|ASI|ML|NLP|IT|PR|HR|IP"
    r"|SaaS|EUV|DUV|DRAM|NAND|EPS|GDP|ESG|EV|EVs|VC|VCs|VP|Q[1-4]|H[12]|FY\d*|Series [A-H]"
    r"|Internet|Web|Wall Street|Silicon Valley|Big Tech|Big Oil|Capitol Hill|House|State|Board"
    r"|Company|Superintelligence|Machine Learning|Deep Learning|Artificial Intelligence|Generative"
    r"|Open ?Source|Gulf|Middle East|Europe|Asia|Africa|West|East|North|South|Earth|Moon|Mars|God"
    r"|Chinese|American|Nobel|Q&A|TBD|TL;DR|MMLU|SWE-bench|HumanEval|AIME|GPQA"
    r"|FrontierMath"
    r"|Fortune 500|S&P 500|Nasdaq|Dow|Dow Jones|Nasdaq 100|Covid(?:-19)?|COVID-19|PDF|FAQ|PC|TV|USB"
    r"|.*\b(?:Act|Law|Bill|Regulation|Directive|Summit|Conference|Prize|Awards?|Index|List|Code"
    r"|Treaty|Order|Agreement|Amendment|Clause|Rule|Plan|Olympics|Week|Day|Expo|Show|Fair|Hill"
    r"|Street|Avenue|Road|Valley|County|Island|Coast|River|Bay|Desert|Memo|Report|Strategy|Framework)"
    r"|(?:SB|AB|HR|H\.R\.|S\.)[ -]?\d+|Section \d+|Article \d+|Executive Order.*|Chapter \d+)"
)
_ORGANISATION = re.compile(
    r".*\b(?:Bank|University|Airlines|Airways|Mobile|Telecom|Institute|Council|Association|Group"
    r"|Foundation|Corp|Corporation|Inc|Ltd|Holdings|Post|Times|Daily|News|Cent(?:er|re)|Office|Forum"
    r"|Chamber|Union|Society|Academy|Agency|Authority|Army|School|Fund|Capital|Ventures|Labs?"
    r"|Department|Ministry|Commission|Court|Biobank|Bureau)\b.*"
)
_TRADES = re.compile(
    r",? (?:has |have |is |was |will |also |had )*(?:rais|launch|unveil|releas|acquir|sell"
    r"|mak(?:es|ing)|build|develop|hir|list|ship|trad|compet|claims|train|open sourc|rent"
    r"|lease|fil(?:ed|es) for)\w*\b"
    r"|'s (?:shares|stock|revenue|sales|chips?|models?|platform|valuation|software|app"
    r"|technology|chief executive|founders?|backers|investors|customers)\b"
)
_WANTED = frozenset({"PERSON", "ORG", "PRODUCT", "GPE", "LOC", "FAC", "NORP", "WORK_OF_ART"})
_PERSON = re.compile(
    r"[A-Z][\w.'-]*(?: (?:(?:al|bin|de|da|der|van|von|den|la|le|di|du|el|ibn)|[A-Z][\w.'-]*)){0,4}"
)
_MAX_WORDS = 7


def recognised(
    doc: Doc, hits: Sequence[Hit], around: Surroundings, knows: Callable[[str], bool]
) -> list[Mention]:
    """The recogniser's people and organisations that no hit covers, as mentions.

    A name that we know (``knows``) and that is no hit here means something else here.
    """
    text, found = doc.text, []
    hits = sorted(hits, key=lambda hit: hit.start)
    for span in doc.ents:
        for start, end in _clean(span, around):
            kind = _kind(span.label_, around, start, end)
            declined = knows(around.text[start:end])
            if kind and not declined and not _refused(start, end, hits, kind, around):
                name = text[start:end]
                found.append(Mention(start, end, slug(name) or "name", name, kind, "model"))
    return found


def introduced(hits: Iterable[Hit | Mention], around: Surroundings) -> Iterator[Mention]:
    """Names that the recogniser missed but that explain themselves or are explained.

    ``Encode, an advocacy group`` and ``Two Seas Capital``.
    """
    taken = Marks(len(around.text), ((hit.start, hit.end) for hit in hits))
    for found in (*_INTRODUCED.finditer(around.text), *_INSTITUTION.finditer(around.text)):
        start, end = found.span("name")
        if taken.touch(start, end) or around.off_text(start):
            continue
        name = around.text[start:end]
        kind = cues.by_words(around.text, start, end) or cues.by_ending(name)
        if kind and not _NO_NAME.fullmatch(name) and name.lower() not in _PLAIN:
            yield Mention(start, end, slug(name) or "name", name, kind, "model")


_NAME = r"[A-Z][\w&.]*[\w&](?: [A-Z0-9][\w&.]*\w){0,3}"
_INTRODUCED = re.compile(
    rf"(?<![\w.] )(?P<name>{_NAME}), (?:an?|the) (?=[\w' ]{{3,60}}?\b(?:group|startup|start up|firm"
    rf"|company|lab|charity|union|fund|non profit|nonprofit|model|chip|chipmaker|app|tool|maker"
    rf"|regulator|watchdog|chatbot|assistant|agent|think tank|publisher|parser|library)\b)"
)
_INSTITUTION = re.compile(
    r"(?<!\w)(?P<name>(?!(?:The|A|An|In|At|Its|His|For|And|But|Of) )[A-Z][\w&.']*"
    r"(?: [A-Z][\w&.']*){0,3} (?:Capital|Ventures|Partners|Institute|Foundation|University"
    r"|Commission|Asset Management))(?! [A-Z])\b"
)
_PLAIN = words("plain")


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
    if end - start > 1 and not around.off_text(start):
        yield start, end


def _kind(label: str, around: Surroundings, start: int, end: int) -> EntityType | None:
    """The type of a recogniser's name; None where it is no name of ours."""
    name = around.text[start:end]
    if not _is_name(name) or around.abbreviates(name):
        return None
    ending = cues.by_ending(name)
    if label in _PLACES or label in _OTHERS:
        return ending or ("company" if _WORKS_AT.search(around.text, start - 30, start) else None)
    if label == "PERSON":
        person = _PERSON.fullmatch(name) and not any(map(str.isdigit, name))
        if not ending and person:
            return _person(name, around.text, start, end)
    told = ending or cues.by_words(around.text, start, end)
    if label == "ORG":
        return told or ("company" if _looks_like_a_firm(name, around.text, start, end) else None)
    return told or ("product" if label == "PRODUCT" else None)


def _is_name(name: str) -> bool:
    """Whether it is written as a name and is neither a term of the trade nor a gathering."""
    words = name.split()
    if len(words) > _MAX_WORDS or words[0][0].islower() or not any(map(str.isupper, name)):
        return False
    lower = name.lower()
    if lower in _PLAIN or lower in _TECHNICAL or lower in _GATHERINGS or words[0] in _TERMS:
        return False
    return not (_NO_NAME.fullmatch(name) or _TERM.fullmatch(lower))


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
