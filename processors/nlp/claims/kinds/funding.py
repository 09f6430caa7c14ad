"""Money that a company raises: rounds, listings, commitments of its investors."""

from processors.nlp.claims.kinds.base import BUSINESSES, INVESTOR, Kind, Trigger, forms, words

_GET = forms(
    "raise secure bag pocket collect attract net/netted snag scoop gather obtain amass win/won "
    "receive nab clinch bank fetch haul drum"
)
_PULL = words(
    r"(?:take|takes|took|taken|taking|pull|pulls|pulled|pulling|picked|pick|picks|drum|drumming|drummed|hauled) (?:in|up)",
)  # fmt: skip

KIND = Kind(
    name="funding",
    sort="money",
    triggers=(
        Trigger("raised", rf"{forms('raise')}(?!\W(?:its|their|his|the|this|that|doubts|guidance|eyebrows|questions|concerns?|fears|hopes|alarms?|hackles))(?!(?:\W(?:[\w'’-]+|{{date}})){{0,4}}?\W(?:forecasts?|guidance|outlook|targets?|estimates?|capex|prices?|spending|budget)(?![\w-]))", 1.2, subject="agent by owner patient", reach=22),
        Trigger("got", rf"{_GET}\W(?:[\w'’-]+\W){{0,3}}?{{money}}", 0.95, subject="agent by owner"),
        Trigger("got", rf"{forms('raise secure get/got bag pocket collect attract receive net/netted snag win/won')}\W(?:a |an |another |its |up |\w+ly )?{{money}}(?! (?:contract|order|charge|fine|penalty|cluster))", 1.2, subject="agent by owner"),
        Trigger("investors_gave", r"(?:investors?|backers|venture capitalists|shareholders|funds)(?! in)(?:\W[\w'’-]+){0,6}?\W(?:put(?! (?:its|the|their|a))|puts|putting|hand|hands|handed|give|gives|gave|given|pour|poured|pump|pumped|invest|invests|invested|pay|pays|paid|back|backs|backed|commit|committed|inject|injected|stump|stumped|agreed)(?:\W[\w'’-]+){0,5}?\W{money}", 1.3, subject="into in patient to owner"),
        Trigger("investors_promised", r"(?:investors|backers|shareholders)(?:\W[\w'’-]+){0,3}?\W(?:promised|pledged|committed|offered)(?:\W[\w'’-]+){0,3}?\W{money}", 1.2, subject="patient owner to agent"),
        Trigger("handed", r"(?:hand|hands|handed|giv(?:e|es)|gave) {org} {money}", 1.35, subject="within"),
        Trigger("borrowed", r"{money}(?:[ -][\w-]+){0,2}?[ -](?:loans?|credit (?:line|facility)|bonds?|debt (?:deal|package|sale))|borrow(?:s|ed|ing)? (?:\w+ ){0,2}?{money}", 1.2, subject="agent owner by for"),
        Trigger("investors_gave", r"{money}\W(?:[\w'’-]+\W){0,6}?(?:investors|backers|venture capitalists)(?:\W[\w'’-]+){0,4}?\W(?:put|paid|poured|pumped|ploughed|handed)", 1.2, subject="into owner in patient to"),
        Trigger("came", r"{money}(?:\W[\w'’-]+){0,3}?\W(?:arrived at|came to|reached|flowed to|landed at|went to)\W(?:[\w'’-]+\W){0,4}?{org}[^.;]{0,60}(?:investors|led by|fund|from)", 1.3, subject="at to patient"),
        Trigger("came", r"{money} (?:has |have |had )?(?:flowed|streamed|flows|rolled|come|came) (?:to {org}|in\b)", 1.2, subject="at to patient owner"),
        Trigger("to_its_name", r"{money} (?:more )?(?:to its name|in its pocket|in the bank|behind it)", 1.2, subject="agent owner"),
        Trigger("after_more", r"(?<!\w)(?:be|is|are|was) (?:\w+ ){0,3}?after (?:a further |an extra |a fresh |as much as )?{money}", 1.0, subject="agent patient"),
        Trigger("raise", r"{money} (?:\w+ )?raise(?!\w)", 1.3, subject="agent owner for by before"),
        Trigger("took_in", r"(?:could|may|might|should|is to|would) bring in", 0.85, subject="patient owner"),
        Trigger("took_in", _PULL, 0.72, subject="agent owner"),
        Trigger("took_in", rf"{_PULL}\W(?:[\w'’-]+\W){{0,2}}?{{money}}", 1.0, subject="agent owner", context=r"valu|round|backers|investors|series [a-z]|worth|venture|stake|led by|group of"),
        Trigger("took_in", r"(?:took|taken|takes|taking|picked|brought|pulled)(?: (?:in|up))? {money} from", 1.1, subject="agent owner"),
        Trigger("got", r"(?<!\w)(?:landed|lands|closes|closed|closing) (?:an? )?{money}", 1.0, subject="agent owner"),
        Trigger("round", words(r"(?:\w+[- ])?(?<!the )rounds?(?! of (?:layoffs|cuts|talks))", r"series [A-Z]\b", r"seed(?: money| funding| capital)?", r"fundrais\w+", r"fund-rais\w+", r"(?:equity|debt|bridge|venture|fresh|new|private|total|mega)[- ](?:funding|capital|financing|finance|money|investment|cash)", r"venture (?:capital|capitalists)", r"financing", r"funding", r"capital raise", r"capital raising", r"convertible (?:notes?|bonds?)", r"debt and equity", r"in (?:debt|equity|venture debt|bonds?|loans?)"), 0.95, subject="owner of for patient agent at"),
        Trigger("in_funding", r"{money}(?: \w+){0,3}? (?:in|of) (?:\w+[ -]){0,3}?(?:funding|capital(?! (?:spending|expenditure|outlay|project|cost))|financing|seed|equity|debt|venture money|investment|fresh (?:money|cash|capital)|backing)", 1.25, subject="agent owner for by of before"),
        Trigger("listing", words(r"IPO", r"initial public offering", r"flotation", r"share sale", r"stock sale", r"share offering", r"offering", r"listing", r"net proceeds", r"proceeds", r"cornerstone investors", r"placement", r"bond sale", r"bonds?"), 0.85, subject="agent owner of by from"),
        Trigger("went_into", r"{money}\W(?:went|flowed|poured|has gone|have gone|has been put|were put|was put|been poured|streamed) into (?!training|building|making|developing|fine-tuning|tuning|creating)(?:[\w'’-]+ ){0,4}?(?:{org}|start-?ups?)", 1.4, subject="into"),
        Trigger("investors", words(r"(?<!accredited )(?<!retail )investors", r"backers", r"(?:led|backed|joined|headed) by", r"venture capitalists", r"from {org}", r"lining up", r"talking to {org}"), 0.55, subject="agent owner patient before"),
        Trigger("listing", rf"(?:IPO|initial public offering|flotation|float|listing|share sale|stock sale|offering|market debut|placement|sale of (?:new )?shares|bond sale)(?![\w-])(?:\W[\w'’-]+){{0,6}}?\W{forms('raise fetch net/netted haul yield draw/drew/drawn garner attract generate make/made earn reap collect pull bring/brought take/took')} (?:in )?{{money}}", 1.7, subject="owner agent of by"),
        Trigger("listing", r"(?:sold|sells?|selling|issu(?:e|es|ed|ing)) (?:its |their |new |some )?shares on (?:[\w'’-]+ ){1,3}?(?:board|exchange|bourse|market)", 1.0, subject="agent owner"),
        Trigger("that_is_what", rf"{{money}}\W+(?:so|that|this)(?: much)?(?: is what| is how much| did| does|,)*\W(?:[\w'’-]+\W){{0,3}}?{forms('raise collect gather haul drum')}(?: (?:in|up))?(?![\w-])", 1.0, subject="agent"),
        Trigger("that_is_what", rf"{{money}}\W+(?:so|that|this)(?: much)?(?: is what| is how much| did| does|,)*\W(?:[\w'’-]+\W){{0,3}}?{forms('net/netted pull bring/brought take/took/taken')}(?: in)?(?![\w-])", 1.0, subject="agent", context=r"IPO|listing|float\w*|Nasdaq|exchange|bourse|offering|shares|round|investors|backers"),
        Trigger("worth", r"(?:rounds?|series [a-z]|financing|funding|raise|offering|placement|share sale|IPO|capital increase) (?:worth|of|totall?ing) (?:a |some )?{money}", 1.3, subject="agent owner of by before"),
        Trigger("bring_in", rf"{forms('hope plan aim want seek/sought try intend expect mean/meant')} to (?:bring in|take in|pull in|drum up|fetch|collect|rake in|scoop|scrape together|sell) {{money}}", 1.35, subject="agent", context=r"IPO|listing|float\w*|Nasdaq|exchange|bourse|public offering|shares|stock market|round|investors|backers|go(?:ing)? public"),
        Trigger("coffers", words(r"coffers", r"purse", r"kitty", r"(?:fresh|new) (?:money|cash|capital|funds)", r"cash (?:injection|infusion)", r"capital injection", r"flush with", r"topped up", r"bankrolled by"), 0.95, subject="owner agent patient"),
        Trigger("got_hold", r"(?:got|get|gets|laid|lay|getting|laying) (?:hold of|(?:its |their )?hands on) {money}|bank(?:ed|s) {money}", 1.2, subject="agent"),
        Trigger("latest", r"(?:after|with|on|from|in) (?:its |the |a )?(?:latest|fresh|new|further|another) {money}", 1.1, subject="patient agent before"),
        Trigger("more", r"{money} more(?! (?:on|in|than))", 0.7),
        Trigger("courting", words(r"courting", r"approach(?:ed|ing)", r"sounding out", r"tapping", r"tapped", r"in the market for", r"looking for", r"seek(?:s|ing)?", r"sought"), 0.75, subject="agent", context=r"investor|SoftBank|invest|round|fund|valu|rais|backers|start-?up|{org}[^.]{0,40}{money}"),
        Trigger("talks", r"(?:talks?|talking|discussions)(?: (?:to|with) (?:[\w'’-]+ ){1,5}?)?(?: ?about| over| for) {money}", 1.0),
        Trigger("at_valuation", r"{money}\W(?:\w+\W){0,4}?at (?:an? |its )?(?:{money}|valuation)", 0.9, subject="agent owner patient before"),
        Trigger("vehicle", r"{money} (?:special[- ]purpose )?vehicle", 0.8, subject="for agent"),
        Trigger("from_investors", r"{money}\W(?:[\w'’-]+\W){0,4}?(?:from|by) (?:[\w'’-]+ ){0,3}?(?:investors|backers|venture capitalists|shareholders)", 1.05),
        Trigger("commitments", r"commitments of {money}", 1.15, subject="owner agent before"),
        Trigger("commitments", words(r"(?:investor|investment|funding) commitments", r"pledged by (?:its )?investors"), 1.0, subject="owner agent"),
    ),
    subject="agent owner of patient",
    subject_types=BUSINESSES - {"other"},
    spare_types=frozenset({"person", "other", "product"}),
    fits=lambda q: q.size >= 5e4 and q.per is None,
    shuns=INVESTOR,
    hypothetical=True,
    object="from by",
    object_types=BUSINESSES,
)  # fmt: skip
