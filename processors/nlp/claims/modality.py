"""Denied, rumoured, planned, reported or done: the first that applies (``docs/claims.md``)."""

import re

from spacy.tokens import Token

from processors.nlp.claims.scene import Scene, verbs_above
from processors.records import Modality


def _pattern(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


DENIED = _pattern(
    r"den(?:y|ies|ied|ying)", r"refut\w+", r"reject(?:s|ed|ing)?", r"dismiss(?:es|ed|ing)? (?:talk|reports?|claims?|as|the|a|suggestions?|rumou?rs?)",
    r"disput(?:e|es|ed|ing)", r"shelv(?:e|es|ed|ing)", r"scrap(?:s|ped|ping)?", r"abandon(?:s|ed|ing)?",
    r"collaps(?:e|es|ed|ing)", r"call(?:s|ed|ing)? off", r"walk(?:s|ed|ing)? away", r"scuppers?(?:ed)?",
    r"baseless", r"untrue", r"not true", r"inaccurate", r"fabricated", r"nonsense", r"false", r"scotch(?:es|ed)",
    r"cancel(?:s|led|ed|ling|ing)?", r"thr(?:ow|ew|own) (?:it |that |this )?out", r"overturn(?:s|ed|ing)?",
    r"quash(?:es|ed|ing)?", r"annul\w*", r"fell (?:through|apart)", r"fallen through", r"dropped (?:its|the|their) (?:plan|bid|offer)s?",
    r"need not", r"never", r"bogus", r"debunk\w*", r"withdr[ae]wn?", r"torpedo(?:ed|es)?", r"vot(?:e|ed) down", r"block(?:s|ed)",
    r"contradict(?:s|ed)?", r"no plans?", r"no intention", r"revers(?:es|ed) (?:the|a) (?:fine|penalty|ruling)", r"struck down", r"rebuff(?:s|ed)?",
    r"turn(?:s|ed) down", r"pulled out of",
)  # fmt: skip
_BLUFF = _pattern(r"never been (?:so|more|higher|larger)", r"never before", r"not only", r"not just", r"not least", r"whether or not", r"if not", r"not yet (?:turned|made)")
RUMOURED = _pattern(
    r"reportedly", r"rumou?r(?:ed|s)?", r"(?:is|are|was|were) said", r"said to (?:have|be|cost|plan|seek|want|value|raise)", r"said to\b",
    r"in (?:\w+ )?(?:talks?|discussions|negotiations)", r"(?<!days of )(?<!weeks of )(?<!months of )talks?",
    r"talking to", r"seek(?:s|ing)", r"sought", r"(?:is|are|was|were|it is|been) (?:widely )?(?:reported|rumou?red|thought|believed|understood|suspected|tipped|alleged)",
    r"(?:various |several |financial |two |three |some |company |industry |multiple |anonymous |unnamed |other )*sources?(?: (?:close|familiar|who|with|said|say|told|tell))?",
    r"(?:people|persons?|those|someone|insiders|individuals|executives|one person|a person) (?:who (?:know|knew|have seen|have knowledge)|close to|familiar with|briefed on|with knowledge|involved in|in the know|aware of|(?:\w+ ){0,3}?said on condition)",
    r"people (?:familiar|briefed|close)", r"a person", r"insiders", r"reports? (?:claim|say|suggest|said|suggested|have it)s?", r"they (?:added|said)", r"the (?:people|person|sources?) (?:added|said)", r"media reports",
    r"speculat\w+", r"mull(?:s|ed|ing)", r"weigh(?:s|ing)", r"consider(?:s|ing)", r"explor(?:es|ing)", r"suspect(?:ed|s)?",
    r"allegedly", r"supposedly", r"apparently", r"looking to raise", r"trying to raise", r"hoping to raise", r"courting", r"circling", r"sounding out", r"word is", r"has it that", r"doing the rounds", r"leaked?", r"whispers?", r"approached investors", r"drumming up", r"wants? (?:between|up to|about|as much)",
    r"eye(?:s|ing) (?:a|an|new|fresh)", r"unconfirmed", r"close to (?:a deal|raising|closing|buying|acquiring)", r"near(?:s|ing)? (?:a )?deal", r"(?:people|person) briefed",
    r"under discussion", r"discuss(?:es|ed|ing)",
)  # fmt: skip
PLANNED = _pattern(
    r"will", r"would", r"shall", r"'ll", r"’ll", r"won't", r"plans?", r"planned", r"planning", r"intends?", r"intended", r"intending", r"aims?", r"aiming", r"aimed",
    r"expect(?:s|ed|ing)?", r"forecasts?", r"forecasting", r"guid(?:es|ed|ance)", r"outlook", r"targets?", r"targeting", r"project(?:s|ed|ing|ions?) (?:that|revenue|sales|to|a|an|for|it|its|\W)", r"projections?",
    r"pledg(?:e|es|ed|ing)", r"commit(?:s|ted|ting|ments?)?", r"promis(?:e|es|ed|ing)", r"agree(?:s|d|ing)?(?: to)?", r"agreements?",
    r"set to", r"due to", r"poised to", r"slated to", r"(?:is|are|was|were) to", r"means? to", r"meant to", r"meant for", r"earmark(?:s|ed|ing)?",
    r"set(?:s|ting)? aside", r"wants? to", r"hop(?:es|ing)", r"look(?:s|ing) (?:forward )?to", r"should", r"scheduled", r"next year", r"next month", r"next (?:decade|few years)", r"over the (?:next|coming)", r"in the (?:coming|next)",
    r"by (?:the end of )?20[3-9]\d", r"contract(?:s|ed)?(?! value)", r"budget(?:s|ed|ing)?", r"recommend(?:s|ed|ing)?", r"propos(?:e|es|ed|ing|als?)", r"ready to", r"prepar(?:es|ed|ing) to", r"ahead of",
    r"about to", r"going to", r"on track to", r"on course to", r"may", r"might", r"could", r"prospect of", r"held out", r"envisag\w+", r"foresee\w*", r"anticipat\w+", r"settle(?:s|ment)?", r"ask(?:s|ed|ing) (?:for|Congress)", r"request(?:s|ed)?", r"blueprint", r"earmarks",
    r"vow(?:s|ed|ing)?", r"unveil(?:s|ed)? (?:a|an|plans?|its)(?=.{0,40}(?:plan|buyout|takeover|deal|investment|bid|offer))", r"bids?", r"offer(?:s|ed|ing)?", r"estimated to reach", r"laid out a plan", r"in the pipeline", r"potential(?:ly)?", r"eventually", r"if performance",
    r"up front", r"upfront", r"deal to", r"deals? worth", r"sign(?:s|ed) (?:a|an)", r"sees", r"to be (?:invested|spent|paid|sold|built|raised|put)", r"authori[sz](?:es|ed)", r"allocat(?:es|ed|ing)", r"back(?:s|ing)? (?:down|out)", r"eyes",
)  # fmt: skip
_FINISHED = _pattern(
    r"was", r"were", r"had", r"has", r"have", r"spent", r"raised", r"paid", r"cost", r"bought", r"used", r"lost",
    r"trained", r"hit", r"reached", r"took", r"rose", r"fell", r"employs", r"employed", r"closed", r"completed", r"wraps? up", r"invested", r"put", r"sank", r"poured", r"added", r"contributed", r"went", r"came", r"stood", r"totall?ed", r"amounted", r"costs", r"has", r"employs", r"brought", r"running", r"topped", r"surpassed", r"passed",
)  # fmt: skip
REPORTED = _pattern(
    r"said", r"says?", r"saying", r"according to", r"claim(?:s|ed|ing)?", r"disclos(?:e|es|ed|ing)", r"report(?:s|ed|ing)(?! season)", r"t(?:ells?|old)", r"reveal(?:s|ed|ing)?",
    r"announc(?:e|es|ed|ing)", r"wr(?:ites?|ote)", r"estimat(?:e|es|ed) (?:by|that|for|of|comes?|puts?)", r"reckon(?:s|ed)?", r"reckoning", r"boast(?:s|ed)?", r"argu(?:e|es|ed)",
    r"show(?:s|ed|ing)?", r"confirm(?:s|ed)?", r"stat(?:es|ed|ing)", r"by \S+(?: \S+)? (?:count|reckoning|estimate|account|tally)", r"found", r"indicat(?:e|es|ed)", r"hint(?:s|ed)?", r"acknowledg\w+", r"admit(?:s|ted)?", r"put(?:s)? (?:it|the figure|the number|its) at", r"to be believed", r"posts?", r"posted", r"insist(?:s|ed)?", r"note(?:s|d)", r"estimates?", r"thinks?", r"thought", r"believes?", r"notified", r"testified", r"declared",
)  # fmt: skip
_TO_VERB = frozenset(
    "plan want expect intend aim agree hope mean set pledge promise vow commit prepare decide seek "
    "look propose offer choose need due ready move try eye poise go like ask order be have schedule "
    "slate allow".split()
)
_HEADLINE = re.compile("[\ue001\ue005]\ue000*(?:['’]s [\ue001]\ue000*)? to [a-z]+ [^;]*$")
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor"})


def _negated(verbs: list[Token]) -> bool:
    """Whether one of the two nearest verbs is negated by its own particle or subject."""
    for level, verb in enumerate(verbs[:2]):
        if level and verbs[0].dep_ not in {"ccomp", "xcomp"}:
            return False
        for child in verb.children:
            if child.dep_ == "neg" or child.lower_ in _NEGATIONS:
                following = verb.doc[child.i + 1].lower_ if child.i + 1 < len(verb.doc) else ""
                return following not in {"only", "just", "least", "yet"}
            if child.dep_ in {"nsubj", "nsubjpass"} and child.lower_ in {"nobody", "none"}:
                return not _comparative(verb)
    return False


def _comparative(verb: Token) -> bool:
    """``Nobody bought more than``: the others did, so nothing is denied."""
    return any(t.lower_ in {"more", "fewer", "less", "bigger", "larger"} for t in verb.subtree)


def _future(verbs: list[Token], headline: bool) -> bool:
    """Whether one of the governing verbs stands in a future or intended form."""
    for verb in verbs[:3]:
        for child in verb.children:
            if child.dep_ == "aux" and child.lower_ in {"will", "'ll", "’ll", "would", "shall", "should", "may", "might", "could"}:
                return True
            if child.lower_ == "to" and child.dep_ == "aux":
                if verb.dep_ == "ROOT" or verb.head.lemma_ in _TO_VERB:
                    return True
                if headline and verb.head.pos_ in {"NOUN", "PROPN"} and verb.dep_ in {"acl", "relcl"}:
                    return True
    return False


def modality_of(scene: Scene, figure: tuple[int, int], *, hypothetical: bool = False) -> Modality:
    """How a figure is asserted. ``hypothetical``: ``could`` about it is others' account.

    Cues count in the figure's part of the sentence; who told it counts anywhere in it.
    """
    start, end = _clause(scene, figure[0])
    clause, whole = scene.text[start:end], scene.text
    verbs = verbs_above(scene.root_of(*figure))
    plain = _BLUFF.sub(" ", clause)
    if DENIED.search(plain) or _negated(verbs):
        return "denied"
    if RUMOURED.search(scene.masked, *scene.segment(figure[0])) or _told_by_nobody(whole):
        return "rumoured"
    if hypothetical and re.search(r"\b(?:could|might|may)\b", clause):
        return "rumoured"
    if scene.headline and _HEADLINE.search(scene.masked[: figure[0]]):
        return "planned"
    if _future(verbs, scene.headline) or _planned(scene, verbs, start, end, figure):
        return "planned"
    if REPORTED.search(whole):
        return "reported"
    return "done"


def finished(scene: Scene, figure: tuple[int, int]) -> bool:
    """Whether a verb in the figure's clause states something past or settled."""
    start, end = _clause(scene, figure[0])
    if re.search(r"(?:with|of (?:its|their|the)|whose)\s$", scene.text[: figure[0]]):
        return True
    return _FINISHED.search(scene.masked, start, end) is not None


def of_date(scene: Scene, date: tuple[int, int]) -> Modality:
    """How a founding or release date is asserted: by its own verbs and the telling alone."""
    verbs = verbs_above(scene.root_of(*date))
    if _negated(verbs):
        return "denied"
    if _future(verbs, scene.headline):
        return "planned"
    return "reported" if REPORTED.search(scene.text) else "done"


def _told_by_nobody(whole: str) -> bool:
    """An unnamed source at the end of the sentence covers all its parts."""
    return bool(re.search(r"(?:sources?|people|person)\b[^.]{0,60}(?:said|say|told)\W*$|according to [\w ]*sources\W*$|, (?:it is reported|reports? (?:say|claim)s?)\W*$", whole))


def _planned(
    scene: Scene, verbs: list[Token], start: int, end: int, figure: tuple[int, int]
) -> bool:
    """A word of intention in the clause that no finished verb nearer to the figure outweighs."""
    masked = scene.masked
    cues = [
        m
        for m in PLANNED.finditer(masked, start, end)
        if m.end() <= figure[0] or (figure[1] <= m.start() and scene.distance(m.span(), figure) <= 7)
    ]
    if not cues:
        return False
    nearest = min(scene.distance(m.span(), figure) for m in cues)
    finished = [
        scene.distance(m.span(), figure) for m in _FINISHED.finditer(masked, start, end)
    ]
    return not finished or nearest <= min(finished) + 1 or not verbs


_BREAK = re.compile(r"[;:—]|\s[–-]\s|,\s(?:and|but|while|which|whose|although|though|after|when|with)\s|\s(?:while|whereas|after|but)\s")


def _clause(scene: Scene, at: int) -> tuple[int, int]:
    """The clause round an offset, by punctuation and joining words."""
    start, end = 0, len(scene.masked)
    for found in _BREAK.finditer(scene.masked):
        if found.end() <= at:
            start = found.end()
        elif found.start() > at:
            end = found.start()
            break
    return start, end
