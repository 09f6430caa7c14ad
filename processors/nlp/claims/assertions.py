"""The words that deny, tell, intend or state, as ``modality.py`` reads them.

In a list here a new line and `` | `` both part two alternatives.
"""

import re

from processors.nlp.claims.masks import outside_words
from processors.nlp.claims.needles import lower
from processors.nlp.runs import plain_letters


def _padded(text: str) -> str:
    return f" {plain_letters(text).lower()}"


class Cue:
    """Words that say how something is asserted: whole words, in small letters or capitals."""

    def __init__(self, alternatives: str) -> None:
        lines = (line.strip().removesuffix("|") for line in alternatives.strip().split("\n"))
        joined = lower("|".join(lines).replace(" | ", "|"))
        self.pattern = rf"(?<![\w-])(?:{joined})(?![\w-])"
        # The search runs from one character before a word to the next, which is quicker.
        self._words = re.compile(rf"{outside_words()}(?:{joined})(?![\w-])")

    def stands(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Whether one of them stands between two places of a text."""
        end = len(text) if end is None else end
        return self._words.search(_padded(text), start, end + 1) is not None

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where they stand, in order."""
        found = self._words.finditer(_padded(text))
        return [(each.start(), each.end() - 1) for each in found]


DENIED = Cue(r"""
    den(?:y|ies|ied|ying) | refut\w+ | reject(?:s|ed|ing)?
    dismiss(?:es|ed|ing)? (?:talk|reports?|claims?|as|the|a|suggestions?|rumou?rs?)
    disput(?:e|es|ed|ing) | shelv(?:e|es|ed|ing) | scrap(?:s|ped|ping)? | abandon(?:s|ed|ing)?
    collaps(?:e|es|ed|ing) | call(?:s|ed|ing)? off | walk(?:s|ed|ing)? away | scuppers?(?:ed)?
    baseless | untrue | not true | inaccurate | fabricated | nonsense | false | scotch(?:es|ed)
    cancel(?:s|led|ed|ling|ing)? | thr(?:ow|ew|own) (?:it |that |this )?out
    overturn(?:s|ed|ing)? | quash(?:es|ed|ing)? | annul\w* | fell (?:through|apart)
    fallen through | dropped (?:its|the|their) (?:plan|bid|offer)s? | need not | never | bogus
    debunk\w* | withdr[ae]wn? | put on ice | on ice | struck from
    c[ao]m(?:e|es|ing) to (?:nothing|naught)
    let[^.;]{0,20} lapse | not go ahead | never came about | torpedo(?:ed|es)? | vot(?:e|ed) down
    block(?:s|ed)
    contradict(?:s|ed)? | no plans? | no intention
    revers(?:es|ed) (?:the|a) (?:fine|penalty|ruling) | struck down | rebuff(?:s|ed)?
    turn(?:s|ed) down | pulled out of | not an? (?:cent|penny|dollar|euro)
    (?:pure|sheer|complete|total|utter) (?:invention|fiction|fantasy|nonsense|fabrication)
    nowhere near | brush(?:es|ed) (?:aside|off) | (?:is|was|were|are) made up | wide of the mark
    far from (?:it|the truth|true)
    rubbish(?:es|ed)
    (?:pour|threw|throw|pours|poured|throws) cold water | no truth | no such | wrong to
    unfounded | without foundation | invented | ma(?:k|d)e no (?:offer|bid|investment|payment)
""")
"""Negated, disputed or called off."""

BLUFF = re.compile(
    r"(?<![\w-])(?:never been (?:so|more|higher|larger)|never before|not (?:only|just|least)"
    r"|whether or not|if not|not yet (?:turned|made))(?![\w-])",
    re.IGNORECASE,
)
"""What looks like a denial and is none."""

OVERTURNED = re.compile(
    r"(?:^|(?<=[;:—] ))\W*(?:false|nonsense|not true|untrue|rubbish|wrong|pure \w+|fake)\W"
    r"|\b(?:it|that) (?:is|was|would be) (?:\w+ )?(?:not true|untrue|false|wrong|nonsense|a lie"
    r"|fiction|incorrect|inaccurate)\b[^.;]{0,40}?\bthat\b|\bfalse to (?:say|claim|suggest)\b"
    r"|\bno truth in\b"
    r"|\b(?:brush(?:es|ed) (?:aside|off)|denie[sd]|denying|disput(?:es|ed)|reject(?:s|ed)"
    r"|dismiss(?:es|ed)|rubbish(?:es|ed))\W"
    r"(?:\w+\W){0,3}?(?:that|suggestions?|reports?|claims?|talk|rumou?rs?|the (?:idea|notion))\b",
    re.IGNORECASE,
)
"""Opens what the rest of the sentence says is not so."""

TALK = re.compile(
    r"\b(?:reports?|talk|claims?|rumou?rs?|suggestions?|speculation|stor(?:y|ies)|ideas?|notions?"
    r"|assertions?|allegations?|theor(?:y|ies)|whispers?|gossip|chatter|word) (?:that|of|about)\b",
    re.IGNORECASE,
)
"""Opens a statement that is only spoken of; whether it is so, the verb after it tells."""

UNTRUE = re.compile(
    r"\b(?:is|are|was|were|be|as|being)\W{1,3}(?:(?!not\b)[\w-]+ (?:per ?cent )?){0,3}?"
    r"(?:fiction|fantasy|untrue|false|fake|wrong(?! to)|made[- ]up|invented|inventions?|nonsense"
    r"|fabricat(?:ed|ions?)|rubbish|baseless|unfounded|groundless|l(?:ie|ies)|myths?|hoax|bogus"
    r"|inaccurate|incorrect|mistaken|exaggerated|overblown|wide of the mark"
    r"|not (?:true|so|correct|accurate|right)|without (?:basis|foundation|merit))\b",
    re.IGNORECASE,
)

CALLED_OFF = (
    r"(?:fell (?:through|apart)|fallen (?:through|apart)|collaps(?:ed|es)|(?:was|were|been|be|is)"
    r" (?:later |then |since |now )?(?:shelved|scrapped|cancelled|canceled|abandoned|dropped"
    r"|called off|withdrawn|axed|blocked|overturned|annulled|quashed|thrown out)"
    r"|came to nothing|never (?:happened|closed|materiali[sz]ed|came))"
)

RUMOURED = Cue(r"""
    reportedly | a reported (?=\W?[A-Z$€£\d]) | press reports | rumou?r(?:ed|s)?
    (?:is|are|was|were) said
    said to (?:have|be|cost|plan|seek|want|value|raise) | said to\b
    in (?:\w+ )?(?:talks?|discussions|negotiations)
    (?<!days of )(?<!weeks of )(?<!months of )talks? | talking to | seek(?:s|ing) | sought
    (?:is|are|was|were|it is|been) (?:widely )?(?:reported|rumou?red|thought|believed|
    understood|suspected|tipped|alleged)
    (?:various |several |financial |two |three |some |company |industry |multiple |anonymous |
    unnamed |other )*sources?(?: (?:close|familiar|who|with|said|say|told|tell))?
    (?:people|persons?|those|someone|insiders|individuals|executives|one person|
    a person) (?:who (?:know|knew|have seen|have knowledge)|close to|familiar with|briefed on|
    with knowledge|involved in|in the know|aware of|(?:\w+ ){0,3}?said on condition)
    people (?:familiar|briefed|close) | a person | insiders
    reports? (?:claim|say|suggest|said|suggested|have it)s? | they (?:added|said)
    the (?:people|person|sources?) (?:added|said) | media reports | speculat\w+ | mull(?:s|ed|ing)
    weigh(?:s|ing) | consider(?:s|ing) | explor(?:es|ing) | suspect(?:ed|s)? | allegedly
    supposedly | apparently | looking to raise | trying to raise | hoping to raise | courting
    circling | sounding out | word is | has it that | doing the rounds
    leaked (?=documents?|memos?|slides|files|papers|pitch|figures|e-?mails?) | leaks? | whispers?
    approached investors | drumming up
    wants? (?:between|up to|about|as much)(?![^.;]{0,40} (?:for (?:each|every)|
    apiece|per|a month))
    eye(?:s|ing) (?:a|an|new|fresh) | unconfirmed
    close to (?:a deal|raising|closing|buying|acquiring) | near(?:s|ing)? (?:a )?deal
    (?:people|person) briefed | under discussion | discuss(?:es|ed|ing)
""")
"""Told by nobody who is named, or in the making."""

PLANNED = Cue(r"""
    will | would | shall | won't | plans? | planned | planning | intends? | intended
    intending | aims? | aiming | aimed | expect(?:s|ed|ing)? | forecasts? | forecasting
    guid(?:es|ed|ance) | outlook | targets? | targeting
    project(?:s|ed|ing|ions?) (?:that|revenue|sales|to|a|an|for|it|its|\W) | projections?
    pledg(?:e|es|ed|ing) | commit(?:s|ted|ting|ments?)?(?! capital) | promis(?:e|es|ed|ing)
    agree(?:s|d|ing)?(?: to)? | agreements? | set to | due to | poised to | slated to
    (?:is|are|was|were) to | means? to | meant to | meant for | earmark(?:s|ed|ing)?
    set(?:s|ting)? aside | wants? | hop(?:es|ing) | look(?:s|ing) (?:(?:forward )?to|at) | should
    scheduled | next year | next month | next (?:decade|few years) | over the (?:next|coming)
    in the (?:coming|next) | by (?:the end of )?20[3-9]\d | contract(?:s|ed)?(?! value)
    budget(?:s|ed|ing)? | recommend(?:s|ed|ing)? | propos(?:e|es|ed|ing|als?) | ready to
    prepar(?:es|ed|ing) to | ahead of | about to | going to | on track to | on course to
    might | could | prospect of | held out | envisag\w+ | foresee\w* | anticipat\w+
    settle(?:s|ment)? | ask(?:s|ed|ing) (?:for|Congress) | request(?:s|ed)? | blueprint | earmarks
    vow(?:s|ed|ing)? | warn(?:s|ed|ing)? of
    unveil(?:s|ed)? (?:a|an|plans?|its)(?=.{0,40}(?:plan|buyout|takeover|deal|investment|bid|
    offer)) | bids?
    (?<!public )(?<!share )(?<!stock )(?<!bond )(?<!tender )offer(?:s|ed|ing)?
    estimated to reach | laid out a plan | in the pipeline
    potential(?:ly)? | eventually | if performance | up front | upfront | deal to | deals? worth
    sign(?:s|ed) (?:a|an) | sees | to be (?:invested|spent|paid|sold|built|raised|put)
    b(?:ou|i)nds? (?:itself|themselves) to | sign(?:s|ed|ing)? up for | undert(?:akes?|ook) to
    can be (?:enlarged|extended|expanded|raised|increased) | option (?:to|on) | stands? to
    is after | ought to | urg(?:es|ed|ing) | call(?:s|ed|ing)? for(?= (?:\w+ ){0,2}[\ue010-\ue013])
    (?:is|are) coming to
    (?:is|are) (?:down|in line|on the hook) for
    (?:books?|orders?) (?=[^.;]{0,30}cluster)
    once (?=[^.;]{0,60}(?:closed|closes|completed|approved)) | count(?:s|ed|ing)? on
    look(?:s|ed|ing)? for | bank(?:s|ed|ing)? on | pencil\w* in
    authori[sz](?:es|ed) | allocat(?:es|ed|ing) | back(?:s|ing)? (?:down|out) | eyes
""")
"""Meant, promised, forecast or agreed."""

MAY = re.compile(r"(?<![\w-])may(?![\w-])")
"""Planned too, but for the month."""

FINISHED = Cue(r"""
    (?:was|were|had|has|have)(?! (?:\w+ly )?(?:been )?(?:promised|pledged|planned|proposed|
    earmarked|budgeted|pencilled in|set aside|foreseen|envisaged))
    spent | raised | paid | cost | bought | used | lost | trained
    hit | reached | took | rose | fell | employs | employed | closed | completed | wraps? up
    invested | put | sank | poured | added | contributed | went | came | stood | totall?ed
    laid out(?! (?:a|its|the) plans?) | amounted | costs | brought | running | topped
    surpassed | passed
""")
"""Verbs that state something past or settled."""

REPORTED = Cue(r"""
    said | says? | saying | according to | claim(?:s|ed|ing)? | disclos(?:e|es|ed|ing)
    report(?:s|ed|ing)(?! season) | t(?:ells?|old) | reveal(?:s|ed|ing)? | announc(?:e|es|ed|ing)
    wr(?:ites?|ote)(?! (?:off|down)) | estimat(?:e|es|ed) (?:by|that|for|of|comes?|puts?)
    reckon(?:s|ed)?
    reckoning | boast(?:s|ed)? | argu(?:e|es|ed) | show(?:s|ed|ing)? | confirm(?:s|ed)?
    stat(?:es|ed|ing) | by \S+(?: \S+)? (?:count|reckoning|estimate|account|tally)
    found(?! (?:few|no|the rest|itself))
    indicat(?:e|es|ed) | hint(?:s|ed)? | acknowledg\w+ | admit(?:s|ted)?
    puts? (?:the figure|the number|its) at
    puts? (?:the|its|their) (?:[\w-]+ )?(?:compute|computing|bill|cost|total|
    tally|count|sum) (?:\w+ )?at | puts it at | to be believed | posts? | posted
    insist(?:s|ed)? | note(?:s|d) | estimates? | thinks? | thought | believes? | notified
    complain(?:s|ed)? | warn(?:s|ed)? | lament(?:s|ed)? | conced(?:es|ed) | remark(?:s|ed)?
    explain(?:s|ed)? | recall(?:s|ed)? | maintain(?:s|ed)? | contend(?:s|ed)? | assert(?:s|ed)?
    calculat(?:es|ed) | predict(?:s|ed)? | suggest(?:s|ed)? | in the words of
    testified | declared
""")
"""Told by somebody."""
