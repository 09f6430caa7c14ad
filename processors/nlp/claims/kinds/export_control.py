"""A state restricts, licenses, bans or re-allows exports of AI chips, tools or models.

The kind has no figure: a sentence holds it when control, goods and a state or a destination meet.
"""

from dataclasses import dataclass

from processors.nlp.claims.kinds.base import forms, words

_GOODS = (
    r"(?:{chip}|{chips}|(?<![\w-])(?:chips?(?! away)|chipmaking|processors?|GPUs?|semiconductors?|superchips?"
    r"|accelerators?|AI(?:[- ]related)? (?:technolog(?:y|ies)|models?|hardware|systems)|model weights"
    r"|lithography|(?:advanced|high-end|cutting-edge) (?:technolog(?:y|ies)|computing)))(?![\w-])"
)
RESTRICT = (
    forms("restrict ban curb block bar prohibit halt limit cap tighten forbid/forbade/forbidden outlaw blacklist choke withhold/withheld")
    + "|"
    + words(
        r"export (?:controls?|curbs?|bans?|restrictions?|limits?|rules?|blacklist|licen[cs]es?|permits?|regime|clampdown)",
        r"(?:stop|stopping|cease|halt|refrain from) (?:the )?(?:deliver|ship|sell|sale|supply|export)\w*", r"(?:seek|need|obtain|get) (?:\w+['’]s |{place}['’]s |\w+ )?(?:blessing|approval|permission|consent|licen[cs]es?)", r"(?:not|n['’]t|never) (?:allow|let|permit)", r"(?:nobody|no one|no company|no firm) (?:may|can|could|shall) (?:sell|ship|export)", r"(?:export|trade) (?:bill|law|act)", r"restrictions?", r"bans?", r"banned", r"curbs?", r"limits?", r"controls?", r"(?:trade |export )?blacklist", r"entity list",
        r"(?:licen[cs](?:e|ing)|permit|approval) (?:regime|system|scheme)", r"licensing rules?", r"(?:keep(?:s|ing)?|kept|shut(?:s|ting)?|lock(?:s|ed|ing)?)\W(?:[\w'’-]+\W){1,6}?out of {place}", r"embargo", r"(?:need(?:s|ed)?|require[sd]?|requiring|without) (?:a |an |any )?(?:export )?(?:licen[cs]es?|permits?|permission|approval)",
        r"(?:licen[cs]es?|permits?|permission|approval) (?:is|are|was|were|will be|would be) (?:now |also )?(?:needed|required)",
        r"subject to (?:a |an )?(?:export )?(?:licen[cs]\w*|permits?|approval)", r"(?:demand|requir|impos)\w* (?:a |an )?(?:export )?(?:permits?|licen[cs]es?)", r"cut(?:s|ting)? (?:\w+ ){0,2}?off", r"sanctions?", r"diffusion rule", r"clamp(?:s|ed)? down", r"crack(?:s|ed)? down", r"off[- ]limits", r"caps", r"(?:closed?|closes|closing) (?:a|the) loophole",
    )
)  # fmt: skip
EASE = (
    forms("rescind ease relax lift loosen scrap repeal withdraw/withdrew/withdrawn reverse clear re-allow approve unblock")
    + "|"
    + words(
        r"let(?:s|ting)? {org} (?:sell|ship|export|resume|send|supply|deliver|buy|import|have)", r"let(?:s|ting)? (?:{org}['’]s )?(?:{chip}|(?:\w+ ){0,2}?chips|them|it) (?:go|travel|ship|flow|be (?:sold|shipped|exported|sent)|back)", r"(?:may|can|could) (?:\w+ ){0,2}?(?:be (?:sold|shipped|exported|sent|delivered)|travel|go|ship) (?:\w+ ){0,6}?(?:once (?:again|more)|again)", r"(?:may|can|could) (?:once again|once more|again|now) (?:be (?:sold|shipped|exported|sent|delivered)|travel|go|ship)", r"(?:may|can|could) (?:travel|be sold|be shipped|be exported|be sent) to", r"licen[cs]es? to (?:sell|ship|export|supply)", r"allow(?:s|ed|ing)? (?:{org}|sales|exports|shipments|the sale|some|it|them|\w+ to (?:sell|ship|export))",
        r"hand(?:ing|ed|s)? out licen[cs]es", r"grant(?:s|ed|ing)? (?:\w+ )?licen[cs]es?", r"issu(?:e|es|ed|ing) (?:\w+ )?licen[cs]es?", r"licen[cs]es? again", r"green light", r"greenlight(?:s|ed)?", r"give(?:s|n)? permission",
        r"letting", r"(?:tear|tears|tore|torn|tearing) up", r"permit(?:s|ted|ting) (?:sales|exports|shipments|the)", r"resum(?:e|es|ed|ing) (?:sales|shipments|exports)", r"waiv(?:er|ers|ed|es)",
    )
)  # fmt: skip
_FLOW = (
    words(
        r"(?:re-?)?export(?:s|ed|ing|ers?)?", r"sales?", r"sell(?:s|ing)?", r"sold", r"send(?:s|ing)?", r"sent", r"reach(?:es|ed|ing)?", r"ship(?:s|ped|ping|ments?)?", r"suppl(?:y|ies|ied|ying)",
        r"access", r"transfers?", r"blacklist", r"entity list", r"diffusion rule", r"go to", r"smuggl\w+", r"get", r"licen[cs]es?",
        r"permits?", r"buy(?:ing|ers)?", r"destinations?", r"restricted", r"Chin(?:a|ese)", r"countries", r"out of \w+",
    )
    + r"|(?:to|for|into|in) {place}"
    + r"|(?<!\w)(?:barr?(?:s|ed|ing)?|bann?(?:s|ed|ing)?|block(?:s|ed|ing)?|shut(?:s|ting)?|keep(?:s|ing)?|kept"
    r"|with(?:hold|holds|held|holding))\W(?:[\w'’-]+\W){0,6}?(?:from|out of) {place}"
)  # fmt: skip


@dataclass(frozen=True)
class WordKind:
    """What the sentence must hold, as patterns over the masked sentence."""

    name: str
    restrict: str
    ease: str
    goods: str
    flow: str
    rule_names: str
    """Rules and lists that are enough by themselves with a word of control."""
    firm: str
    """Words of a state's act; without one of them or a state the sentence says too little."""
    excludes: str


KIND = WordKind(
    name="export_control",
    restrict=RESTRICT,
    ease=EASE,
    goods=_GOODS,
    flow=_FLOW,
    rule_names=words(
        r"AI diffusion rule", r"diffusion rule", r"entity list", r"(?:export|trade) blacklist",
        r"export (?:controls?|curbs?|bans?|restrictions?|rules?)", r"chip (?:ban|curbs?|restrictions?|export rules?|controls?)",
        r"foreign direct product rule", r"(?:licen[cs](?:e|ing)|permit|approval) (?:requirements?|regime|system|scheme)", r"GAIN AI act", r"chip security act",
    ),
    firm=words(
        r"(?:American|US|U\.S\.|Dutch|Chinese|Japanese|Malaysian|British|Taiwanese|Korean|federal) (?:regulators?|government|officials?|ban|controls?|curbs?|restrictions?|export|law|sanctions|rules?|authorities|blacklist|administration)",
        r"(?:the )?(?:Trump|Biden) administration", r"administration", r"commerce (?:department|secretary|ministry)", r"government", r"ministry", r"minister", r"bureau of industry", r"BIS",
        r"(?:draft |new |proposed )?(?:rule|bill|act|law|decree)", r"customs", r"regulators?", r"White House", r"Congress", r"senat(?:e|ors?)", r"lawmakers", r"Trump", r"Biden", r"state department",
    ),
    excludes=words(
        r"smuggling ring", r"accused of", r"stand accused", r"lying about", r"maximum", r"can be made to pay", r"twice the value",
        r"speed limits?", r"rate limits?", r"age limits?", r"usage limits?", r"stolen",
    ),
)  # fmt: skip
