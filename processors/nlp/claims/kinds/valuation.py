"""The worth that a round, a share sale, a listing or a deal puts on a company."""

from processors.nlp.claims.kinds.base import BUSINESSES, INVESTOR, Kind, Trigger, forms, words

LISTED = 2e12
"""Dollars; only companies on an exchange are worth more, and that is their market value."""

_DEALS = (
    "deal",
    "deals",
    "contract",
    "contracts",
    "agreement",
    "order",
    "orders",
    "pact",
    "lease",
    "chips",
    "capacity",
)
_FIRM = r"(?:the|its|his|her|that) (?:[\w-]+ ){0,2}?(?:company|firm|start-?up|lab|business|group|maker|hub|outfit|developer|venture|designer|specialist|platform|unicorn|house|upstart)"
_NO_DEAL = "".join(rf"(?<!{word} )" for word in _DEALS)
"""What a deal or an order is worth is nobody's valuation."""

KIND = Kind(
    name="valuation",
    sort="money",
    triggers=(
        Trigger("valued", r"(?<!\w)(?:re-?)?valu(?:e|es|ed|ing)(?:\W[\w'’-]+){0,7}?\W(?:at|to)\W(?:[\w'’-]+\W){0,3}?{money}", 1.45, subject="patient agent owner"),
        Trigger("valued", words(r"valu(?:e|es|ed|ing)(?! of)"), 0.7, subject="patient agent owner", reach=10),
        Trigger("valuation", r"(?<!\w)valuations?(?:\W[\w'’-]+){0,5}?\W{money}", 1.4, subject="owner of agent for patient"),
        Trigger("valuation", words(r"valuations?", r"price tag on the (?:company|start-?up)", r"enterprise value"), 0.6, subject="owner of agent for patient", reach=12),
        Trigger("valuation", r"{money}(?: (?:post|pre)-money)? valuation", 1.5, subject="agent owner of for patient before"),
        Trigger("worth", r"(?<!\w)(?:is|be|was|are|were|been|being|now|company|{org}|firm|lab|start-up|it|itself|maker|business|group|worth) (?:now |then |already |once |reportedly )?(?:worth) (?:\w+ ){0,2}?{money}", 1.3, subject="patient agent before"),
        Trigger("worth", rf"(?<!\w){_NO_DEAL}worth (?:\w+ ){{0,2}}?{{money}}", 1.0, subject="patient agent before"),
        Trigger("at_price", r"{money} (?:more |of \w+ |raise |round |sale )?at (?:an? |its )?{money}", 1.55, last=True, subject="agent owner patient before"),
        Trigger("at_price", r"(?<!\w)(?:rounds?|raise|financing|funding|series [a-z]|share sale|tender offer|tender)\W(?:[\w'’-]+\W){0,2}?at {money}", 1.5, subject="owner of agent patient before"),
        Trigger("put_at", rf"{forms('put/putting peg mark rate price appraise assess stand/stood sit/sat')} (?:it|them|itself|{{org}}|{{product}}|{_FIRM}) at {{money}}", 1.4, subject="patient agent owner before"),
        Trigger("put_at", r"(?:{org}|maker|firm|company|start-?up|lab|group|outfit|designer)(?: of(?: [\w-]+){1,3})? (?:is|was) (?:now )?(?:put|pegged|marked) at {money}", 1.3, subject="patient agent owner before"),
        Trigger("at_price", r"(?<!\w)at an? (?:price|valuation|value|worth) of {money}", 1.6, subject="agent owner patient before"),
        Trigger("climbed", r"(?:doubl|tripl|quadrupl|lift|rais|push|boost|tak|took|send|sent|bump|driv|drove)\w* (?:its|their|the \w+['’]s|{org}['’]s) (?:value|worth|valuation|price tag)[^.;]{0,30}? (?:to|at) {money}", 1.55, subject="owner patient agent before"),
        Trigger("valuation", r"(?:valuations?|worth)[^.;]{0,70}? (?:say|says|said|reckon|reckons|suggest|suggested) {money}", 1.2, subject="owner agent before"),
        Trigger("climbed", rf"{words('price tag', 'worth', 'value')} {forms('rise/rose/risen climb jump grow/grew swell leap/leapt soar shoot/shot go/went sink/sank fall/fell drop slump triple double quadruple reach hit top pass stand/stood')}\W(?:[\w'’-]+\W){{0,3}}?{{money}}", 1.4, subject="owner patient agent before"),
        Trigger("worth", words(r"its worth", r"thought it worth"), 1.2, subject="patient owner agent before", reach=8),
        Trigger("put_at", r"(?:put|puts|putting) (?:its|the|their|{org}['’]s) (?:worth|value|valuation) at", 1.5, subject="owner patient agent before", reach=8),
        Trigger("price_tag", r"price tag of {money}", 0.9, subject="agent patient owner", context=r"round|invest|rais|fund|valu|stake|series [a-z]|capital|backers"),
        Trigger("at_worth", r"^\W*at {money},[^.;]{0,60}? worth", 1.2, subject="agent patient before after"),
        Trigger("values", r"(?:puts?|putting|placed?|placing|sets?|pins?) (?:a |the )?(?:value|price tag) (?:of|on)[^.;]{0,40}? {money}|price(?:s|d)? (?:the )?(?:company|firm|start-?up|lab|{org}) at {money}", 1.3, subject="on patient owner agent"),
        Trigger("post_money", words(r"(?:post|pre)-money", r"unicorn"), 0.9),
    ),
    subject="patient owner of agent before",
    subject_types=BUSINESSES - {"fund", "other"},
    spare_types=frozenset({"product", "other", "person"}),
    fits=lambda q: q.size >= 1e6 and q.per is None and not (q.currency == "USD" and q.size >= LISTED),
    shuns=INVESTOR,
    hypothetical=True,
)  # fmt: skip
